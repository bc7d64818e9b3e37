"""``mapproof check`` of maps, as a process."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from checker.memmap import write_json
from tests.helpers.command import mapproof
from tests.helpers.maps import PC, UC, Row, map_of
from tests.helpers.places import CAPTURES, DATA

MAPS = DATA / "maps"
LATE = ("ReservedMemoryType", 0xA0000, 0x60, 0xF)
OVERLAPPING = (*PC[:4], ("RuntimeServicesData", 0x7F008000, 1, 0x800000000000000F), *PC[4:])


def write(path: Path, *rows: Row) -> Path:
    path.write_text(write_json(map_of(rows)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "status", "said"),
    [
        (PC, 0, "nothing is wrong"),
        ((*PC, LATE), 0, "1 note"),
        ((*PC, ("LoaderData", 0, 0, 0xF)), 1, "1 warning"),
        ((*OVERLAPPING, LATE), 1, "1 error, 1 note"),
    ],
)
def test_errors_and_warnings_make_the_status_1_and_notes_do_not(
    rows: tuple[Row, ...], status: int, said: str, tmp_path: Path
) -> None:
    done = mapproof("check", str(write(tmp_path / "m.json", *rows)))
    assert (done.returncode, re.findall(r"\w+\[", done.stderr)) == (status, ["note["])
    assert done.stdout.splitlines()[0].endswith(f" of them runtime regions (json): {said}")


def test_a_finding_has_its_code_regions_reason_and_remedy(tmp_path: Path) -> None:
    done = mapproof("check", "m.json", cwd=write(tmp_path / "m.json", *OVERLAPPING).parent)
    finding, remedy = done.stdout.splitlines()[-2:]
    assert finding.startswith("  error[M350]: entries describe the same memory: RuntimeServicesData 0x7f000000-")
    assert finding.endswith("(regions 3-4)")
    assert remedy.startswith("    help: ")


def test_the_window_is_drawn_with_what_is_used_lost_and_left(tmp_path: Path) -> None:
    write(tmp_path / "m.json", *PC, ("MemoryMappedIO", 0x1000000000, 32 << 18, UC))
    done = mapproof("check", "m.json", cwd=tmp_path)
    bar, amounts = re.search(r"^  window \|(.*)\| (.*)$", done.stdout, re.MULTILINE).groups()  # type: ignore[union-attr]
    assert len(bar) == 40
    assert (bar.count("#"), bar.count("~"), bar.count(".")) == (21, 1, 18)
    assert amounts == "32.0 GiB used, 1920 KiB lost to alignment, 32.0 GiB left of 64 GiB (linux-x86-reversed)"


def test_json_has_the_map_and_findings_about_its_descriptors(tmp_path: Path) -> None:
    write(tmp_path / "m.json", *OVERLAPPING)
    done = mapproof("check", "m.json", "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert report["exit_status"] == done.returncode == 1
    assert (report["map"]["format"], len(report["map"]["descriptors"])) == ("json", 7)
    assert report["map"]["descriptors"][3]["phys_addr"] == "0x7f000000"
    (finding,) = report["findings"]
    assert (finding["code"], finding["severity"], finding["regions"]) == ("M350", "error", [3, 4])
    assert finding["message"]
    assert finding["help"]
    assert sum(report["window"].values()) == 64 << 30


def test_what_kexec_hands_over_is_counted(tmp_path: Path) -> None:
    write(tmp_path / "m.json", *PC)
    lines = mapproof("check", "m.json", cwd=tmp_path).stdout.splitlines()
    by = "(what has RUNTIME, by no model)"
    assert f"  kexec  3 entries handed over, 0 of boot services; 1 of boot services left behind {by}" in lines
    report = json.loads(mapproof("check", "m.json", "--format", "json", cwd=tmp_path).stdout)
    assert report["handed_over"] == {"entries": 3, "boot_services": 0, "left": 1, "model": None}
    addressed = mapproof("check", "m.json", "--model", "linux-x86-5-7", "--format", "json", cwd=tmp_path).stdout
    assert json.loads(addressed)["handed_over"]["model"] == "linux-x86-5-7"


def test_what_kexec_hands_over_is_counted_by_the_model_of_the_kernel_that_a_log_is_of() -> None:
    """A kernel with efi=debug keeps its boot services, and hands them over."""
    log = (MAPS / "linux-two-lists.txt").read_text()
    for debug, said in (("efi=debug", "104 entries handed over, 99"), ("quiet", "6 entries handed over, 1")):
        text = f"Command line: {debug}\n{log}"
        done = mapproof("check", "-", stdin=text)
        assert re.search(rf"^  kexec  {said} of boot services; .* \(linux-x86-5-7\)$", done.stdout, re.MULTILINE)
        made = json.loads(mapproof("run", "auto", "-", "--format", "json", stdin=text).stdout)
        assert f"{len(made['regions'])} entries" in done.stdout


def test_a_map_is_read_from_standard_input() -> None:
    done = mapproof("check", "-", stdin=(MAPS / "linux-x86-type.txt").read_text())
    assert done.returncode == 1
    assert "warning[M330]: the map has 7 entries zero throughout" in done.stdout


def test_a_model_that_is_asked_for_is_used(tmp_path: Path) -> None:
    write(tmp_path / "m.json", *PC)
    done = mapproof("check", "m.json", "--model", "linux-x86-forward", cwd=tmp_path)
    assert done.returncode == 1
    assert "warning[M362]: linux-x86-forward maps apart" in done.stdout


def log_of(version: str) -> str:
    return (MAPS / "linux-x86-type.txt").read_text().replace("version 3.13.6", f"version {version}")


def test_the_model_is_the_one_that_the_signs_tell_of_if_none_is_asked_for() -> None:
    done = mapproof("check", "-", stdin=log_of("4.0.0"))
    assert "note[C025]: linux-x86-forward is taken: `Linux version 4.0.0` says Linux 4.0.0" in done.stderr
    assert " of 64 GiB (linux-x86-forward)\n" in done.stdout
    assert "warning[M362]: linux-x86-forward maps apart" in done.stdout
    assert done.stdout == mapproof("check", "-", "--model", "auto", stdin=log_of("4.0.0")).stdout


def test_the_usual_model_is_taken_without_a_word_where_the_signs_tell_of_it() -> None:
    done = mapproof("check", "-", stdin=log_of("4.4.0"))
    assert (done.stderr, " of 64 GiB (linux-x86-reversed)\n" in done.stdout) == ("", True)


@pytest.mark.parametrize("name", ["uefi-shell.txt", "uefi-shell-utf16.txt", "xen.txt"])
def test_the_usual_model_for_a_map_that_tells_of_no_kernel_is_told_and_another_can_be_had(name: str) -> None:
    usual = mapproof("check", str(MAPS / name))
    assert "note[C025]: linux-x86-reversed is taken, as for most such machines: nothing in this" in usual.stderr
    assert "--kernel says which" in usual.stderr
    older = mapproof("check", str(MAPS / name), "--kernel", "4.1 x86_64")
    assert "note[C025]: linux-x86-forward is taken: `4.1 x86_64` says Linux 4.1" in older.stderr
    assert older.stdout == mapproof("check", str(MAPS / name), "--model", "linux-x86-forward").stdout.replace(
        "(what has RUNTIME, by no model)", "(linux-x86-3-14)"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("linux-generic.txt", "more than one model may be for this map: the form of its rows says arm64 or arm"),
        ("uboot.txt", "nothing in this map tells of a kernel"),
    ],
)
def test_why_no_model_places_the_regions_is_told(name: str, said: str) -> None:
    done = mapproof("check", str(MAPS / name))
    assert f"note[C024]: no model places the regions: {said}" in done.stderr
    assert "help: models that may fit are efi-stub-flat" in done.stderr
    example = re.search(r"`mapproof run (--kernel) '([^']+)' MAP`", done.stderr)
    assert example is not None
    named = mapproof("check", str(MAPS / name), *example.groups())
    assert (named.returncode, "note[C025]: " in named.stderr) == (done.returncode, True)


def test_of_many_maps_the_same_note_is_told_once_with_the_first(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.json", *PC)
    done = mapproof("check", ".", cwd=tmp_path)
    assert done.stderr.count("note[C025]: ") == 1
    assert "note[C025]: ./a.json and 2 others: linux-x86-reversed is taken" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kernel", "6.1", "--model", "linux-x86-forward"), "name either the kernel or linux-x86-forward"),
        (("--kernel", "6.1", "--handover"), "leave --kernel out"),
        (("--kernel", "six"), "error[C006]: --kernel six is no version"),
    ],
)
def test_a_kernel_that_cannot_be_taken_is_refused(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path / f"{name}.json", *PC)
    done = mapproof("check", ".", *words, cwd=tmp_path)
    assert (done.returncode, " ".join(done.stderr.split()).count(said)) == (2, 1), done.stderr


@pytest.mark.parametrize(
    ("command", "words", "model"),
    [("show", (), "linux-x86-3-14"), ("where", ("0xfffffffeffc00000",), "linux-x86-forward")],
)
def test_other_commands_that_take_a_model_take_a_kernel_as_well(
    command: str, words: tuple[str, ...], model: str
) -> None:
    given = (command, str(MAPS / "uefi-shell.txt"), *words)
    by_kernel = mapproof(*given, "--kernel", "4.1 x86_64")
    assert f"note[C025]: {model} is taken: `4.1 x86_64` says Linux 4.1" in by_kernel.stderr
    assert by_kernel.stdout == mapproof(*given, "--model", model).stdout != mapproof(*given).stdout
    assert mapproof(*given, "--kernel", "4.1", "--model", model).returncode == 2


def test_where_no_model_can_be_taken_by_the_signs_the_usual_one_is_taken_and_that_is_told() -> None:
    done = mapproof("check", "-", stdin=log_of("3.13.6"))
    assert "note[C025]: linux-x86-reversed is taken, as for most such machines: linux-x86-ioremap is for" in done.stderr
    assert "help: --model linux-x86-ioremap --set memory_end=VALUE takes it" in done.stderr
    assert " of 64 GiB (linux-x86-reversed)\n" in done.stdout
    none = mapproof("check", "-", stdin=log_of("2.6.20"))
    assert "note[C025]: linux-x86-reversed is taken, as for most such machines: no shipped model" in none.stderr
    assert "--kernel says which kernel is to run there" in none.stderr


def test_a_model_of_all_that_a_kernel_does_is_taken_where_there_is_no_other() -> None:
    done = mapproof("check", str(MAPS / "uefi-shell.txt"), "--kernel", "4.1 x86_64, 32-bit firmware")
    assert "note[C025]: linux-x86-mixed-3-15 is taken: " in done.stderr


def test_a_map_that_does_not_belong_to_the_model_is_told(tmp_path: Path) -> None:
    rows = "".join(
        f"efi:   0x{start:012x}-0x{start + 0xFFFF:012x} [{kind:<19}|{run}|  |  |  |  |  |  |   |WB|  |  |  ]\n"
        for start, kind, run in ((0x40000000, "Conventional Memory", "   "), (0x7F000000, "Runtime Code", "RUN"))
    )
    (tmp_path / "log.txt").write_text(f"Booting Linux on physical CPU 0x0000000000 [0x410fd083]\n{rows}")
    done = mapproof("check", "log.txt", "--model", "linux-x86-reversed", cwd=tmp_path)
    assert "warning[C023]: this map does not belong to linux-x86-reversed" in done.stderr
    assert "C023" not in mapproof("check", "log.txt", cwd=tmp_path).stderr


def test_a_map_that_does_not_belong_to_the_model_that_it_is_held_against_is_told() -> None:
    against = ("check", str(MAPS / "linux-x86-type.txt"), "--against", "linux-x86-forward:any_map")
    done = mapproof(*against)
    assert "warning[C023]: this map does not belong to linux-x86-forward, which is for Linux 3.14" in done.stderr
    assert done.stdout.startswith(f"{MAPS / 'linux-x86-type.txt'} against ")
    refused = mapproof(*against, "--strict")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "error[C023]" in refused.stderr


def test_what_breaks_a_property_is_not_laid_to_an_assumption_that_the_map_does_not_keep() -> None:
    done = mapproof("check", str(MAPS / "linux-x86-type.txt"), "--against", "linux-x86-forward:any_map")
    _, _, told = done.stdout.partition("error[M371]")
    remedy = told.splitlines()[1]
    assert "the check assumes not_empty, which this map does not keep" in remedy
    assert "with or without that" in remedy


def test_each_map_of_a_folder_is_checked_and_summed_up(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path / "a.json", *PC)
    write(tmp_path / "b.json", *PC, LATE)
    write(tmp_path / "deep" / "c.json", *OVERLAPPING)
    (tmp_path / "README").write_text("three maps\n")
    (tmp_path / "index.json").write_text('[{"file": "a.json"}]')
    done = mapproof("check", ".", cwd=tmp_path)
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines if line.startswith("./")] == [
        "./a.json",
        "./b.json",
        "./deep/c.json",
    ]
    assert lines[-1] == ("3 maps: 1 faulty, 1 with notes only, 1 without a finding; 2 files without a map")
    assert done.returncode == 1


def test_a_list_that_can_hold_no_attributes_is_no_fault_of_a_folder_that_has_it_beside_maps(tmp_path: Path) -> None:
    write(tmp_path / "a.json", *PC)
    (tmp_path / "iomem.txt").write_text("00000000-00000fff : Reserved\n00001000-0009ffff : System RAM\n")
    for strictness in ((), ("--strict",)):
        done = mapproof("check", ".", *strictness, cwd=tmp_path)
        assert (done.returncode, "note[M118]: iomem names no attributes" in done.stderr) == (0, True)
        assert done.stdout.endswith("2 maps: 0 faulty, 1 with notes only, 1 without a finding\n")
    alone = mapproof("check", "iomem.txt", cwd=tmp_path)
    assert (alone.returncode, "warning[M118]" in alone.stderr) == (1, True)


def test_json_of_a_folder_has_each_map_with_its_findings(tmp_path: Path) -> None:
    write(tmp_path / "a.json", *PC)
    write(tmp_path / "b.json", *OVERLAPPING)
    done = mapproof("check", ".", "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert [each["map"]["source"] for each in report["maps"]] == ["./a.json", "./b.json"]
    assert [[finding["code"] for finding in each["findings"]] for each in report["maps"]] == [[], ["M350"]]


def test_a_damaged_map_in_a_folder_is_wrong_input_and_the_others_are_checked(tmp_path: Path) -> None:
    write(tmp_path / "a.json", *PC)
    (tmp_path / "b.txt").write_text("efi: mem00: type=7, attr=0xf, range=[0x0000000000000000-\n")
    done = mapproof("check", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "b.txt:1:" in done.stderr
    assert "./a.json: 6 entries" in done.stdout
    assert done.stdout.endswith("1 map: 0 faulty, 0 with notes only, 1 without a finding; 1 could not be read\n")


def test_a_runtime_map_is_one_map_and_no_folder_of_maps(tmp_path: Path) -> None:
    for name, value in (("type", 6), ("phys_addr", 0x7F000000), ("virt_addr", 0xFFFFFFFEFFE00000), ("num_pages", 16)):
        (tmp_path / "runtime-map" / "0").mkdir(parents=True, exist_ok=True)
        (tmp_path / "runtime-map" / "0" / name).write_text(f"{value:#x}\n")
    (tmp_path / "runtime-map" / "0" / "attribute").write_text("0x800000000000000f\n")
    done = mapproof("check", "runtime-map", cwd=tmp_path)
    assert done.stdout.startswith(
        "runtime-map: 1 entry, 1 of them runtime regions (linux-sysfs-runtime-map): nothing is wrong\n"
    )
    assert mapproof("check", ".", cwd=tmp_path).stdout.splitlines()[0].startswith("./runtime-map: 1 entry")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nowhere",), "error[M130]"),
        (("empty",), "error[M101]"),
        (("text.txt",), "error[M101]"),
        (("m.json", "--list", "2"), "error[M162]"),
        (("m.json", "--model", "nowhere"), "error[C002]"),
        (("m.json", "--model", "linux-x86-reversed", "--set", "speed=1"), "error[C006]"),
        (("m.json", "--model", "linux-x86-reversed", "--set", "speed"), "error[C006]"),
        (("m.json", "--set", "speed=1"), "--set is for the parameters of a model"),
        (("m.json", "--limit", "descriptors=1"), "error[M122]"),
        (("m.json", "--against", "nowhere"), "error[C002]"),
        (("m.json", "--against", "linux-x86-reversed:nothing"), "error[C004]"),
        (("m.json", "--against", "kexec-hazards:cut_off"), "error[C007]"),
        (("m.json", "--against", "kexec-hazards:cut_off", "--set", "room=many"), "error[C006]"),
        (("m.json", "--against", "linux-x86-reversed", "--set", "room=1"), "error[C006]"),
        (("m.json", "--against", "kexec-hazards:strides"), "error[C008]"),
        (("m.json", "--against", "linux-x86-reversed", "--limit", "steps=10"), "error[C013]"),
        (("m.json", "m.json", "--against", "linux-x86-reversed"), "name one map"),
        (("nowhere", "--against", "linux-x86-reversed"), "error[M130]"),
        (("m.json", "--against", "a", "--model", "b"), "leave --model out"),
    ],
)
def test_what_is_wrong_with_the_command_line_or_an_input_is_2(
    arguments: tuple[str, ...], code: str, tmp_path: Path
) -> None:
    write(tmp_path / "m.json", *PC)
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.txt").write_text("no map\n")
    done = mapproof("check", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert code in done.stderr
    assert "help: " in done.stderr or "Try 'mapproof check --help' for help." in done.stderr


def test_a_property_that_is_broken_is_told_as_by_a_counterexample(tmp_path: Path) -> None:
    write(tmp_path / "m.json", *PC)
    done = mapproof("check", "m.json", "--against", "linux-x86-forward:any_map", cwd=tmp_path)
    assert done.returncode == 1
    assert "  broken     adjacency_preserved(first)\n" in done.stdout
    assert (
        "error[M371]: adjacency_preserved(first): region 4 follows region 3 directly, but is mapped at "
        "0xfffffffeff610000, not 0xfffffffeff810000" in done.stdout
    )


def test_a_property_that_holds_is_0(tmp_path: Path) -> None:
    write(tmp_path / "m.json", *PC)
    done = mapproof("check", "m.json", "--against", "linux-x86-reversed:any_map", cwd=tmp_path)
    assert done.returncode == 0
    assert set(re.findall(r"^  (\w+) {2,}", done.stdout, re.MULTILINE)) == {"holds"}


def test_a_property_that_depends_on_more_than_the_map_is_3(tmp_path: Path) -> None:
    write(tmp_path / "m.json", *PC)
    done = mapproof("check", "m.json", "--against", "linux-x86-reversed:boot_services", cwd=tmp_path)
    assert done.returncode == 3
    assert "note[M372]: independent(first, again): `map` and `other` may differ; all were this map" in done.stdout


def test_checking_imports_no_solver() -> None:
    for arguments in (["check", str(MAPS)], ["check", str(MAPS / "grub.txt"), "--against", "linux-x86-reversed"]):
        done = mapproof(sabotage=f"import sys; sys.modules['z3'] = None; sys.argv = ['mapproof', *{arguments!r}]")
        assert "internal error" not in done.stderr
        assert done.stdout


def test_a_kernels_list_of_a_capture_shows_what_kexec_hands_over() -> None:
    done = mapproof("check", str(CAPTURES / "shaped-esrt-mok-6.12" / "kexec1-runtime-map.json"))
    assert done.returncode == 1
    assert "  kexec  110 entries handed over, 105 of boot services; 0 of boot services left behind\n" in done.stdout
    assert "error[M333]: the map has two physical ranges at one virtual address" in done.stdout
