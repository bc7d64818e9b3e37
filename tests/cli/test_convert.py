"""``mapproof convert``, as a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from checker.memmap import MemoryMap, Reading, read_bytes, read_path
from tests.helpers.command import mapproof
from tests.helpers.places import DATA, ROOT

XEN = str(DATA / "maps" / "xen.txt")
LAID_OUT = str(DATA / "maps" / "runtime-map.json")


@pytest.mark.parametrize("more", [(), ("-o", "-")])
def test_bytes_go_to_standard_output_as_they_are(more: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "checker", "convert", XEN, "--to", "raw", *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
    read, again = read_path(XEN), read_bytes("-", done.stdout, reading=Reading(stride=48))
    assert isinstance(read, MemoryMap)
    assert isinstance(again, MemoryMap)
    assert again.descriptors == read.descriptors


def test_a_file_is_written_and_nothing_is_said(tmp_path: Path) -> None:
    done = mapproof("convert", XEN, "--to", "csv", "-o", str(tmp_path / "map.csv"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "map.csv").read_text().startswith("type,phys_addr,num_pages,attribute,virt_addr\n7,0x0,")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((LAID_OUT, "--to", "shell"), "M164"),
        (("/nowhere/at/all", "--to", "csv"), "M130"),
        ((str(ROOT / "README.md"), "--to", "csv"), "M101"),
        ((XEN, "--to", "csv", "-o", "/nowhere/map.csv"), "C014"),
    ],
)
def test_what_cannot_be_read_or_written_is_refused_with_a_remedy(arguments: tuple[str, ...], code: str) -> None:
    done = mapproof("convert", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"error[{code}]" in done.stderr
    assert "help: " in done.stderr


def test_nothing_is_left_of_a_file_that_could_not_be_made(tmp_path: Path) -> None:
    mapproof("convert", LAID_OUT, "--to", "shell", "-o", str(tmp_path / "map.txt"))
    assert not list(tmp_path.iterdir())


def test_a_form_that_is_not_there_is_a_wrong_command_line() -> None:
    done = mapproof("convert", XEN, "--to", "pdf")
    assert done.returncode == 2
    assert "'kernel-log', 'shell', 'json', 'csv', 'raw'" in done.stderr
