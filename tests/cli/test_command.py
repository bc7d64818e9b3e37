"""What a user of the command line meets."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import click
import pytest

from checker.cli import cli
from tests.helpers.command import MAP, NAPKIN, ROOT, mapproof, program

COMMANDS = ("verify", "run", "check", "models", "fmt")


def without_times(text: str) -> str:
    return re.sub(r"\d+\.\d\d s", "_ s", text)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(command: str) -> None:
    done = mapproof(command, "--help")
    assert done.returncode == 0
    assert f"mapproof {command}" in done.stdout.split("Example:")[1]


def test_the_help_of_a_command_begins_with_what_it_does() -> None:
    context = click.Context(cli)
    commands = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    first = {str(command.help).split()[0] for command in commands.values() if command is not None}
    verbs = {"Answer", "Check", "Compare", "Draw", "Find", "Format", "Lay", "List", "Mutate", "Prove", "Run", "Say"}
    assert first == verbs | {"Hold", "Read", "Tell", "Write"}


def test_help_names_every_command_and_loads_no_solver() -> None:
    look = "import sys, atexit; atexit.register(lambda: print(sorted({'z3', 'lark', 'rich'} & set(sys.modules))))"
    done = mapproof("--help", sabotage=look)
    assert done.returncode == 0
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_model_that_is_named_is_told_of_with_its_file_its_origin_and_what_it_expects() -> None:
    text = mapproof("models", "linux-x86-reversed").stdout
    assert text.startswith(f"linux-x86-reversed  {ROOT / 'models' / 'linux-x86-reversed.layout'}\n")
    assert "\n  algorithm linux_x86_reversed(map)\n    Linux 4.3 and later" in text
    assert "    refuted   no_overlap(first)\n" in text


def listed(*words: str) -> dict[str, str]:
    """The models that are listed, with what is said of them."""
    *rows, last = mapproof("models", *words).stdout.splitlines()
    assert last.startswith(f"{len(rows)} model")
    return {name: " ".join(rest.split()) for name, _, rest in (row.partition(" ") for row in rows)}


def test_the_shipped_models_are_listed_in_a_table_of_machines_and_expectations() -> None:
    rows = listed()
    assert rows.keys() == {path.stem for path in (ROOT / "models").rglob("*.layout")}
    assert rows["efi-stub-flat"].startswith("Linux 6.1 and later, arm64 8 proved, 1 refuted")
    assert rows["linux-x86-mixed"].startswith("Linux 4.6 and later, x86_64, 32-bit firmware ")
    assert rows["kexec-hazards"].startswith("- ")


@pytest.mark.parametrize(
    ("model", "versions"),
    [
        ("efi-virtmap-init", "Linux 6.1 and later"),
        ("xen-init-memory", "Xen 4.15 and later"),
        ("u-boot-runtime", "U-Boot 2020.01 to 2025.01"),
        ("pages-mapped-right", "Linux 5.10 to 7.3"),
        ("coalesced", "-"),
    ],
)
def test_a_model_of_which_no_algorithm_is_for_a_machine_shows_the_versions_that_it_is_from(
    model: str, versions: str
) -> None:
    assert listed()[model].startswith(f"{versions} ")
    (told,) = json.loads(mapproof("models", model, "--format", "json").stdout)["models"]
    assert told["kernels"] == ([] if versions == "-" else [versions])


@pytest.mark.parametrize(
    ("kernel", "there", "missing"),
    [
        ("6.1 x86_64", "linux-x86-5-7", "linux-x86-4-10"),
        ("4.14 x86_64", "linux-x86-4-10", "linux-x86-5-7"),
        ("4.19 x86_64", "linux-x86-4-19", "linux-x86-4-20"),
        ("5.4 x86_64", "linux-x86-4-20", "linux-x86-5-5"),
        ("5.4 x86_64, 32-bit firmware", "linux-x86-mixed-4-19", "linux-x86-mixed-5-5"),
        ("6.1 arm64 16k", "efi-stub-packed", "efi-stub-flat"),
        ("3.2", "linux-x86-ioremap", "linux-x86-3-14"),
    ],
)
def test_models_can_be_listed_by_kernel(kernel: str, there: str, missing: str) -> None:
    rows = listed("--for", kernel)
    assert (there in rows, missing in rows) == (True, False)


def test_models_of_kernels_are_listed_first_by_version_and_what_was_broken_last() -> None:
    names = list(listed())
    kernels = [each for each in names if re.fullmatch(r"linux-x86-\d+-\d+", each)]
    assert kernels == [
        f"linux-x86-{each}" for each in ("3-14", "4-3", "4-6", "4-9", "4-10", "4-19", "4-20", "5-5", "5-7")
    ]
    bugs = [each.startswith("bug-") for each in names]
    assert bugs == sorted(bugs)
    assert names.index("linux-x86-reversed") < names.index("kexec-hazards")


def test_models_are_named_by_pattern_and_one_that_is_for_nothing_is_told() -> None:
    both = mapproof("models", "linux-x86-mixed-*").stdout
    there = {path.stem for path in (ROOT / "models").rglob("linux-x86-mixed-*.layout")}
    assert set(re.findall(r"^([\w-]+)  /", both, re.MULTILINE)) == there
    assert {"linux-x86-mixed-3-15", "linux-x86-mixed-5-7"} <= there
    assert "error[C002]" in mapproof("models", "nothing-*").stderr
    none = mapproof("models", "linux-x86-mixed", "--for", "2.4").stderr
    assert "error[C024]" in none
    assert "of Linux there is none before 2.6.39" in none
    assert "error[C006]" in mapproof("models", "--for", "yes").stderr


def test_results_do_not_depend_on_the_number_of_jobs_or_on_the_order_of_files(tmp_path: Path) -> None:
    (tmp_path / "b.layout").write_text(program("check low(shelf) check none(shelf) expect refuted"))
    (tmp_path / "a.layout").write_text(
        program("check none(shelf) expect refuted assuming never(cells) { check low(shelf) expect vacuous }")
    )
    one = mapproof("verify", "a.layout", "b.layout", "--jobs", "1", "-v", cwd=tmp_path)
    two = mapproof("verify", "b.layout", "a.layout", "b.layout", "--jobs", "3", "-v", cwd=tmp_path)
    assert one.returncode == 0
    assert without_times(one.stdout) == without_times(two.stdout)
    assert [line for line in one.stdout.splitlines() if line.endswith(": s")] == ["a.layout: s", "b.layout: s"]


def test_two_files_that_are_called_alike_stay_apart(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "linux-x86-reversed.layout").write_text(program("check low(shelf)"))
    options = ("--format", "json", "--property", "*o[wn]*")
    both = ("models", str(ROOT / "models" / "linux-x86-reversed.layout"))
    done = mapproof("verify", *both, *options, cwd=tmp_path)
    files = {result["file"] for result in json.loads(done.stdout)["results"]}
    own = str(tmp_path / "models" / "linux-x86-reversed.layout")
    assert files == {own, str(ROOT / "models" / "linux-x86-reversed.layout")}


def test_on_a_terminal_it_shows_how_far_it_is_and_colours_what_it_found() -> None:
    command = [sys.executable, "-m", "checker", "verify", NAPKIN, "--property", "ram_placed"]
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # how a terminal says that nobody is left to write to it
        while part := os.read(ours, 65536):
            shown += part
    os.close(ours)
    assert running.wait(timeout=60) == 1
    text = shown.decode()
    assert "0/1 checks" in text
    assert "napkin: ram_placed(laid)" in text
    assert "\x1b[1;31mrefuted\x1b[0m  ram_placed(laid)" in text


def test_checks_can_be_selected_by_rule_label_or_pattern() -> None:
    for wanted, checks in (("apart", 2), ("apart(laid) assuming roomy(gap)", 1), ("*_placed", 2), ("*", 4)):
        found = json.loads(mapproof("verify", NAPKIN, "--list", "--property", wanted, "--format", "json").stdout)
        assert len(found["checks"]) == checks, wanted


def test_a_region_that_two_maps_have_is_as_shown_or_absent(tmp_path: Path) -> None:
    alike = "check none(shelf) expect refuted"
    text = program(alike).replace(
        "cells: Cells let", "cells: Cells given other: Cells like cells except c: c.base > 4K let"
    )
    (tmp_path / "maps.layout").write_text(text)
    lines = mapproof("verify", "maps.layout", "-v", cwd=tmp_path).stdout.splitlines()
    (head,) = (number for number, line in enumerate(lines) if " in cells  in other " in line)
    column = lines[head].index("in cells")
    assert lines[head + 1][column:].split("  ")[0] == "as shown"


@pytest.mark.slow
def test_a_bound_counts_regions_wherever_it_is_told() -> None:
    done = mapproof("verify", NAPKIN, "--property", "apart(laid) assuming *", "--bound", "2", "-v")
    assert "proved-to-bound 2" in done.stdout
    assert "no counterexample with up to 2 regions" in done.stdout
    assert "--bound N Regions in a counterexample" in " ".join(mapproof("verify", "--help").stdout.split())


def test_the_help_says_what_a_verbose_report_counts_and_how_checks_are_named() -> None:
    text = " ".join(mapproof("verify", "--help").stdout.split())
    assert "`effort` is how many steps the solver counted, and `obligations` a hash of all statements" in text
    assert "Only checks of this name or text, not of a scenario" in text


@pytest.mark.slow
def test_json_has_every_key_and_addresses_are_hex() -> None:
    done = mapproof("verify", NAPKIN, "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    keys = {
        "file",
        "scenario",
        "property",
        "expected",
        "verdict",
        "bound",
        "as_expected",
        "seconds",
        "effort",
        "counterexample",
    }
    assert all(keys <= set(result) for result in report["results"])
    assert report["summary"]["exit_status"] == 1
    assert report["summary"]["verdicts"]["refuted"] == 2
    assert report["summary"]["solver"].startswith("z3 ")
    apart = next(result for result in report["results"] if result["property"] == "apart(laid)")
    assert apart["as_expected"] is True
    shown = apart["counterexample"]
    assert all(isinstance(region["base"], str) and region["base"].startswith("0x") for region in shown["map"])
    assert all(isinstance(region["access"], str) and isinstance(region["chunks"], int) for region in shown["map"])
    assert shown["violation"]["regions"] == [0, 1]
    assert [region["placed"] for region in shown["layouts"]["laid"]["regions"]] == [True, True]


def test_what_is_wrong_with_an_input_is_in_the_json_too() -> None:
    done = mapproof("verify", "-v", "nothing-called-so", "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == report["summary"]["exit_status"] == 2
    assert [each["code"] for each in report["diagnostics"]] == ["C002"]
    assert "error[C002]" in done.stderr


def test_a_map_is_laid_out_as_a_table_and_as_json() -> None:
    text = mapproof("run", "linux_x86_reversed", "-", stdin=MAP).stdout
    assert "RUNTIME_SERVICES_DATA" in text
    assert "0xfffffffeffe01000..0xfffffffeffe03000" in text
    done = mapproof("run", "linux-x86-reversed", "-", "--format", "json", stdin=MAP)
    report = json.loads(done.stdout)
    assert (report["record"]["placement"], report["record"]["page"]) == ("virt_addr", 4096)
    assert report["landmarks"] == ["0xffffffef00000000", "0xffffffff00000000"]
    assert {name: report[name] for name in ("algorithm", "regions", "wrapped")} == {
        "algorithm": "linux-x86-reversed",
        "regions": [
            {
                "type": 6,
                "phys_addr": "0x1000",
                "virt_addr": "0xfffffffeffe01000",
                "num_pages": 2,
                "attribute": "0x800000000000000f",
                "placed": True,
            }
        ],
        "wrapped": [],
    }


def test_a_region_without_an_address_has_none_in_json() -> None:
    huge = MAP.replace('"num_pages": 2', '"num_pages": 17000000')
    done = mapproof("run", "linux-x86-reversed", "-", "--format", "json", stdin=huge)
    (region,) = json.loads(done.stdout)["regions"]
    assert (region["placed"], region["virt_addr"]) == (False, None)
    text = mapproof("run", "linux-x86-reversed", "-", stdin=huge).stdout
    assert text.splitlines()[-1] == "0 placed, 1 without an address, 1 of them RUNTIME"


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        (":second-kernl", "did you mean second_kernel? the file has: first_kernel, second_kernel"),
        (":zzz", "the file has: first_kernel, second_kernel"),
        ("", "add `:algorithm`; the file has: first_kernel, second_kernel"),
    ],
)
def test_an_algorithm_that_is_not_there_gets_those_that_are(tmp_path: Path, name: str, remedy: str) -> None:
    two = "".join(f"algorithm {each}_kernel(map: MemoryMap) {{ }}\n" for each in ("first", "second"))
    (tmp_path / "two.layout").write_text(f"use uefi\n{two}")
    done = mapproof("run", f"two.layout{name}", "-", stdin=MAP, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[1] == f"  help: {remedy}"
    assert f"has no algorithm `{name[1:]}`" in done.stderr or not name


SCALED = """
use uefi
algorithm scaled(map: MemoryMap, step: bytes, up: bool, kind: MemoryType = MMIO) {
    var cursor: va = 0
    for region in map where region.type == kind and up {
        cursor -= step
        place region at cursor
    }
}
"""


def test_parameters_are_set_by_name_and_arithmetic_that_does_not_fit_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "scaled.layout").write_text(SCALED)
    done = mapproof(
        *("run", "scaled.layout", "-", "--set", "step=2M", "--set", "up=true", "--set", "kind=RUNTIME_SERVICES_DATA"),
        stdin=MAP,
        cwd=tmp_path,
    )
    assert done.returncode == 0
    assert "0xffffffffffe00000" in done.stdout
    assert "scaled.layout:6:9: warning[C017]: `cursor -= step` is -0x200000 here, which does not fit" in done.stderr


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (("step=2M",), "needs a value for `up`"),
        (("step=2M", "up=yes"), "`yes` is not a bool"),
        (("step=-1", "up=true"), "`-1` is not a bytes"),
        (("step=0x1_0000_0000_0000_0000", "up=true"), "is not a bytes"),
        (("step=2M", "up=true", "kind=PURPLE"), "`PURPLE` is not a MemoryType"),
        (("step=2M", "up=true", "colour=1"), "has no parameter `colour`"),
        (("step",), "has no `=`"),
    ],
)
def test_a_wrong_parameter_is_refused(tmp_path: Path, settings: tuple[str, ...], complaint: str) -> None:
    (tmp_path / "scaled.layout").write_text(SCALED)
    options = [word for setting in settings for word in ("--set", setting)]
    done = mapproof("run", "scaled.layout", "-", *options, stdin=MAP, cwd=tmp_path)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_a_map_that_does_not_fit_the_record_is_refused(tmp_path: Path) -> None:
    narrow = "record R { placed at virt_addr: va  num_pages: u8 } list Rs of R\nalgorithm a(map: Rs) { }\n"
    (tmp_path / "narrow.layout").write_text(narrow)
    done = mapproof("run", "narrow.layout", "-", stdin=MAP.replace('"num_pages": 2', '"num_pages": 256'), cwd=tmp_path)
    assert done.returncode == 2
    assert "error[C009]: region 0: `num_pages` is 0x100, which does not fit 8 bits" in done.stderr
    assert mapproof("run", "narrow.layout", "-", stdin=MAP, cwd=tmp_path).returncode == 0


def test_files_are_formatted_in_place_and_checked_without_a_change(tmp_path: Path) -> None:
    ugly = tmp_path / "ugly.layout"
    ugly.write_text("const  A:bytes=4K\n")
    ugly.chmod(0o640)
    assert mapproof("fmt", "--check", "ugly.layout", cwd=tmp_path).returncode == 1
    assert ugly.read_text() == "const  A:bytes=4K\n"
    assert mapproof("fmt", "ugly.layout", cwd=tmp_path).returncode == 0
    assert ugly.read_text() == "const A: bytes = 4K\n"
    assert ugly.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["ugly.layout"]
    assert mapproof("fmt", "--check", "ugly.layout", cwd=tmp_path).returncode == 0
    assert mapproof("fmt", "-", stdin="const  A:bytes=4K\n").stdout == "const A: bytes = 4K\n"


def test_an_output_that_nobody_reads_or_that_is_full_ends_quietly() -> None:
    command = [sys.executable, "-m", "checker", "models"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_ctrl_c_ends_it_and_leaves_no_process(tmp_path: Path) -> None:
    sleepy = (
        "import checker.prove as p, time; p.decide = lambda *a: time.sleep(60)\nfrom checker.cli import main\nmain()"
    )
    command = [sys.executable, "-c", sleepy, "verify", NAPKIN, "--jobs", "1"]
    running = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    deadline = time.monotonic() + 30
    while not (found := children.read_text().split()) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=30)
    assert running.returncode == 130
    assert errors == "mapproof: interrupted by SIGINT; what was decided before is told; run it again for the rest\n"
    assert found
    assert not any(os.path.exists(f"/proc/{child}") for child in found)
