"""What is in the wheel and in the source distribution, and that an installed checker works far from its sources."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.helpers.places import ROOT

pytestmark = pytest.mark.slow

SHIPPED = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("spec", "models", "docs/codes", "tests/data/maps")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".layout", ".md", ".txt", ".csv", ".json", ".toml"}
)
PAGE = tuple(f"report/pictures/{name}" for name in ("page.css", "page.js", "picture.css"))
BESIDE_CODE = ("language/syntax/grammar.lark", "py.typed", *PAGE)

if find_spec("hatchling") is None and not os.environ.get("CI"):
    pytest.skip("hatchling is not installed: pip install '.[test]'", allow_module_level=True)


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pip_wheel(source: Path, to: Path) -> Path:
    """The wheel of a source tree, made with the build backend that is installed: nothing is downloaded."""
    how = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    run(sys.executable, *how, "--wheel-dir", to, source, cwd=to)
    (found,) = to.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pip_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tarfile.TarFile]:
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (found,) = folder.glob("*.tar.gz")
    with tarfile.open(found) as archive:
        yield archive


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_string(archive.read(name).decode())


def test_the_wheel_holds_the_package_and_what_is_shipped_with_it(wheel: Path) -> None:
    expected = {path.relative_to(ROOT).as_posix() for path in (ROOT / "checker").rglob("*.py")}
    expected |= {f"checker/{name}" for name in BESIDE_CODE}
    expected |= {f"checker/shipped/{name}" for name in SHIPPED}
    assert any(name.startswith("models/proposals/") for name in SHIPPED)
    rest = {name for name in contents(wheel) if ".dist-info/" not in name}
    assert expected == rest


def test_the_metadata_is_complete(wheel: Path) -> None:
    about = metadata(wheel)
    assert about["Name"] == "mapproof"
    assert about["License-Expression"] == "Apache-2.0"
    assert about["License-File"] == "LICENSE"
    assert about["Requires-Python"] == ">=3.11"
    assert about["Summary"]
    assert about["Keywords"]
    assert "Typing :: Typed" in about.get_all("Classifier", [])
    assert about["Description-Content-Type"] == "text/markdown"
    assert {"test", "dev"} <= set(about.get_all("Provides-Extra", []))


FOR_SERVICES = {".github/actions/verify/action.yml", ".pre-commit-hooks.yaml"}
"""Hidden files that services look for, and tests carry out."""


def test_the_source_distribution_can_be_built_and_tested(sdist: tarfile.TarFile, wheel: Path, tmp_path: Path) -> None:
    names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"LICENSE", "README.md", "pyproject.toml", "tests/test_packaging.py", *SHIPPED} <= names
    assert not {name for name in names if "__pycache__" in name}
    assert {name for name in names if name.startswith(".")} - {".gitignore"} == FOR_SERVICES
    sdist.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    built = tmp_path / "built"
    built.mkdir()
    assert contents(wheel) == contents(pip_wheel(unpacked, built))


def test_an_installed_checker_verifies_a_shipped_model_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel),
        cwd=tmp_path,
    )
    # What the checker rests on is taken from the environment of the tests: only our own files are in question.
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip()
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site, "dependencies.pth").write_text("\n".join(sorted(paths)) + "\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(python, "-c", "import checker; print(checker.__file__)", cwd=empty).startswith(str(home))
    text = run(home / "bin" / "mapproof", "verify", "linux-x86-reversed", "--property", "congruent", cwd=empty)
    assert re.match(r"models/linux-x86-reversed\.layout: any_map\n  proved +congruent\(first\) ", text)
    assert "1 check: 1 proved; all as expected" in text
    assert not list(empty.iterdir())
