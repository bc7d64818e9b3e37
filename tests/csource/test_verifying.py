"""`mapproof verify --source`: the scenarios of a model, with the algorithm that a tree's C comes to in its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.language import load_text
from checker.library import Program
from checker.prove import Verdict
from checker.verify.plan import plan
from checker.verify.replaced import Replacement, with_algorithm
from checker.verify.results import CheckResult
from checker.verify.run import Options, verify
from tests.helpers.command import mapproof
from tests.helpers.loading import desk
from tests.helpers.places import ROOT, SPEC

TREE = ROOT / "tests" / "data" / "trees" / "upwards"
BINDING = f"--binding={TREE / 'upwards.toml'}"
MODEL = str(TREE / "upwards.layout")


@pytest.fixture
def low(tmp_path: Path) -> str:
    """The tree, in a folder beside which the command is run, with an allocator that begins one page lower."""
    shutil.copytree(TREE, tmp_path / "tree")
    path = tmp_path / "tree" / "walk.c"
    path.write_text(path.read_text().replace("0x100000UL", "0xff000UL"))
    return "tree"


# --- the command


def test_the_scenarios_of_a_model_are_proved_of_the_tree() -> None:
    done = mapproof("verify", "--source", str(TREE), BINDING, MODEL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"`upwards` is walk() of {TREE / 'walk.c'}:29" in done.stdout
    assert "2 checks: 1 proved, 1 refuted; all as expected" in done.stdout


def test_a_counterexample_names_the_lines_of_c(low: str, tmp_path: Path) -> None:
    outputs = ("--output", "sarif=found.sarif", "--output", "json=found.json")
    done = mapproof("verify", "--source", low, BINDING, MODEL, *outputs, cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "0x100000 <= 0xff000 is not so" in done.stdout
    assert "tree/walk.c:25: `made` writes virt_addr and placed: `md->virt_addr = next_free`" in done.stdout
    assert json.loads((tmp_path / "found.json").read_text())["results"][0]["read_from"].endswith("tree/walk.c:29")
    (found,) = json.loads((tmp_path / "found.sarif").read_text())["runs"][0]["results"]
    places = [each["physicalLocation"] for each in found["relatedLocations"]]
    in_c = [each["region"]["startLine"] for each in places if each["artifactLocation"]["uri"] == "tree/walk.c"]
    assert in_c == [29, 25]


def test_a_refutation_that_is_expected_names_the_lines_of_c_too() -> None:
    done = mapproof("verify", "--source", str(TREE), BINDING, MODEL)
    refuted = done.stdout.partition("all_runtime_placed(made)")[2]
    assert f"{TREE / 'walk.c'}:25: `made` writes placed: `md->virt_addr = next_free`" in refuted


def test_what_is_known_of_one_tree_is_not_known_of_another_nor_of_the_model(low: str, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / low, tmp_path / "other")
    known, words = str(tmp_path / "known.json"), (BINDING, MODEL, "-k", "virt_addr", "-q")
    assert mapproof("verify", "--source", low, *words, "--write-baseline", known, cwd=tmp_path).returncode == 1
    assert mapproof("verify", "--source", low, *words, "--baseline", known, cwd=tmp_path).returncode == 0
    walk = tmp_path / low / "walk.c"
    walk.write_text("\n" + walk.read_text())
    assert mapproof("verify", "--source", low, *words, "--baseline", known, cwd=tmp_path).returncode == 0
    assert mapproof("verify", "--source", "other", *words, "--baseline", known, cwd=tmp_path).returncode == 1


def test_what_the_cache_keeps_of_one_tree_is_said_of_no_other(low: str, tmp_path: Path) -> None:
    words = (MODEL, "--cache", str(tmp_path / "kept"), "-k", "virt_addr", "-q")
    assert mapproof("verify", *words).returncode == 0
    assert mapproof("verify", "--source", str(TREE), BINDING, *words).returncode == 0
    assert mapproof("verify", "--source", low, BINDING, *words, cwd=tmp_path).returncode == 1
    assert mapproof("verify", "--source", low, BINDING, *words, "--trust-cache", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize("option", ["--certificate", "--certificate-bundle", "--counterexamples"])
def test_nothing_is_kept_that_would_be_looked_for_in_the_model(option: str, tmp_path: Path) -> None:
    done = mapproof("verify", "--source", str(TREE), BINDING, MODEL, option, str(tmp_path / "kept"))
    assert done.returncode == 2
    assert f"error[S011]: {option} keeps verdicts on a program" in done.stderr
    assert "mapproof import" in done.stderr
    assert not (tmp_path / "kept").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", str(TREE), BINDING), "name the model"),
        (("--source", str(TREE), BINDING, MODEL, "--watch"), "--watch does not look at a tree"),
        ((BINDING, MODEL), "name the tree with --source"),
        (("--source", str(TREE), "kexec-agreement"), "no shipped binding names the model `kexec-agreement`"),
    ],
)
def test_what_does_not_go_together_is_refused(words: tuple[str, ...], said: str) -> None:
    done = mapproof("verify", *words)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


def test_a_model_without_a_binding_is_told_which_of_the_same_machines_has_one() -> None:
    of_a_boot = mapproof("conform", "linux-x86-5-7", str(TREE))
    assert of_a_boot.returncode == 2
    assert "hold linux-x86-reversed against the tree, which is for such machines too; or name" in of_a_boot.stderr
    of_older_kernels = mapproof("conform", "linux-x86-forward", str(TREE))
    assert "help: name one with --binding, shipped or a file `.toml`; " in of_older_kernels.stderr
    assert "linux-x86-64 is for linux-x86-reversed" in of_older_kernels.stderr


def test_what_is_no_kernel_is_told_by_its_own_name() -> None:
    done = mapproof("conform", "linux-x86-reversed", str(TREE))
    assert done.returncode == 2
    assert f"error[S001]: cannot read {TREE}/arch/x86/platform/efi/efi.c: No such file" in done.stderr


def test_c_that_is_not_understood_ends_with_its_place(low: str, tmp_path: Path) -> None:
    path = tmp_path / low / "walk.c"
    path.write_text(path.read_text().replace("put(md);", "put(md + 1);"))
    done = mapproof("verify", "--source", low, BINDING, MODEL, cwd=tmp_path)
    assert done.returncode == 2
    assert "walk.c:25:" in done.stderr
    assert "proved" not in done.stdout


# --- the program that is verified


def loaded(text: str) -> p.Program:
    made = load_text("own.layout", f"use uefi, x86_64, kexec, reservations\n{text}".encode(), (SPEC,), desk=desk())
    assert isinstance(made, p.Program), made
    return made


def put(model: str, text: str, unread: frozenset[str] = frozenset()) -> Program | Diagnostic:
    """A model in which another algorithm runs."""
    opened = Program("own.layout", ROOT / "own.layout", loaded(model))
    read = loaded(f"algorithm read{text}").algorithms[0]
    return with_algorithm(opened, Replacement(read, "read() of walk.c:1", unread))


def verdicts(made: Program | Diagnostic) -> list[Verdict]:
    assert isinstance(made, Program), made
    found = [each for each in verify(plan([made]), Options()) if isinstance(each, CheckResult)]
    return [each.result.verdict for each in sorted(found, key=lambda each: each.order)]


def refusal(made: Program | Diagnostic) -> str:
    assert isinstance(made, Diagnostic), made
    assert (made.code, made.span is not None, bool(made.help)) == ("S010", True, True)
    return made.message


AT = "(map: MemoryMap, at: va) { for region in map { place region at at } }"
TWICE = f"""
algorithm own{AT}
scenario twice {{
    given map: MemoryMap
    let low = own(map, 4K)
    let high = own(map, 8K)
    check each r in low: r.virt_addr == 4K
    check each r in high: r.virt_addr == 8K
}}
"""


def test_each_run_is_replaced_and_keeps_its_arguments() -> None:
    assert verdicts(put(TWICE, AT)) == [Verdict.PROVED, Verdict.PROVED]
    above = AT.replace("at at", "at at +% 4K")
    assert verdicts(put(TWICE, above)) == [Verdict.REFUTED, Verdict.REFUTED]


def test_arguments_are_passed_by_name() -> None:
    model = """
    algorithm own(map: MemoryMap, at: va, over: va) { for region in map { place region at at } }
    scenario s { given map: MemoryMap let made = own(map, 4K, 8K) check each r in made: r.virt_addr == 4K }
    """
    turned = "(map: MemoryMap, over: va, at: va) { for region in map { place region at %s } }"
    assert verdicts(put(model, turned % "at")) == [Verdict.PROVED]
    assert verdicts(put(model, turned % "over")) == [Verdict.REFUTED]


def test_a_parameter_of_the_c_alone_is_any_value_the_same_in_all_runs() -> None:
    model = """
    property alike(one: Layout, two: Layout) = each r in one with s in two: r.virt_addr == s.virt_addr
    algorithm own(map: MemoryMap) { for region in map { place region at 4K } }
    scenario s {
        given map: MemoryMap
        given odd: va where odd == 4K
        let one = own(map)
        let two = own(map)
        check each r in one: r.virt_addr == 4K
        check alike(one, two)
    }
    """
    # It is not the scenario's own `odd`, of which more is known.
    made = put(model, "(map: MemoryMap, odd: va) { for region in map { place region at odd } }")
    assert verdicts(made) == [Verdict.REFUTED, Verdict.PROVED]


def test_a_chain_of_kernels_runs_the_tree_in_each() -> None:
    model = """
    algorithm own(map: MemoryMap) { for region in map { export region place region at region.virt_addr } }
    scenario s {
        given map: MemoryMap
        let first = own(map)
        let last = repeat own(efi_memmap(first))
        check stable(first, last)
    }
    """
    same = "(map: MemoryMap) { for region in map { export region place region at region.virt_addr } }"
    moved = same.replace("at region.virt_addr", "at region.virt_addr +% 4K")
    assert verdicts(put(model, same)) == [Verdict.PROVED]
    assert verdicts(put(model, moved)) == [Verdict.REFUTED]


def test_scenarios_that_do_not_run_it_are_left_out() -> None:
    model = f"""{TWICE}
    algorithm another(map: MemoryMap) {{ for region in map {{ place region at 1M }} }}
    scenario other {{ given map: MemoryMap let made = another(map) check each r in made: r.virt_addr == 1M }}
    """
    made = put(model, AT)
    assert isinstance(made, Program)
    assert made.only == {"twice"}


PLACING = "{ for region in map { place region at 4K } }"
PLAIN = f"algorithm own(map: MemoryMap) {PLACING}"
SCENARIO = "scenario s { given map: MemoryMap let made = own(map) check each r in made: r.placed }"


@pytest.mark.parametrize(
    ("model", "text", "said"),
    [
        (TWICE, f"(map: MemoryMap) {PLACING}", "`own` has a parameter `at`, and what was read has none of that name"),
        (TWICE, AT.replace("at: va", "at: pa").replace("at at", "at at as va"), "`at` is a va for `own` and a pa"),
        (
            f"{PLAIN} {SCENARIO}",
            f"(map: MemoryMap, held: EntryMap) {PLACING}",
            "takes `held` beside the map",
        ),
        (
            f"record Cell {{ placed at virt_addr: va }} list Cells of Cell layout Shelf of Cells "
            f"algorithm own(map: Cells) {PLACING} {SCENARIO.replace('MemoryMap', 'Cells')}",
            f"(map: MemoryMap) {PLACING}",
            "`own` lays out a Cell, and what was read a",
        ),
        (
            "algorithm own(map: MemoryMap) { var end: va = 4K for region in map { end = 8K place region at end } }"
            "scenario s { given map: MemoryMap let made = own(map) check made.end >= 4K }",
            "(map: MemoryMap) { var end: va = 4K for region in map { place region at end } }",
            "speaks of what a variable of `own` ends with",
        ),
        (
            f"{PLAIN} {SCENARIO}",
            "(map: MemoryMap) { choose at: va in 4K..1M for region in map { place region at at } }",
            "`read` chooses or splits",
        ),
        (
            f"{PLAIN} {SCENARIO}",
            "(map: MemoryMap) { for region in map { place region at (region.phys_addr as va) + 4K } }",
            "`read` claims that arithmetic fits",
        ),
        (
            f"{PLAIN} algorithm more(map: MemoryMap) {PLACING} {SCENARIO.replace('own', 'more')}",
            f"(map: MemoryMap) {PLACING}",
            "no scenario of own.layout that is meant runs `own`",
        ),
        (
            f"{PLAIN.replace('own', 'one')} algorithm two(map: MemoryMap) {PLACING} {SCENARIO.replace('own', 'one')}",
            f"(map: MemoryMap) {PLACING}",
            "does not say which of its algorithms is to be replaced",
        ),
    ],
)
def test_an_algorithm_that_does_not_fit_is_refused(model: str, text: str, said: str) -> None:
    assert said in refusal(put(model, text))


def test_a_parameter_that_the_c_could_have_and_does_not_read_is_left_out() -> None:
    made = put(TWICE, f"(map: MemoryMap) {PLACING}", frozenset({"at"}))
    assert verdicts(made) == [Verdict.PROVED, Verdict.REFUTED]
