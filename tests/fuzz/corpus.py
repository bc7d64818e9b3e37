"""Real texts to begin with: those of this repository and, where they are, those kept beside it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.helpers.places import ROOT

DATA = ROOT / "tests" / "data"
SHARED = ROOT.parent / "shared"
REGRESSIONS = DATA / "fuzz-regressions"

_FENCED = re.compile(r"^```layout\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PARTS = ("runtime-map.json", "boot_params_efi.json", "setup_data.hex", "efi-sysfs.txt")


def _contents(paths: Iterable[Path]) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(set(paths)) if path.is_file())


@cache
def layouts() -> tuple[str, ...]:
    """Programs: shipped, of the tests, and the examples of the reference."""
    folders = (ROOT / "spec", ROOT / "models", DATA, ROOT / "tests" / "report")
    texts = [data.decode("utf-8", "replace") for folder in folders for data in _contents(folder.rglob("*.layout"))]
    return (*texts, *_FENCED.findall((ROOT / "spec" / "language.md").read_text(encoding="utf-8")))


@cache
def models() -> tuple[str, ...]:
    """The shipped programs, and those of the tests whose verdicts are known: what can be proved or refuted."""
    folders = (ROOT / "models", DATA / "fooling", DATA / "fooling-runs", ROOT / "tests" / "report")
    return tuple(data.decode() for folder in folders for data in _contents(folder.rglob("*.layout")))


@cache
def common() -> dict[str, bytes]:
    """The file that some of the tests' programs use."""
    return {"common.layout": (DATA / "fooling-runs" / "common.layout").read_bytes()}


@cache
def certificates() -> tuple[dict[str, bytes], ...]:
    """Programs with their certificates, made by this checker."""
    found = []
    for name in ("fooling/choose-per-region", "fooling/total-with-filter", "fooling-runs/order-in-a-chain"):
        text = (DATA / f"{name}.layout").read_bytes()
        with TemporaryDirectory() as folder:
            for path, data in {"main.layout": text, **common()}.items():
                (Path(folder) / path).write_bytes(data)
            line = (sys.executable, "-m", "checker", "verify", "main.layout", "--certificate", "c.json")
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            subprocess.run(line, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=False)
            found.append({path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())})
    return tuple(found)


@cache
def reports() -> tuple[bytes, ...]:
    """What commands write as JSON and can be drawn, and what cannot."""
    log = str(DATA / "maps" / "linux-x86-type.txt")
    lines = (
        ("run", "linux-x86-reversed", log),
        ("verify", "kexec-hazards:another_window"),
        ("diff", "linux-x86-forward", "linux-x86-reversed"),
        ("compare", log, str(DATA / "maps" / "linux-x86-flags-closed.txt")),
        ("models",),
    )
    return tuple(_said(*line, "--format", "json") for line in lines)


@cache
def counterexamples() -> tuple[bytes, ...]:
    """Files of counterexamples, with choices, values that are given, two maps, and maps of other records: scenarios
    in which most is refuted, since proofs take their time and leave no file."""
    scenarios = {
        "kexec-hazards": ("another_window", "cut_off", "as_many_as_fit", "strides"),
        "rederive": ("emptied_regions", "freed_regions", "reserved_regions"),
        "linux-x86-forward": ("boot_services",),
    }
    words = (f"{model}:{name}" for model in scenarios for name in scenarios[model])
    with TemporaryDirectory() as folder:
        _said("verify", *words, "--counterexamples", folder)
        return tuple(path.read_bytes() for path in sorted(Path(folder).iterdir()))


def _said(*words: str) -> bytes:
    line = (sys.executable, "-m", "checker", *words)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout


@cache
def maps() -> tuple[bytes, ...]:
    """Memory maps in every format, and logs with such in them."""
    folders = (DATA / "maps", DATA / "broken-maps", SHARED / "corpus")
    found = [path for folder in folders for path in folder.glob("*") if path.name != "index.json"]
    return _contents([*found, *(SHARED / "captures").glob("*/dmesg-efi.txt"), *_captured("runtime-map.json")])


@cache
def parts(name: str) -> tuple[bytes, ...]:
    """The files of a name in the captures of hand-overs."""
    return _contents(_captured(name))


@cache
def captures() -> tuple[dict[str, bytes], ...]:
    """Captures of hand-overs: the files that are read of each, by name."""
    folders = sorted([*(DATA / "handover" / "captures").iterdir(), *(SHARED / "captures").glob("*/")])
    found = [{p.name: p.read_bytes() for p in sorted(each.iterdir()) if p.name.endswith(_PARTS)} for each in folders]
    return tuple(files for files in found if any(name.startswith("kexec") for name in files))


def _captured(name: str) -> list[Path]:
    return [*(DATA / "handover" / "captures").glob(f"*/*{name}"), *(SHARED / "captures").glob(f"*/*{name}")]
