"""The door for programs, as they use it: `import checker`."""

from __future__ import annotations

import ast
import doctest
import os
import subprocess
import sys
from pathlib import Path

import pytest

import checker
from checker.doors import algorithms, maps, programs, verdicts
from tests.helpers.documents import furnish
from tests.helpers.places import CAPTURES, DATA, ROOT

HEAVY = ("z3", "lark", "rich", "click", "msgspec", "cvc5")

ONE_CHECK = """
use uefi, x86_64, invariants
algorithm bottom(map: MemoryMap, base: va = EFI_WINDOW.start) {
    for region in map where region.runtime { place region at base }
}
scenario any_map {
    given map: MemoryMap where well_formed
    let made = bottom(map)
    check all_runtime_placed(made)
    check no_overlap(made) expect refuted
}
"""


def after(script: str) -> set[str]:
    """The heavy packages that are loaded once a script is done."""
    show = f"import sys; print({HEAVY} and sorted(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\n{show}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ast.literal_eval(done.stdout))


def program() -> checker.Program:
    found = checker.load_text(ONE_CHECK)
    assert not isinstance(found, checker.Diagnostic)
    return found


def test_importing_the_door_loads_nothing_heavy() -> None:
    assert after("import checker; dir(checker); checker.models; checker.Diagnostic; checker.Descriptor") == set()


def test_a_map_is_read_without_parser_and_solver() -> None:
    assert not {"z3", "lark"} & after("import checker; checker.read_map(b'[]')")


def test_a_program_is_read_and_run_without_the_solver() -> None:
    script = (
        f"import checker; checker.lay_out('linux-x86-reversed', checker.read_map({str(DATA / 'maps' / 'xen.txt')!r}))"
    )
    assert "z3" not in after(script)


def test_pictures_are_drawn_without_the_solver() -> None:
    script = "import checker.cli.layouts, checker.report.pictures.read, checker.report.pictures.html"
    assert "z3" not in after(script)


def test_every_name_of_the_interface_is_there_and_no_other_is_promised() -> None:
    assert all(hasattr(checker, name) for name in checker.__all__)
    assert set(checker.__all__) <= set(dir(checker))
    with pytest.raises(AttributeError, match="has no attribute 'prover'"):
        checker.prover  # type: ignore[attr-defined]  # noqa: B018


def test_a_room_that_is_called_like_a_function_does_not_take_its_place() -> None:
    script = "import sys, checker, checker.verify.run; assert callable(checker.verify), checker.verify"
    after(f"{script}; assert sys.modules['checker.verify'].run")


def test_the_examples_of_the_interface_are_right() -> None:
    found = [doctest.testmod(module) for module in (checker, algorithms, maps, programs, verdicts)]
    assert sum(each.attempted for each in found) > 10
    assert sum(each.failed for each in found) == 0


@pytest.mark.slow
def test_the_page_about_the_interface_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(tmp_path)
    (tmp_path / "README.md").symlink_to(ROOT / "README.md")
    monkeypatch.chdir(tmp_path)
    page = str(ROOT / "docs" / "python.md")
    found = doctest.testfile(page, module_relative=False, optionflags=doctest.ELLIPSIS)
    assert found.attempted > 10
    assert found.failed == 0


def test_results_come_in_the_order_of_the_text_with_their_outcomes() -> None:
    found = checker.verify(program(), jobs=2)
    assert isinstance(found, tuple)
    placed, overlap = found
    assert isinstance(placed.result.outcome, checker.Proved)
    assert isinstance(overlap.result.outcome, checker.Refuted)
    assert checker.exit_status(found) is checker.ExitStatus.AS_EXPECTED
    assert "both hold" in checker.describe(overlap)


def test_what_cannot_be_asked_is_a_diagnostic() -> None:
    for asked in (
        checker.verify(),
        checker.verify(program(), properties=["stable"]),
        checker.verify(program(), cross_check="abacus"),
        checker.verify(program(), certificate="/nowhere/at/all.json"),
        checker.recheck("/nowhere/at/all.json"),
        checker.load("/nowhere/at/all.layout"),
        checker.read_map("/nowhere/at/all.txt"),
        checker.check_handover("/nowhere/at/all"),
        checker.format_text("const"),
    ):
        assert isinstance(asked, checker.Diagnostic)
        assert checker.describe(asked)


def test_a_certificate_is_checked_again_and_one_that_claims_too_much_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "bottom.layout").write_text(ONE_CHECK)
    found = checker.load(tmp_path / "bottom.layout")
    assert isinstance(found, checker.Program)
    kept = tmp_path / "kept.json"
    assert isinstance(checker.verify(found, certificate=kept), tuple)
    again = checker.recheck(kept)
    assert isinstance(again, tuple)
    assert [each.result.verdict for each in again] == [checker.Verdict.PROVED, checker.Verdict.REFUTED]
    (tmp_path / "bottom.layout").write_text(ONE_CHECK + "\n")
    changed = checker.recheck(kept)
    assert isinstance(changed, checker.Diagnostic)
    assert changed.code == "C012"


def test_another_solver_can_be_asked() -> None:
    pytest.importorskip("cvc5")
    found = checker.verify(program(), properties=["all_runtime_placed"], cross_check="cvc5")
    assert isinstance(found, tuple)
    opinion = found[0].opinion
    assert opinion is not None
    assert opinion.confirms


def test_an_algorithm_of_a_program_is_run_with_settings() -> None:
    (algorithm,) = program().program.algorithms
    found = checker.read_map(DATA / "maps" / "linux-x86-type.txt")
    assert isinstance(found, checker.MemoryMap)
    layout = checker.lay_out(algorithm, found, settings={"base": 0x1000})
    assert isinstance(layout, checker.Layout)
    assert {region["virt_addr"] for region in layout.regions if region["placed"]} == {0x1000}


def test_a_capture_is_checked() -> None:
    steps = checker.check_handover(CAPTURES / "shaped-esrt-mok-6.12")
    assert isinstance(steps, tuple)
    assert [step.restored for step in steps] == [False, True]


def test_the_statements_of_a_proof_can_be_had() -> None:
    found = checker.verify(program(), properties=["all_runtime_placed"], statements=True)
    assert isinstance(found, tuple)
    assert all("(check-sat)" in each.head + each.body for each in found[0].result.written)
    assert found[0].result.written


def test_the_solvers_that_are_known_are_asked() -> None:
    names = {each.other.name: each.version for each in checker.solvers()}
    assert "cvc5" in names


def test_a_cache_is_used_where_one_is_named(tmp_path: Path) -> None:
    program = checker.load("linux-x86-forward")
    assert not isinstance(program, checker.Diagnostic)
    found = [checker.verify(program, properties=["congruent"], cache=tmp_path / "kept") for _ in range(2)]
    told = [[each.result.outcome for each in results] for results in found if isinstance(results, tuple)]
    assert told[0] == told[1]
    assert list((tmp_path / "kept").rglob("*.json"))
    (tmp_path / "file").write_text("")
    wrong = checker.verify(program, cache=tmp_path / "file")
    assert isinstance(wrong, checker.Diagnostic)
    assert wrong.code == "C070"


def test_an_executor_is_used_where_one_is_named() -> None:
    wrong = checker.verify(program(), executor="nowhere")
    assert isinstance(wrong, checker.Diagnostic)
    assert wrong.message == "there is no executor `nowhere`"
    found = checker.verify(program(), properties=["all_runtime_placed"], executor="local")
    assert isinstance(found, tuple)
    assert [each.result.verdict.value for each in found] == ["proved"]
