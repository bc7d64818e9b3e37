"""`mapproof identify`: which algorithm laid a captured map out."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from checker import library
from checker.base.diagnostic import Diagnostic
from checker.compare.boot import Boot, read_boot
from checker.compare.identify import Attempt, identify, shipped, undecided
from checker.layouts.lay_out import lay_out
from checker.memmap import Descriptor, Limits, MemoryMap, read_path, write_json
from tests.helpers.command import mapproof
from tests.helpers.places import CAPTURES, DATA, SHARED

BOOTS = DATA / "boots"

FAMILIES = {
    CAPTURES / "q35-512m-6.1": "linux-x86-reversed",
    CAPTURES / "q35-512m-6.1-nodebug": "linux-x86-reversed",
    CAPTURES / "q35-512m-mixed32-6.1": "linux-x86-mixed",
    BOOTS / "arm64-virt-6.1": "efi-stub-flat",
    BOOTS / "arm64-4k-7.3.txt": "efi-stub-flat",
    BOOTS / "arm64-16k-7.3.txt": "efi-stub-packed",
    BOOTS / "riscv64-6.12.txt": "efi-stub-packed",
    BOOTS / "i386-6.1.txt": None,
    BOOTS / "x64-7.3-after-kexec.txt": None,
}
"""Captures in the repository, and the model of what booted there; None where there is none."""


def boot(*paths: Path | str) -> Boot:
    found = read_boot([str(path) for path in paths], Limits())
    assert isinstance(found, Boot), found
    return found


def tried(found: Boot, *words: str) -> tuple[Attempt, ...]:
    own = shipped()
    assert not isinstance(own, Diagnostic)
    named = [library.find_algorithm(word) for word in words]
    attempts = identify(found, [*(each for each in named if isinstance(each, library.Chosen)), *own], {}, Limits())
    assert not isinstance(attempts, Diagnostic), attempts
    return attempts


@pytest.mark.parametrize(("path", "name"), FAMILIES.items(), ids=lambda value: getattr(value, "name", value))
def test_the_model_of_what_booted_explains_a_capture(path: Path, name: str | None) -> None:
    best = tried(boot(path))[0]
    assert (best.chosen.name if best.exact else None) == name


def test_where_the_kernel_chooses_addresses_it_is_said_that_no_algorithm_can_explain_them() -> None:
    chosen, computed = boot(BOOTS / "i386-6.1.txt"), boot(BOOTS / "riscv64-6.12.txt")
    note = undecided(chosen, tried(chosen))
    assert note is not None
    assert note.message.startswith("linux-i386 is for this boot, and leaves addresses open")
    assert undecided(computed, tried(computed)) is None


@pytest.mark.skipif(not (SHARED / "captures").is_dir(), reason="the captures are not here")
@pytest.mark.parametrize("family", ["x86", "mixed", "arm64-virt-1g", "arm64-virt-2g"])
def test_every_capture_that_has_addresses_is_explained(family: str) -> None:
    names = {
        "x86": "linux-x86-reversed",
        "mixed": "linux-x86-mixed",
        "arm64-virt-1g": "efi-stub-flat",
        "arm64-virt-2g": "efi-stub-packed",
    }
    folders = [
        each
        for each in sorted((SHARED / "captures").iterdir())
        if (each / "meta.json").exists()
        and (family in each.name if family != "x86" else "mixed" not in each.name and "arm64" not in each.name)
    ]
    assert folders
    for folder in folders:
        found = read_boot([str(folder)], Limits())
        if isinstance(found, Diagnostic):
            assert str(found.code) == "M170", folder
            continue
        best = tried(found)[0]
        assert (best.chosen.name, best.exact, best.in_order) == (names[family], True, True), folder


def captured(tmp_path: Path, model: str) -> Sequence[Path]:
    """A map of a real machine, and what a model makes of it."""
    log = DATA / "maps" / "linux-x86-type.txt"
    read = read_path(str(log))
    assert isinstance(read, MemoryMap)
    chosen = library.find_algorithm(model)
    assert isinstance(chosen, library.Chosen)
    layout = lay_out(chosen.algorithm, read.descriptors, {})
    assert not isinstance(layout, Diagnostic)
    regions = [layout.regions[index] for index in layout.exported]
    rows = [
        f"RM {number} {each['type']:#x} {each['num_pages']:#x} {each['attribute']:#x} {each['phys_addr']:#x} "
        f"{each['virt_addr']:#x}\n"
        for number, each in enumerate(regions)
    ]
    (tmp_path / "rows.txt").write_text("".join(rows))
    return log, tmp_path / "rows.txt"


@pytest.mark.parametrize("model", [each.name for each in shipped() if isinstance(each, library.Chosen)])
def test_each_model_explains_what_it_made(model: str, tmp_path: Path) -> None:
    exact = [each.chosen.name for each in tried(boot(*captured(tmp_path, model))) if each.exact]
    assert model in exact


def test_the_walks_of_linux_are_told_apart(tmp_path: Path) -> None:
    found = {each.chosen.name: each for each in tried(boot(*captured(tmp_path, "linux-x86-forward")))}
    assert found["linux-x86-forward"].exact
    assert not found["linux-x86-reversed"].exact


def test_a_moved_region_is_the_first_difference(tmp_path: Path) -> None:
    firmware, rows = captured(tmp_path, "linux-x86-reversed")
    text = rows.read_text().splitlines(keepends=True)
    fields = text[2].split()
    moved = int(fields[-1], 16) - (2 << 20)
    text[2] = " ".join([*fields[:-1], f"{moved:#x}"]) + "\n"
    rows.write_text("".join(text))
    best = tried(boot(firmware, rows))[0]
    (mismatch,) = best.mismatches
    assert best.chosen.name == "linux-x86-reversed"
    assert (f"{mismatch.start:#x}", mismatch.captured) == (fields[-2], moved)
    assert mismatch.predicted == moved + (2 << 20)


def test_a_region_of_firmware_that_is_missing_is_a_difference_and_a_freed_one_is_none(tmp_path: Path) -> None:
    firmware, rows = captured(tmp_path, "linux-x86-reversed")
    text = rows.read_text().splitlines(keepends=True)
    runtime = next(number for number, row in enumerate(text) if row.split()[4].startswith("0x8"))
    freed = next(number for number, row in enumerate(text) if not row.split()[4].startswith("0x8"))

    def without(number: int) -> Attempt:
        kept = [row.split(maxsplit=2)[2] for place, row in enumerate(text) if place != number]
        rows.write_text("".join(f"RM {place} {row}" for place, row in enumerate(kept)))
        return next(each for each in tried(boot(firmware, rows)) if each.chosen.name == "linux-x86-reversed")

    assert (without(freed).exact, without(freed).freed) == (True, 1)
    assert [each.captured for each in without(runtime).mismatches] == [None]


def test_a_region_that_only_the_kernel_has_is_a_difference(tmp_path: Path) -> None:
    firmware, rows = captured(tmp_path, "linux-x86-reversed")
    count = rows.read_text().count("\n")
    with rows.open("a") as file:
        file.write(f"RM {count} 0x6 0x1 0x800000000000000f 0x7f0000000000 0xfffffffe00000000\n")
    best = tried(boot(firmware, rows))[0]
    assert [(each.predicted, each.captured) for each in best.mismatches] == [(None, 0xFFFFFFFE00000000)]


def test_how_entries_are_divided_makes_no_difference(tmp_path: Path) -> None:
    firmware = MemoryMap(
        (Descriptor(6, 0x100000, 4, 1 << 63), Descriptor(7, 0x200000, 4, 0)), read_json_format(), "map.json"
    )
    (tmp_path / "map.json").write_text(write_json(firmware))
    (tmp_path / "rows.txt").write_text(
        "RM 0 0x6 0x1 0x8000000000000000 0x103000 0xfffffffefff03000\n"
        "RM 1 0x6 0x3 0x8000000000000000 0x100000 0xfffffffefff00000\n"
    )
    found = {each.chosen.name: each for each in tried(boot(tmp_path / "map.json", tmp_path / "rows.txt"))}
    assert found["linux-x86-reversed"].exact


def read_json_format() -> object:
    found = read_path(str(CAPTURES / "q35-512m-6.1" / "runtime-map.json"))
    assert isinstance(found, MemoryMap)
    return found.format


def test_a_capture_may_name_its_twin_beside_it_and_no_other_file(tmp_path: Path) -> None:
    twin = CAPTURES / "q35-512m-6.1"
    for name, there in (("q35-512m-6.1", True), ("../q35-512m-6.1", False), (str(twin), False), ("..", False)):
        folder = tmp_path / "quiet"
        folder.mkdir(exist_ok=True)
        (tmp_path / "q35-512m-6.1").mkdir(exist_ok=True)
        (tmp_path / "q35-512m-6.1" / "dmesg-efi.txt").write_bytes((twin / "dmesg-efi.txt").read_bytes())
        (folder / "runtime-map.json").write_bytes((twin / "runtime-map.json").read_bytes())
        (folder / "meta.json").write_text(json.dumps({"map_from": name}))
        found = read_boot([str(folder)], Limits())
        assert isinstance(found, Boot) is there, name
        assert isinstance(found, Boot) or str(found.code) == "M171"


def test_a_kernel_that_was_handed_its_map_is_told_from_a_first_one() -> None:
    assert [str(each.code) for each in boot(BOOTS / "x64-7.3-after-kexec.txt").remarks] == ["M173"]
    assert boot(CAPTURES / "q35-512m-6.1").remarks == ()


def test_of_models_that_explain_a_boot_alike_the_one_for_such_a_machine_comes_first(tmp_path: Path) -> None:
    """A single region at the top of the window: every walk of Linux puts it there."""
    rows = (
        "mem00: type=6, attr=0x800000000000000f, range=[0x0000000000100000-0x0000000000300000) (2MB)",
        "mem01: type=7, attr=0xf, range=[0x0000000000300000-0x0000000000400000) (1MB)",
    )
    log = "[    0.000000] Linux version 3.16.0\n" + "".join(f"[    0.000000] efi: {row}\n" for row in rows)
    (tmp_path / "log.txt").write_text(log)
    (tmp_path / "rows.txt").write_text("RM 0 0x6 0x200 0x800000000000000f 0x100000 0xfffffffeffd00000\n")
    exact = [each.chosen.name for each in tried(boot(tmp_path / "log.txt", tmp_path / "rows.txt")) if each.exact]
    assert {"linux-x86-forward", "linux-x86-reversed"} < set(exact)
    assert exact[0] == "linux-x86-forward"


def test_json_names_the_best_first_and_where_the_others_part() -> None:
    done = mapproof("identify", str(CAPTURES / "q35-512m-mixed32-6.1"), "--format", "json")
    said = json.loads(done.stdout)
    assert done.returncode == 0
    first, second, *_ = said["models"]
    assert (first["name"], first["exact"], first["differences"], first["first_difference"]) == (
        *("linux-x86-mixed", True, 0),
        None,
    )
    assert not second["exact"]
    assert second["differences"] > 0
    assert set(second["first_difference"]) == {"type", "phys_addr", "end", "predicted", "captured"}


def test_the_firmwares_map_of_several_lists_can_be_named(tmp_path: Path) -> None:
    log, rows = captured(tmp_path, "linux-x86-reversed")
    console = tmp_path / "console.txt"
    console.write_text("\n".join(path.read_text() for path in (DATA / "maps" / "uboot.txt", log)))
    taken = mapproof("identify", str(console), str(rows))
    assert (taken.returncode, "holds 2 maps; list 2 is taken" in taken.stderr) == (0, True)
    assert mapproof("identify", str(console), str(rows), "--list", "1").returncode == 1
    assert "error[M161]" in mapproof("identify", str(console), str(rows), "--strict").stderr
    assert mapproof("identify", str(console), str(rows), "--list", "2").returncode == 0


def test_both_maps_of_a_boot_may_be_raw_arrays(tmp_path: Path) -> None:
    log, rows = captured(tmp_path, "linux-x86-reversed")
    found = boot(log, rows)
    for name, entries in (("firmware", found.firmware.descriptors), ("runtime", found.placed)):
        (tmp_path / name).write_bytes(
            b"".join(
                struct.pack("<IIQQQQQ", each.type, 0, each.phys_addr, each.virt_addr, each.num_pages, each.attribute, 0)
                for each in entries
            )
        )
    words = (str(tmp_path / "firmware"), str(tmp_path / "runtime"), "--stride", "48")
    assert "explained by linux-x86-reversed" in mapproof("identify", *words).stdout


def test_no_algorithm_is_status_1() -> None:
    done = mapproof("identify", str(BOOTS / "i386-6.1.txt"))
    assert done.returncode == 1
    assert "explained by none of the algorithms\n" in done.stdout


def test_an_algorithm_of_ones_own_is_tried_first(tmp_path: Path) -> None:
    (tmp_path / "packed.layout").write_text(
        "use uefi\n"
        "algorithm packed(map: MemoryMap, start: va) {\n"
        "    var base: va = start\n"
        "    for region in map where region.runtime {\n"
        "        let into = region.phys_addr % 64K\n"
        "        let size = region.size +% into\n"
        "        if region.phys_addr aligned 2M and size >= 2M { base = align_down(base +% 0x1f_ffff, 2M) }\n"
        "        else { base = align_down(base +% 0xffff, 64K) }\n"
        "        export region\n"
        "        place region at base +% into\n"
        "        base +%= size\n"
        "    }\n"
        "}\n"
    )
    packed = ("--algorithm", str(tmp_path / "packed.layout"))
    for capture in ("arm64-16k-7.3.txt", "riscv64-6.12.txt"):
        done = mapproof("identify", str(BOOTS / capture), *packed, "--set", "start=512M")
        assert done.returncode == 0, done.stdout
        assert f"explained by {tmp_path / 'packed.layout'}, in its order\n" in done.stdout
    assert "error[C007]" in mapproof("identify", str(BOOTS / "riscv64-6.12.txt"), *packed).stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((str(CAPTURES / "q35-512m-mixed32-6.1" / "dmesg-efi.txt"),), "M170"),
        ((str(CAPTURES / "q35-4g-smm-6.1rt"),), "M170"),
        ((str(CAPTURES / "q35-512m-6.1" / "runtime-map.json"),), "M171"),
        (("README.md",), "M101"),
        (("missing.txt",), "M130"),
        ((str(CAPTURES / "q35-512m-6.1"), "--algorithm", "linux-x86-backwards"), "C002"),
        ((str(CAPTURES / "q35-512m-6.1"), "--set", "base=1"), "C006"),
        ((str(CAPTURES / "q35-512m-6.1"), "--set", "base"), "C006"),
    ],
)
def test_what_cannot_be_identified_is_refused_with_a_remedy(words: tuple[str, ...], code: str) -> None:
    done = mapproof("identify", *words)
    assert done.returncode == 2
    assert f"error[{code}]" in done.stderr
    assert "help: " in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("RM 0 0x6 0x1 0x800000000000000f 0x103000\n", "M102"),
        ("RM 0 0x6 one 0x800000000000000f 0x103000 0x3000\n", "M103"),
        ("RM 1 0x6 0x1 0x800000000000000f 0x103000 0x3000\n", "M108"),
        ("D 3 type=0x6 phys=0x1000 virt=0x1000 pages=0x1 attr=0x0\n" * 2, "M109"),
        ("D 3 type=0x1ffffffff phys=0x1000 virt=0x1000 pages=0x1 attr=0x0\n", "M116"),
    ],
)
def test_a_damaged_row_of_addresses_is_refused_at_its_place(rows: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "rows.txt").write_text(f"@@SYSFS\n{rows}")
    wrong = read_boot([str(DATA / "maps" / "linux-x86-type.txt"), str(tmp_path / "rows.txt")], Limits())
    assert isinstance(wrong, Diagnostic)
    assert str(wrong.code) == code
    assert wrong.span is not None
    assert wrong.span.line >= 2


def moved(found: Boot, distance: int) -> Boot:
    """A boot of which all virtual addresses are higher."""
    placed = tuple(replace(each, virt_addr=each.virt_addr + distance) for each in found.placed)
    return replace(found, placed=placed)


def test_a_capture_tells_the_base_that_a_kernel_drew_at_random() -> None:
    """The stub packs from a random base where there is no hibernation; one that is no multiple of 2 MiB is none."""
    usual = boot(BOOTS / "riscv64-6.12.txt")
    best = tried(moved(usual, 0x1A400_0000))[0]
    assert (best.chosen.name, best.exact) == ("efi-stub-random-base", True)
    assert best.base == ("first_base", 0x1C400_0000)
    assert not tried(moved(usual, 0x1A401_0000))[0].exact
    assert all(each.base is None for each in tried(usual))


def test_one_region_tells_no_base() -> None:
    usual = boot(BOOTS / "riscv64-6.12.txt")
    alone = replace(usual, placed=moved(usual, 0x1A400_0000).placed[:1])
    assert not any(each.base for each in tried(alone))
