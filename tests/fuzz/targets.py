"""What is given hostile input, and what its answer must be like.

A target's ``run`` gives an input to the product and says in a word what came back: ``value``, ``diagnostic CODE`` or
``status N``. It yields between two calls of the product, each of which has its own time. Whatever it raises is a
finding; `Wrong` is raised here, for an answer that is none.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

import msgspec

from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic, Source
from checker.base.exit_status import ExitStatus
from checker.base.limits import rows
from checker.cli import main
from checker.handover import (
    EfiInfo,
    EfiSetup,
    SetupDump,
    decode_efi_info,
    decode_efi_setup,
    decode_efi_setup_without_runtime,
    decode_setup_chain,
    decode_setup_node,
    encode_efi_info,
    encode_efi_setup,
    encode_setup_node,
    read_boot_params,
    read_efi_files,
    read_part,
    read_setup_dump,
    write_boot_params,
    write_setup_dump,
)
from checker.handover.boot_params import BootParams
from checker.handover.structures import EfiSetupWithoutRuntime, SetupNode
from checker.language import Limits, format_text, load_text, syntax_only
from checker.memmap import (
    DescriptorArray,
    MemoryMap,
    decode_array,
    encode_array,
    read_bytes,
    read_path,
    read_raw_bytes,
    read_runtime_bytes,
    write_json,
)
from checker.prove import groups
from checker.report.lines import plain
from checker.report.views.diagnostics import diagnostic_lines, json_diagnostic
from checker.verify.certificate import Certificate

from . import inputs
from .bundle import arguments, split, unpack
from .corpus import ROOT

Answer = Generator[None, None, str]

SEARCH = (ROOT / "spec",)
DEEPEST = Limits(**{row.name: row.most for row in rows(Limits) if row.name in ("depth", "nesting")})
"""As deep as a user can allow."""

SECONDS = 1.0
"""What `verify` is told that checks under the same assumptions may take (``--timeout``)."""

MOST_GROUPS = 12
"""Programs with more groups of checks are not proved: each may take its time, so that one input might take minutes."""

MOST_IN_ONE = 2
"""The same where the command is a process of its own, whose time cannot be told from that of its processes."""

NAMES = ("x", "runtime-map.json", "kexec1-setup_data.hex", "boot_params_efi.json", "efi-sysfs.txt", "memmap.bin")
"""Names of files, of which all but the first say what is in them."""


class Wrong(Exception):
    """The product answered, but not as it must."""


@dataclass(frozen=True)
class Target:
    """Something that takes input. ``share`` is its part of the time, beside others; a process that it starts may take
    ``seconds`` of CPU time, one call in its own process as much as the watch allows."""

    name: str
    make: Callable[[Random], bytes]
    run: Callable[[bytes, Path], Answer]
    share: float = 1.0
    seconds: float = 2.0


def _kind(answer: object) -> str:
    """What an answer is; a diagnostic must have a remedy, a place in its text, and be fit to print."""
    if not isinstance(answer, Diagnostic):
        return "value"
    if not answer.message.isprintable() or not answer.message or not answer.help:
        raise Wrong(f"no message that can be printed, or no remedy: {answer}")
    if answer.span is not None and not 0 <= answer.span.start <= answer.span.end <= len(answer.span.source.text):
        raise Wrong(f"{answer.code} points outside the text: {answer.span}")
    _printable(plain(diagnostic_lines(answer)))
    msgspec.json.encode(json_diagnostic(answer))
    return f"diagnostic {answer.code}"


def _printable(text: str, but: str = "") -> None:
    """Raise `Wrong` if a text could steer a terminal, other than by what is in ``but``."""
    for character in text:
        if not character.isprintable() and character not in "\n " + but:
            raise Wrong(f"{character!r} is written to the terminal")


def _same(what: str, left: object, right: object) -> None:
    if left != right:
        raise Wrong(what)


# --- language ---------------------------------------------------------------------------------------------------------


def parse(data: bytes, _: Path) -> Answer:
    """Text to tree."""
    yield
    return _kind(syntax_only("main.layout", data))


def format_(data: bytes, _: Path) -> Answer:
    """What parses is formatted, to a text with the same tree and comments that formatting does not change."""
    yield
    once = format_text("main.layout", data)
    if isinstance(once, Diagnostic):
        return _kind(once)
    yield
    _same("formatting again changes the text", once, format_text("main.layout", once.encode()))
    yield
    before = syntax_only("main.layout", data)
    yield
    after = syntax_only("main.layout", once.encode())
    assert not isinstance(before, Diagnostic) and not isinstance(after, Diagnostic)
    _same("formatting changes the program", before, after)
    _same("formatting changes comments", [c.text for c in before.comments], [c.text for c in after.comments])
    return "value"


def load(data: bytes, folder: Path) -> Answer:
    """Text to typed program, with the modules that it uses; what is a program can be formatted. What is nested too deep
    is tried again with the limits as high as a user can raise them."""
    files = split(data)
    unpack(files, folder)
    yield
    program = load_text("main.layout", files[""], (folder, *SEARCH))
    if isinstance(program, Diagnostic) and program.code == LayoutCode.TOO_DEEP:
        _kind(program)
        yield
        program = load_text("main.layout", files[""], (folder, *SEARCH), DEEPEST)
        _kind(format_text("main.layout", files[""], DEEPEST))
    if isinstance(program, Diagnostic):
        if program.span is None:
            raise Wrong(f"{program.code} has no place")
        return _kind(program)
    for scenario in program.scenarios:
        groups(scenario)
    yield
    formatted = format_text("main.layout", files[""], DEEPEST)
    if isinstance(formatted, Diagnostic) and formatted.code != LayoutCode.FILE_TOO_LARGE:
        raise Wrong(f"a program cannot be formatted: {formatted}")
    return "value"


# --- readers ----------------------------------------------------------------------------------------------------------


def memory_map(data: bytes, _: Path) -> Answer:
    """Every textual format; what is read is written as JSON, and read again."""
    yield
    answer = read_bytes("map", data)
    kind = _kind(answer)
    yield
    _kind(read_runtime_bytes("map", data))
    if isinstance(answer, MemoryMap):
        yield
        again = read_bytes("map", write_json(answer).encode())
        _same("a map changes when it is written", answer.descriptors, getattr(again, "descriptors", None))
    return kind


def sysfs(data: bytes, folder: Path) -> Answer:
    """A copy of the tree of the runtime map."""
    unpack(split(data), folder)
    yield
    return _kind(read_path(str(folder)))


def raw(data: bytes, _: Path) -> Answer:
    """Raw structures at every stride, offset and address; what is decoded encodes to the same bytes."""
    kinds = []
    for stride in (40, 48, 56, 64, *inputs.EDGES, -8):
        yield
        array = decode_array(data, stride=stride)
        kinds.append(_kind(array))
        _kind(read_raw_bytes("array", data, stride=stride))
        if isinstance(array, DescriptorArray):
            _same("an array changes when it is encoded", data, encode_array(array))
    yield
    for length in (32, 88, 96, len(data)):
        for decoded in (
            decode_efi_info(data[:length]),
            decode_efi_setup(data[:length]),
            decode_efi_setup_without_runtime(data[:length]),
        ):
            _kind(decoded)
            match decoded:
                case EfiInfo():
                    _same("efi_info changes when it is encoded", data[:length], encode_efi_info(decoded))
                case EfiSetup() | EfiSetupWithoutRuntime():
                    _same("efi_setup_data changes when it is encoded", data[:length], encode_efi_setup(decoded))
    for address in inputs.EDGES:
        yield
        node = decode_setup_node(data, address)
        _kind(node)
        if isinstance(node, SetupNode):
            made = encode_setup_node(node)
            assert isinstance(made, bytes)
            _same("an entry changes when it is encoded", data[address : address + len(made)], made)
        for base in inputs.EDGES:
            _kind(decode_setup_chain(data, base=base, first=address))
    return "value" if "value" in kinds else kinds[0]


def boot_params(data: bytes, _: Path) -> Answer:
    """The EFI part of the boot parameters."""
    source = Source("boot_params", data.decode("utf-8", "replace"))
    yield
    read = read_boot_params(source)
    if isinstance(read, BootParams):
        text = write_boot_params(read)
        assert isinstance(text, str)
        _same("boot parameters change when they are written", read, read_boot_params(Source("again", text)))
    return _kind(read)


def setup_data(data: bytes, _: Path) -> Answer:
    """`setup_data` entries."""
    source = Source("setup_data", data.decode("utf-8", "replace"))
    yield
    read = read_setup_dump(source)
    if isinstance(read, SetupDump):
        yield
        text = write_setup_dump(read.entries)
        _same("setup_data changes when it is written", read, read_setup_dump(Source("again", text)))
    return _kind(read)


def efi_files(data: bytes, _: Path) -> Answer:
    """The files of /sys/firmware/efi."""
    source = Source("efi", data.decode("utf-8", "replace"))
    yield
    return _kind(read_efi_files(source))


def part(data: bytes, folder: Path) -> Answer:
    """Any part of a hand-over, under names that say what it is, rightly or wrongly, and one that does not."""
    kinds = []
    for name in NAMES:
        (folder / name).write_bytes(data)
        yield
        kinds.append(_kind(read_part(str(folder / name))))
    return kinds[0]


# --- commands ---------------------------------------------------------------------------------------------------------

_BRIEFLY = ("--timeout", f"{SECONDS}", "--jobs", "1")
_NO_STATUS = re.compile(r"its process (?:was ended by|left with) [\w ]+")
_ERROR = re.compile(r"(\w+): [^\n]*\((\S+), line \d+\)")


def check(data: bytes, folder: Path) -> Answer:
    """``mapproof check``."""
    files = split(data)
    unpack(files, folder)
    yield
    return _command(["check", *arguments(files)], folder, files.get("map", files[""]))


def run(data: bytes, folder: Path) -> Answer:
    """``mapproof run``."""
    files = split(data)
    unpack(files, folder)
    yield
    return _command(["run", *arguments(files)], folder, files.get("map", b""))


def where(data: bytes, folder: Path) -> Answer:
    """``mapproof where``."""
    files = split(data)
    unpack(files, folder)
    yield
    return _command(["where", *arguments(files)], folder, files.get("map", b""))


def show(data: bytes, folder: Path) -> Answer:
    """``mapproof show``."""
    files = split(data)
    unpack(files, folder)
    yield
    return _command(["show", *arguments(files)], folder, files.get("map", b""))


def replay(data: bytes, folder: Path) -> Answer:
    """``mapproof replay``."""
    files = split(data)
    unpack(files, folder)
    yield
    return _command(["replay", *arguments(files)], folder, files[""])


def fmt(data: bytes, folder: Path) -> Answer:
    """``mapproof fmt``, and once more on what it wrote."""
    files = split(data)
    unpack(files, folder)
    yield
    answer = _command(["fmt", *arguments(files)], folder, files[""])
    yield
    _command(["fmt", *arguments(files)], folder, files[""])
    return answer


def verify(data: bytes, folder: Path) -> Answer:
    """``mapproof verify``, with little effort."""
    files = split(data)
    if "main.layout" not in files:
        files["main.layout"] = files[""]
    unpack(files, folder)
    if not _is_affordable(files, folder, MOST_GROUPS):
        yield
        return "too many checks"
    yield
    return _command(_verify(arguments(files)), folder, b"")


def recheck(data: bytes, folder: Path) -> Answer:
    """``mapproof recheck``, of a certificate as it is and as who sends it would seal it."""
    files = split(data)
    unpack(files, folder)
    line = ["recheck", *arguments(files), *_BRIEFLY, "c.json"]
    yield
    answer = _command(line, folder, b"")
    with suppress(msgspec.DecodeError, FileNotFoundError, IsADirectoryError, RecursionError, UnicodeDecodeError):
        claimed = msgspec.json.decode((folder / "c.json").read_bytes(), type=Certificate)
        (folder / "c.json").write_bytes(msgspec.json.encode(claimed.sealed()))
        yield
        answer = _command(line, folder, b"")
    return answer


def process(data: bytes, folder: Path) -> Answer:
    """Any command, in a process of its own."""
    files = split(data)
    if "main.layout" not in files:
        files["main.layout"] = files[""]
    unpack(files, folder)
    name, *words = arguments(files) or ["models"]
    if name == "recheck":
        words += [*_BRIEFLY, "c.json"]
    if name == "verify":
        if not _is_affordable(files, folder, MOST_IN_ONE):
            yield
            return "too many checks"
        words = _verify(words)[1:]
    yield
    where = {"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", ""), "MAPPROOF_CACHE": "none"}
    line = [sys.executable, "-m", "checker", name, *words]
    with _streams(folder) as (out, err):
        started = subprocess.Popen(line, cwd=folder, env=where, stdin=subprocess.PIPE, stdout=out, stderr=err)
        resource.prlimit(started.pid, resource.RLIMIT_CPU, (5, 5))
        started.communicate(files[""])
        return _judged(started.returncode, line, _text(out), _text(err))


def _is_affordable(files: dict[str, bytes], folder: Path, most: int) -> bool:
    program = load_text("main.layout", files["main.layout"], (folder, *SEARCH))
    return isinstance(program, Diagnostic) or sum(len(groups(each)) for each in program.scenarios) <= most


def _verify(words: list[str]) -> list[str]:
    effort = [] if "--effort" in words else ["--effort", "1"]
    return ["verify", *words, *effort, *_BRIEFLY, "main.layout"]


def _command(line: list[str], folder: Path, data: bytes) -> str:
    """Run the command in this process, as it is run by its script."""
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr, os.getcwd()
    with _streams(folder) as (out, err):
        os.chdir(folder)
        sys.argv = ["mapproof", *line]
        sys.stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
        sys.stdout = open(os.dup(out.fileno()), "w", encoding="utf-8")  # noqa: SIM115
        sys.stderr = open(os.dup(err.fileno()), "w", encoding="utf-8")  # noqa: SIM115
        try:
            main()
        except SystemExit as left:
            status = left.code
        finally:
            sys.stdout.close()
            sys.stderr.close()
            sys.argv, sys.stdin, sys.stdout, sys.stderr = before[:4]
            os.chdir(before[4])
        return _judged(status, line, _text(out), _text(err))


@contextmanager
def _streams(folder: Path) -> Iterator[tuple[io.BufferedRandom, io.BufferedRandom]]:
    """Files for what a command writes, beside the folder that it runs in."""
    with tempfile.TemporaryFile(dir=folder.parent) as out, tempfile.TemporaryFile(dir=folder.parent) as err:
        yield out, err


def _text(file: io.BufferedRandom) -> str:
    file.seek(0)
    return file.read().decode("utf-8")


def _judged(status: object, line: list[str], out: str, err: str) -> str:
    """What a command answered, if it answered as it must."""
    if "Traceback (most recent call last)" in out + err:
        raise Wrong(f"a traceback: {err[-2000:]}")
    died = _NO_STATUS.search(out)
    if died is not None:
        raise Wrong(died[0])
    if status not in (ExitStatus.AS_EXPECTED, ExitStatus.NOT_AS_EXPECTED, ExitStatus.WRONG_INPUT, ExitStatus.UNDECIDED):
        error = _ERROR.search(out)
        raise Wrong(" in ".join(error.groups()) if error else f"status {status}: {err[-300:]}")
    # What the user wrote on the command line may come back as it is; `fmt` writes the file.
    _printable(err if "fmt" in line else out + err, "".join(line))
    if out and ("--format", "json") in pairwise(line) and "--help" not in line:
        _same("the status in the report is another", status, json.loads(out).get("exit_status", status))
    return f"status {status:d}"


TARGETS = (
    Target("parse", inputs.layout, parse),
    Target("format", inputs.layout, format_),
    Target("load", inputs.modules, load, share=2),
    Target("map", inputs.memory_map, memory_map, share=2),
    Target("sysfs", inputs.sysfs, sysfs, share=0.5),
    Target("raw", inputs.raw, raw, share=0.5),
    Target("boot-params", inputs.boot_params, boot_params, share=0.5),
    Target("setup-data", inputs.setup_data, setup_data, share=0.5),
    Target("efi-files", inputs.efi_files, efi_files, share=0.5),
    Target("part", inputs.part, part),
    Target("check", inputs.check, check),
    Target("inspect", inputs.inspect, check),
    Target("where", inputs.where, where),
    Target("run", inputs.run, run),
    Target("show", inputs.show, show),
    Target("replay", inputs.replay, replay, share=0.5),
    Target("fmt", inputs.fmt, fmt, share=0.5),
    Target("verify", inputs.verify, verify, share=6, seconds=SECONDS + 1),
    Target("recheck", inputs.recheck, recheck, share=3, seconds=SECONDS + 1),
    Target("process", inputs.process, process, share=2, seconds=SECONDS + 3),
)
"""All targets."""
