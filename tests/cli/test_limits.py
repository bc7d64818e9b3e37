"""Limits as a user of the command line meets them: the tables of the reference, the option, the hostile inputs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checker import language, memmap, prove
from checker.base.limits import CommandLimits, LimitRow, rows
from tests.helpers.command import HARD, MAP, ROOT, mapproof, program

TABLES = (language.Limits, memmap.Limits, CommandLimits, prove.Limits)
REFERENCE = (ROOT / "spec" / "language.md").read_text(encoding="utf-8")


def test_the_tables_of_the_reference_are_those_of_the_code() -> None:
    section = REFERENCE.partition("\n## Limits\n")[2].partition("\n## ")[0]
    written = re.findall(r"^\| `([a-z-]+)` \| (\d+) \| (.+) \| `(.+)` \|$", section, flags=re.MULTILINE)
    assert written == [
        (row.name, str(row.value), row.of, row.code or "unknown") for table in TABLES for row in rows(table)
    ]


def test_no_two_limits_have_one_name() -> None:
    names = [row.name for table in TABLES for row in rows(table)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("row", [row for table in TABLES for row in rows(table)], ids=lambda row: row.name)
def test_a_limit_says_what_helps(row: LimitRow) -> None:
    assert row.of
    assert bool(row.remedy) == bool(row.code)
    assert row.value <= row.most


@pytest.mark.parametrize("command", ["verify", "run", "check", "fmt", "recheck"])
def test_the_help_says_where_the_limits_are_listed(command: str) -> None:
    text = " ".join(mapproof(command, "--help").stdout.split())
    assert "--limit NAME=VALUE" in text
    assert 'spec/language.md, "Limits"' in text


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("verify", "--limit", "checks"), "write --limit NAME=VALUE"),
        (("verify", "--limit", "chekcs=4"), "there is no limit `chekcs` here; there is checks"),
        (("fmt", "--limit", "programs=4", "x"), "there is no limit `programs` here"),
        (("verify", "--limit", "checks=0"), "a number from 1 to"),
        (("verify", "--limit", "checks=-1"), "a number from 1 to"),
        (("verify", "--limit", "checks=1e3"), "a number from 1 to"),
        (("verify", "--limit", f"checks={'9' * 10_000}"), "a number from 1 to"),
        (("verify", "--limit", "depth=100000"), "a number from 1 to 400"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(arguments: tuple[str, ...], complaint: str) -> None:
    done = mapproof(*arguments)
    assert done.returncode == 2
    assert complaint in " ".join(done.stderr.split())


def test_a_program_beyond_a_limit_is_refused_and_the_option_lifts_it(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program("check low(shelf), low(shelf)"))
    refused = mapproof("verify", "cells.layout", "--limit", "checks=1", cwd=tmp_path)
    assert refused.returncode == 2
    assert "error[L007]: more than 1 checks in a program" in refused.stderr
    assert "--limit checks=N" in refused.stderr
    assert mapproof("verify", "cells.layout", "--limit", "checks=2", cwd=tmp_path).returncode == 0


def test_the_formatter_has_limits_too(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text("const A: u64 = 1\n")
    refused = mapproof("fmt", "--check", "cells.layout", "--limit", "tokens=5", cwd=tmp_path)
    assert refused.returncode == 2
    assert "--limit tokens=N" in refused.stderr
    assert mapproof("fmt", "--check", "cells.layout", "--limit", "tokens=6", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(("limit", "enough"), [("programs", 3), ("entries", 4), ("size", 1_000)])
def test_what_one_command_reads_is_limited(limit: str, enough: int, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("one", "two", "folder/three"):
        (tmp_path / f"{name}.layout").write_text(program("check low(shelf)"))
    refused = mapproof("verify", ".", "--limit", f"{limit}={enough - 1 if enough < 5 else 300}", cwd=tmp_path)
    assert refused.returncode == 2
    assert "error[C013]: more than" in refused.stderr
    assert f"--limit {limit}=N" in refused.stderr
    assert mapproof("verify", ".", "--limit", f"{limit}={enough}", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("limit", ["map-bytes", "values", "steps", "layout-bytes"])
def test_laying_out_has_limits_of_the_map_and_of_the_program(limit: str) -> None:
    refused = mapproof("run", "linux-x86-reversed", "-", "--limit", f"{limit}=5", stdin=MAP)
    assert refused.returncode == 2
    assert f"--limit {limit}=N" in refused.stderr
    assert mapproof("run", "linux-x86-reversed", "-", "--limit", f"{limit}=99999", stdin=MAP).returncode == 0


@pytest.mark.parametrize("limit", ["map-bytes", "compared"])
def test_checking_a_hand_over_has_limits_of_the_maps(limit: str, tmp_path: Path) -> None:
    for name in ("runtime-map", "kexec1-runtime-map"):
        region = '{"type": 5, "phys_addr": "0x8000", "num_pages": 1, "attribute": "0x800000000000000f"}'
        (tmp_path / f"{name}.json").write_text(MAP.replace("}]", "}, " + region + "]"))
    refused = mapproof("check", "--handover", ".", "--limit", f"{limit}=1", cwd=tmp_path)
    assert refused.returncode == 2
    assert f"--limit {limit}=N" in refused.stderr
    assert "restored" in mapproof("check", "--handover", ".", "--limit", f"{limit}=1000", cwd=tmp_path).stdout


DEEP = "".join(f"def f{i}(x: u64): u64 = {f'f{i - 1}(x) +% 1' if i else 'x'}\n" for i in range(190)) + program(
    "check low(shelf)"
).replace(
    "place cell at 4K", f"let y = f189(1) {'if cell.base > 4K {' * 385} let x = f189(1) place cell at 4K {'}' * 385}"
)
"""As deep as `--limit` can allow: blocks, and below them functions that call each other."""


@pytest.mark.slow
def test_what_is_as_deep_as_can_be_allowed_does_not_crash(tmp_path: Path) -> None:
    (tmp_path / "deep.layout").write_text(DEEP)
    refused = mapproof("verify", "deep.layout", cwd=tmp_path)
    assert refused.returncode == 2
    assert "error[L006]" in refused.stderr
    raised = ("--limit", "depth=400", "--limit", "nesting=400")
    assert "1 proved; all as expected" in mapproof("verify", "deep.layout", *raised, cwd=tmp_path).stdout
    assert mapproof("fmt", "deep.layout", *raised, cwd=tmp_path).stdout == "formatted deep.layout\n"


@pytest.mark.parametrize("command", [("verify",), ("fmt", "--check"), ("run", "linux-x86-reversed")])
def test_a_pipe_that_nobody_writes_to_is_given_up(command: tuple[str, ...], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.layout")
    hurry = "import checker.base.files as r; r._PATIENCE = 0.2"
    done = mapproof(*command, "pipe.layout", cwd=tmp_path, sabotage=hurry)
    assert done.returncode == 2
    assert "nothing came for 0.2 seconds" in done.stderr


def test_a_pipe_that_somebody_writes_to_is_read() -> None:
    read, write = os.pipe()
    os.write(write, program("check low(shelf)").encode())
    os.close(write)
    done = mapproof("verify", f"/proc/{os.getpid()}/fd/{read}")
    os.close(read)
    assert "all as expected" in done.stdout


def test_folders_are_walked_past_what_is_no_file_and_round_no_circle(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program("check low(shelf)"))
    (tmp_path / "zero.layout").symlink_to("/dev/zero")
    (tmp_path / "circle").symlink_to(tmp_path)
    (tmp_path / "circle.layout").symlink_to("circle.layout")
    os.mkfifo(tmp_path / "pipe.layout")
    done = mapproof("verify", ".", cwd=tmp_path)
    assert done.returncode == 0
    assert "1 check: 1 proved" in done.stdout


# --- limits that strike while a check is decided


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--timeout", "1"), "out of time: 1 s (--timeout)"),
        (("--memory", "64"), "out of memory: more than 64 MiB (--memory)"),
        (("--memory", "80"), "out of memory: more than 80 MiB (--memory)"),
        (
            ("--limit", "total-seconds=1"),
            "out of time: more than 1 seconds for all checks together (--limit total-seconds)",
        ),
    ],
)
def test_a_limit_that_strikes_while_proving_gives_unknown(
    options: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    (tmp_path / "hard.layout").write_text(HARD)
    done = mapproof("verify", "hard.layout", *options, cwd=tmp_path)
    assert done.returncode == 3
    assert f": unknown  apart(shelf)     0.00 s  expected proved\n      {reason}\n" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("limit", ["queries", "shown"])
def test_a_check_that_may_not_cost_enough_is_undecided(limit: str, tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program("check none(shelf) expect refuted"))
    done = mapproof("verify", "cells.layout", "--limit", f"{limit}=1", cwd=tmp_path)
    assert done.returncode == 3
    assert ": unknown  none(shelf)" in done.stdout
    assert f"(--limit {limit})" in done.stdout
    assert mapproof("verify", "cells.layout", "--limit", f"{limit}=100", cwd=tmp_path).returncode == 0


def test_room_for_results_that_runs_out_gives_unknown(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program("check low(shelf) check none(shelf) expect refuted"))
    verify = ("verify", "cells.layout", "--jobs", "1", "--limit")
    done = mapproof(*verify, "result-bytes=1", cwd=tmp_path)
    assert done.returncode == 3
    assert "out of room: more than 1 bytes of counterexamples, invariants and proofs" in done.stdout
    assert "(--limit result-bytes)" in done.stdout
    assert mapproof(*verify, "result-bytes=100000", cwd=tmp_path).returncode == 0


def processor_time(process: int) -> float:
    """The seconds that a process has computed; 0 if it is gone."""
    with open(f"/proc/{process}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_process_that_is_killed_in_the_middle_of_a_proof_gives_unknown(tmp_path: Path) -> None:
    (tmp_path / "hard.layout").write_text(HARD)
    command = [sys.executable, "-m", "checker", "verify", "hard.layout"]
    running = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "MAPPROOF_CACHE": "none"},
        stdout=subprocess.PIPE,
        text=True,
    )
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (found := [int(each) for each in children.read_text().split()]):
        time.sleep(0.05)
    (child,) = found
    while time.monotonic() < deadline and processor_time(child) < 0.5:
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 3
    assert ": unknown  apart(shelf)     0.00 s  expected proved\n      its process was ended by SIGKILL\n" in output
