"""A map that does not belong to the model is told, and `auto` takes the model that it does belong to."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from checker import library
from checker.layouts.fit import fits, since
from checker.layouts.lay_out import is_complete
from checker.library import shipped_algorithms
from checker.memmap import signs_of_release
from tests.helpers.command import mapproof
from tests.helpers.places import DATA, SHARED

MAPS = DATA / "maps"
ROW = "efi:   0x{:012x}-0x{:012x} [{:12}|{}|WB|WT|WC|UC]\n"
ARM = ROW.format(0x80000000, 0x80FFFFFF, "Conventional", "   ") + ROW.format(
    0xBF61C000, 0xBF6DCFFF, "Runtime Data", "RUN"
)


def log(version: str, rows: str = ARM) -> str:
    return f"Linux version {version}\n{rows}"


def test_the_map_of_another_architecture_is_laid_out_with_a_warning_that_names_sign_and_model() -> None:
    done = mapproof("run", "linux-x86-reversed", "-", stdin=log("6.12.9 (riscv64-linux-gnu-gcc-14)"))
    assert done.returncode == 0
    assert "warning[C023]" in done.stderr
    assert "`riscv64` says riscv64, not x86_64" in done.stderr
    assert "the model that fits is efi-stub-packed" in done.stderr
    assert "1 placed" in done.stdout


def test_with_strict_it_is_refused() -> None:
    done = mapproof("run", "linux-x86-reversed", "-", "--strict", stdin=log("6.12.9 (riscv64-linux-gnu-gcc-14)"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[C023]" in done.stderr


def test_a_model_that_does_not_say_what_it_is_for_takes_any_map() -> None:
    done = mapproof(
        "run", "kexec-agreement:any_kernel", "-", "--strict", stdin=log("6.12.9 (riscv64-linux-gnu-gcc-14)")
    )
    assert "C023" not in done.stderr


@pytest.mark.parametrize(
    ("text", "model"),
    [
        (log("6.12.9 (riscv64-linux-gnu-gcc-14)"), "efi-stub-packed"),
        (log("5.10.0-32-arm64 (gcc-10)"), "efi-stub-packed"),
        (log("6.1.0-56-cloud-arm64 (gcc-12)"), "efi-stub-flat"),
        (log("7.3.4+deb13-arm64-16k (aarch64-linux-gnu-gcc-14)"), "efi-stub-packed"),
        (log("6.6.0 (loongarch64-unknown-linux-gnu-gcc)"), "efi-stub-loongarch"),
        ((MAPS / "linux-two-lists.txt").read_text(), "linux-x86-5-7"),
        ((MAPS / "linux-x86-flags-closed.txt").read_text(), "linux-x86-4-20"),
        ((MAPS / "linux-x86-type.txt").read_text().replace("version 3.13.6", "version 3.16.7"), "linux-x86-3-14"),
    ],
)
def test_auto_takes_the_model_that_the_signs_leave(text: str, model: str) -> None:
    done = mapproof("run", "auto", "-", stdin=text)
    assert done.returncode == 0, done.stderr
    assert f"note[C025]: {model} is taken" in done.stderr
    assert done.stdout.startswith(f"{model}: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ARM, "models that may fit are efi-stub-flat, efi-stub-loongarch, efi-stub-packed, efi-stub-arm-4-15"),
        ((MAPS / "uboot.txt").read_text(), "nothing in this map tells of a kernel"),
        ((MAPS / "runtime-map.json").read_text(), "models that may fit are linux-x86-kexec-4-10, linux-x86-kexec"),
        (
            log("6.1.0-50-686-pae (gcc-12)", (MAPS / "linux-two-lists.txt").read_text()),
            "linux-i386 is for this map, and leaves addresses open",
        ),
        ((MAPS / "uefi-shell-ia64.txt").read_text(), "a region of PAL code says ia64"),
        ("MEMATTR=0xffffffffffffffff\n" + (MAPS / "linux-two-lists.txt").read_text(), "runtime-map"),
    ],
)
def test_where_no_model_or_more_than_one_fits_auto_says_so(text: str, said: str) -> None:
    done = mapproof("run", "auto", "-", stdin=text)
    assert done.returncode == 2
    assert "error[C024]" in done.stderr
    assert said in done.stderr
    assert "help: " in done.stderr


@pytest.mark.parametrize(
    ("name", "kernel", "model"),
    [
        ("uefi-shell.txt", "6.1 x86_64", "linux-x86-5-7"),
        ("uefi-shell.txt", "6.1 x86_64, 32-bit firmware", "linux-x86-mixed-5-7"),
        ("runtime-map.json", "6.1", "linux-x86-kexec"),
        ("runtime-map.json", "4.19", "linux-x86-kexec-4-10"),
        ("grub.txt", "6.1 arm64 16k", "efi-stub-packed"),
        ("grub.txt", "6.1 arm64 4k", "efi-stub-flat"),
        ("xen.txt", "6.1 loongarch64", "efi-stub-loongarch"),
    ],
)
def test_of_a_map_without_a_log_the_user_can_say_all_that_a_log_would(name: str, kernel: str, model: str) -> None:
    done = mapproof("run", "--kernel", kernel, str(MAPS / name))
    assert (done.returncode, f"note[C025]: {model} is taken" in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize("name", ["uefi-shell.txt", "xen.txt", "grub.txt"])
def test_who_has_no_log_is_sent_to_none_and_offered_models_of_every_architecture(name: str) -> None:
    done = mapproof("run", "auto", str(MAPS / name))
    assert done.returncode == 2
    assert "Linux version" not in done.stderr
    assert all(each in done.stderr for each in ("linux-x86-5-7", "linux-x86-mixed-5-7", "efi-stub-flat"))
    example = re.search(r"`mapproof run --kernel '([^']+)' MAP`", done.stderr)
    assert example is not None
    assert mapproof("run", "--kernel", example[1], str(MAPS / name)).returncode == 0


@pytest.mark.parametrize(
    ("text", "wanted", "example"),
    [
        (log("6.1.0 (gcc-12)"), "the architecture and the size of the kernel's pages tell which", "6.1.0 arm64 4k"),
        (
            log("6.1.0+ (aarch64-linux-gnu-gcc-14)"),
            "the size of the kernel's pages (efi-stub-flat for 4 KiB pages or 64 KiB pages; "
            "efi-stub-packed for 16 KiB pages) tells which: say so, as in",
            "6.1.0 arm64 4k",
        ),
        (
            log("5.2.0 (gcc-9)"),
            "the architecture (efi-stub-arm64-4-5 for arm64; efi-stub-arm-4-15 for arm) tells",
            "5.2.0 arm64",
        ),
        (
            (MAPS / "linux-x86-flags-halfopen.txt").read_text().replace("Linux version", "Linux"),
            "the version of the kernel tells which: the whole log, with its line `Linux version`, has that; or say so",
            "4.6 x86_64",
        ),
    ],
)
def test_where_several_models_fit_it_is_told_what_is_lacking_and_how_to_say_it(
    text: str, wanted: str, example: str
) -> None:
    done = mapproof("run", "auto", "-", stdin=text)
    assert done.returncode == 2
    assert wanted in done.stderr
    assert f"as in `mapproof run --kernel '{example}' MAP`" in done.stderr
    assert mapproof("run", "--kernel", example, "-", stdin=text).returncode == 0


def test_a_log_that_lacks_only_what_it_never_tells_is_not_sent_for() -> None:
    done = mapproof("run", "auto", "-", stdin=log("6.1.0+ (aarch64-linux-gnu-gcc-14)"))
    assert "Linux version`, has that" not in done.stderr


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("3.2.0", "linux-x86-ioremap is taken"),
        ("2.6.39", "linux-x86-ioremap is taken"),
        ("2.6.32", "no shipped model is for this map: `Linux version 2.6.32`"),
    ],
)
def test_of_a_kernel_without_a_window_it_is_told_what_its_model_needs_or_that_there_is_none(
    version: str, said: str
) -> None:
    text = (MAPS / "linux-x86-type.txt").read_text().replace("version 3.13.6", f"version {version}")
    done = mapproof("run", "auto", "-", stdin=text)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert "is taken" not in said or "--set memory_end=VALUE" in done.stderr
    assert mapproof("run", "auto", "-", "--set", "memory_end=4G", stdin=text).returncode == (
        0 if "taken" in said else 2
    )


def test_a_map_in_which_nothing_is_for_firmware_is_laid_out_with_a_warning() -> None:
    rows = ROW.format(0x100000, 0x1FFFFF, "Conventional", "   ")
    done = mapproof("run", "auto", "-", stdin=log("6.12.9 (riscv64-linux-gnu-gcc-14)", rows))
    assert (done.returncode, "warning[M354]: no region has the attribute RUNTIME" in done.stderr) == (0, True)


def test_what_the_log_tells_of_beside_the_map_is_told_unless_it_is_set() -> None:
    log = f"Command line: quiet efi=debug\n{(MAPS / 'linux-two-lists.txt').read_text()}"
    told = mapproof("run", "auto", "-", stdin=log)
    set_ = mapproof("run", "auto", "-", "--set", "efi_debug=false", stdin=log)
    assert "note[C026]: as the log tells: efi_debug = true\n" in told.stderr
    assert "C026" not in set_.stderr
    assert "C026" not in mapproof("run", "linux-x86-reversed", "-", stdin=log).stderr
    assert (told.stdout.split()[3], set_.stdout.split()[3]) == ("104", "6")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (str(MAPS / "uefi-shell.txt"), f"`mapproof run auto {MAPS / 'uefi-shell.txt'}` takes the model"),
        ("-", "`mapproof run auto -` takes the model"),
        ("linux-x86-reversed", "Name the memory map that linux-x86-reversed is to lay out"),
        ("auto", "`mapproof run auto MAP`"),
    ],
)
def test_of_one_word_alone_it_is_said_what_is_lacking_beside_it(word: str, said: str) -> None:
    done = mapproof("run", word)
    assert (done.returncode, said in " ".join(done.stderr.split())) == (2, True), done.stderr


def test_what_lies_in_a_region_is_shown_as_a_range_of_addresses() -> None:
    row = "efi: mem0{}: [{}|  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x{:016x}-0x{:016x}] (1MB)\n"
    kinds = enumerate(("Conventional|   ", "Boot Data   |   ", "Runtime Data|RUN"))
    rows = "".join(row.format(n, kind, (n + 1) << 20, ((n + 2) << 20) - 1) for n, kind in kinds)
    done = mapproof("run", "auto", "-", stdin=f"Linux version 6.1.0\nefi: MEMATTR=0x280000 \n{rows}")
    header, *regions = done.stdout.splitlines()[1:-1]
    at = header.index("memblock holds")
    assert [each[at:].split()[0] for each in regions] == ["-", "0x280000..0x280001"]
    assert "taken" not in header


def test_a_log_in_a_capture_is_of_the_kernel_that_the_capture_names(tmp_path: Path) -> None:
    """What was kept of a log may be what the kernel says of EFI alone."""
    (tmp_path / "dmesg-efi.txt").write_text(f"efi: Getting UEFI parameters from /chosen in DT:\n{ARM}")
    unknown = mapproof("run", "auto", str(tmp_path))
    assert (unknown.returncode, "error[C024]" in unknown.stderr) == (2, True)
    for version, model in (("5.10.0-32-arm64 (gcc-10)", "packed"), ("6.1.0-56-cloud-arm64 (gcc-12)", "flat")):
        about = {"arch": "arm64", "proc_version": f"Linux version {version}"}
        (tmp_path / "meta.json").write_text(json.dumps(about))
        done = mapproof("run", "auto", str(tmp_path))
        assert (
            f"note[C025]: efi-stub-{model} is taken: `Linux version {version[:-4].split('-')[0]}` in meta.json"
            in done.stderr
        )
        assert "C023" not in mapproof("check", str(tmp_path / "dmesg-efi.txt")).stderr
    for damaged in ("[]", "{", '{"proc_version": 5}', "[" * 100_000):
        (tmp_path / "meta.json").write_text(damaged)
        assert "error[C024]" in mapproof("run", "auto", str(tmp_path)).stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason="the captures are not here")
@pytest.mark.parametrize(
    ("name", "number", "help"),
    [
        ("shaped-esrt-mok-6.12", 7, "--kexec can be 1"),
        ("q35-512m-6.1", 7, "--kexec can be 1"),
    ],
)
def test_a_kernel_that_a_capture_does_not_have_is_told_with_those_that_it_has(
    name: str, number: int, help: str
) -> None:
    done = mapproof("run", "auto", str(SHARED / "captures" / name), "--kexec", str(number))
    assert (done.returncode, f"what kernel {number} after the first was handed" in done.stderr) == (2, True)
    assert help in done.stderr


def test_the_models_say_for_which_kernels_and_architectures_they_are() -> None:
    models = {each["name"]: each for each in json.loads(mapproof("models", "--format", "json").stdout)["models"]}
    reversed_ = models["linux-x86-reversed"]
    assert reversed_["kernels"] == ["Linux 4.3 and later"]
    assert reversed_["architecture"] == ["x86_64"]
    assert reversed_["file"] == "models/linux-x86-reversed.layout"
    assert reversed_["verdicts"]["any_map: congruent(first)"] == "proved"
    assert models["efi-stub-packed"]["architecture"] == ["arm64", "riscv64", "arm"]
    assert models["kexec-hazards"]["kernels"] == []


# --- booted kernels

BOOTS = sorted((SHARED / "captures" / "2025").glob("*.txt")) if SHARED.is_dir() else []
ENTRY = re.compile(
    r"^(?:D \d+ type=(?P<t>\S+) phys=(?P<p>\S+) virt=(?P<v>\S+) pages=(?P<n>\S+) attr=(?P<a>\S+)"
    r"|RM \d+ (?P<rt>\S+) (?P<rn>\S+) (?P<ra>\S+) (?P<rp>\S+) (?P<rv>\S+))",
    re.MULTILINE,
)


def mapped(text: str) -> dict[int, int]:
    """The virtual addresses that a kernel gave runtime regions, by their physical ones."""
    found = {}
    for each in ENTRY.finditer(text):
        attribute, physical, virtual = (
            each[short] or each[long] for short, long in (("a", "ra"), ("p", "rp"), ("v", "rv"))
        )
        if int(attribute, 16) >> 63 and (each["t"] or each["rt"]) in ("0x5", "0x6", "0xb"):
            found[int(physical, 16)] = int(virtual, 16)
    return found


@pytest.mark.parametrize(
    "path",
    [each for each in BOOTS if "Linux version" in each.read_text() and mapped(each.read_text())],
    ids=lambda path: path.stem,
)
def test_auto_lays_a_boot_out_as_its_kernel_did_or_says_that_it_cannot(path: Path) -> None:
    done = mapproof("run", "auto", str(path), "--format", "json")
    if done.returncode == 2:
        assert path.stem.endswith("kexec1") or path.stem.startswith("i386")
        return
    regions = json.loads(done.stdout)["regions"]
    made = {int(each["phys_addr"], 16): int(each["virt_addr"], 16) for each in regions if each["placed"]}
    kernel = mapped(path.read_text())
    assert kernel
    assert {physical: made[physical] for physical in kernel} == kernel


@pytest.mark.parametrize(("firmware", "first"), [("64-bit", "2.6.39"), ("32-bit", "3.15")])
def test_every_linux_on_x86_has_one_model_of_a_whole_boot(firmware: str, first: str) -> None:
    whole = [each for each in shipped_algorithms() if is_complete(each.algorithm)]
    later = "4.2 4.3 4.5 4.6 4.8 4.9 4.10 4.18 4.19 4.20 5.4 5.5 5.6 5.7 7.3"
    for version in (first, *later.split()):
        signs = signs_of_release(f"{version} x86_64, {firmware} firmware")
        assert signs is not None
        found = [each.name for each in whole if fits(each.algorithm, signs)]
        assert len(found) == 1, (version, found)


def steps(text: str) -> str:
    """The body of the algorithm of a model, without what is stated of its passes for proofs."""
    body = text[text.index("\n{\n") : text.index("\n}\n")]
    return re.sub(r"^( +)invariant .*\n(?:\1 +.*\n)*", "", body, flags=re.MULTILINE)


STUBS = {
    "arm64 4k": "4.0 4.2 4.3 4.4 4.5 4.11 4.12 5.6 5.7 6.0 6.1 7.3",
    "arm64 16k": "4.7 5.6 5.7 6.0 6.1 7.3",
    "arm64 64k": "4.0 4.2 4.3 4.4 4.5 5.6 5.7 6.0 6.1 7.3",
    "arm64 4k efi=novamap": "5.1 5.6 5.7 6.1 7.3",
    "arm": "4.5 4.14 4.15 5.6 5.7 7.3",
    "riscv64": "5.10 6.12 7.3",
    "loongarch64": "6.1 7.3",
    "i386": "2.6.39 4.5 4.6 7.3",
}


@pytest.mark.parametrize("machine", STUBS)
def test_every_linux_elsewhere_has_one_model(machine: str) -> None:
    models = [each for each in shipped_algorithms() if not is_complete(each.algorithm)]
    for version in STUBS[machine].split():
        signs = signs_of_release(f"{version} {machine}")
        assert signs is not None
        found = [each.name for each in models if fits(each.algorithm, signs)]
        assert len(found) == 1, (version, found)


@pytest.mark.parametrize(
    ("machine", "before", "first"),
    [
        ("arm64", "3.19", "4.0"),
        ("arm", "4.4", "4.5"),
        ("riscv64", "5.9", "5.10"),
        ("loongarch64", "6.0", "6.1"),
        ("i386", "2.6.38", "2.6.39"),
        ("x86_64", "2.6.38", "2.6.39"),
        ("x86_64, 32-bit firmware", "3.14", "3.15"),
    ],
)
def test_of_a_kernel_without_a_model_it_is_said_which_is_the_first_that_has_one(
    machine: str, before: str, first: str
) -> None:
    known = [(each.name, each.algorithm) for each in shipped_algorithms()]
    signs = signs_of_release(f"{before} {machine}")
    assert signs is not None
    assert not [name for name, algorithm in known if fits(algorithm, signs)]
    assert since(known, signs) == f"of Linux on {machine.partition(',')[0]} there is none before {first}"


def test_the_steps_of_the_sorting_stub_are_those_that_are_proved_from_both_bases() -> None:
    """efi-stub-arm64-4-3 leaves what takes long to efi-stub-arm64-4-5, where addresses begin at either's base."""
    older, newer = (library.models()[f"efi-stub-arm64-4-{each}"].read_text() for each in (3, 5))
    assert "FIRST_BASE: va = 0x4000_0000" in older
    assert "first_base == 0x4000_0000" in newer
    assert steps(older).replace("FIRST_BASE", "first_base") == steps(newer)


def test_the_stub_lays_out_one_to_one_where_the_command_line_has_novamap() -> None:
    for words, model in (("efi=debug,novamap", "efi-stub-novamap"), ("efi=debug quiet", "efi-stub-packed")):
        said = f"Kernel command line: console=ttyS0 {words}\n{ARM}"
        done = mapproof("run", "auto", "-", stdin=log("6.12.9 (riscv64-linux-gnu-gcc-14)", said))
        assert f"note[C025]: {model} is taken" in done.stderr
    on_x86 = (MAPS / "linux-two-lists.txt").read_text()
    done = mapproof("run", "auto", "-", stdin=f"Command line: efi=novamap\n{on_x86}")
    assert "note[C025]: linux-x86-5-7 is taken" in done.stderr
