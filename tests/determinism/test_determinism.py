"""What must not change a result does not change it: a few files in all ways, and what the records say of the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checker.base.diagnostic import Diagnostic
from checker.library import Program, models, open_program
from checker.prove import Limits
from checker.verify.plan import plan

from .effort import essence, expecting_proofs, hasty, outcome, results
from .variations import FORMS, JSON, ROOT, USUAL, VARIATIONS, Variation, run

pytestmark = pytest.mark.slow

FOOLING = ("changing-filter", "choose-lowest", "choose-nothing")
FILES = ("boot-services-unmapped", "wrong/cut.layout", *(f"own/{name}.layout" for name in FOOLING))
"""A shipped model, and a user's own files, of which one is not whole."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders that hold the same files, but not at the same place."""
    here = tmp_path_factory.mktemp("here")
    (here / "own").mkdir()
    (here / "wrong").mkdir()
    for name in FOOLING:
        shutil.copy(ROOT / "tests" / "data" / "fooling" / f"{name}.layout", here / "own")
    (here / "wrong" / "cut.layout").write_text("use uefi\nscenario s {\n")
    there = tmp_path_factory.mktemp("there") / "further down"
    shutil.copytree(here, there)
    return here, there


MIXED = tuple(
    Variation(
        f"PYTHONHASHSEED={seed}, and more",
        hash_seed=seed,
        jobs=1 + seed % 2,
        shuffle=seed,
        elsewhere=seed % 3 == 0,
        environment=next(each.environment for each in VARIATIONS if each.environment) if seed % 4 == 0 else {},
        often=100 if seed == 5 else None,
    )
    for seed in (3, 4, 5)
)
"""Everything varied at once: what makes a difference, `python -m tests.determinism` tells. Each form has two."""


@pytest.mark.parametrize(("form", "varied"), [(FORMS[0], MIXED[:2]), (FORMS[1], MIXED[1:])], ids=["text", "json"])
def test_the_same_files_give_the_same_bytes(
    form: tuple[str, ...], varied: tuple[Variation, ...], places: tuple[Path, Path]
) -> None:
    usual = run(FILES, form, USUAL, places)
    assert usual.status == 2
    assert all(word in usual.output for word in (b"proved", b"refuted", b"vacuous"))
    assert b"error[" in usual.complaints
    for variation in varied:
        assert run(FILES, form, variation, places) == usual, variation


def test_a_machine_four_times_slower_gives_the_same_bytes(places: tuple[Path, Path]) -> None:
    (slow,) = (each for each in VARIATIONS if each.slow)
    names = FILES[2:3]
    assert run(names, JSON, slow, places) == run(names, JSON, USUAL, places)


def test_which_checks_are_asked_for_does_not_change_a_verdict() -> None:
    # What shows that `fits` holds after each turn is a candidate only because of another check.
    program = opened(models()["coalesced"])
    whole = results([program], Limits(), 2)
    asked = results([program], Limits(), 2, ("fits",))
    assert len(asked) == 2
    assert {place: essence(result) for place, result in asked.items()} == {
        place: essence(whole[place]) for place in asked
    }


def test_a_quick_search_that_runs_out_does_not_change_a_verdict() -> None:
    files = (ROOT / "tests" / "data" / "fooling" / f"{name}.layout" for name in FOOLING[:2])
    programs = [expecting_proofs(opened(path)) for path in files]
    usual = results(programs, Limits(), 2)
    assert {result.verdict.value for result in usual.values()} == {"proved", "refuted"}
    for effort in (1, Limits().per_query):
        other = hasty(programs, effort, Limits(), 2)
        assert {place: outcome(each) for place, each in other.items()} == {
            place: outcome(each) for place, each in usual.items()
        }


def test_two_files_of_one_name_are_told_apart_whatever_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shipped,) = [path for path in models().values() if path.stem == "rederive"]
    own = tmp_path / shipped.relative_to(ROOT)
    own.parent.mkdir(parents=True)
    own.write_text(shipped.read_text())
    monkeypatch.chdir(tmp_path)
    programs = [opened(own.relative_to(tmp_path)), opened(shipped)]
    assert programs[0].name == programs[1].name
    names = [[task.program.name for task in plan(order)] for order in (programs, programs[::-1])]
    assert names[0] == names[1]
    assert set(names[0]) == {str(own), str(shipped)}


def test_a_file_that_is_named_twice_has_one_name_whatever_comes_first(places: tuple[Path, Path]) -> None:
    link = places[0] / "own" / "a link.layout"
    link.symlink_to("choose-lowest.layout")
    names = ["own/choose-lowest.layout", "own/a link.layout", "wrong/cut.layout", "wrong/../wrong/cut.layout"]
    said = [run(order, JSON, USUAL, places) for order in (names, names[::-1])]
    link.unlink()
    assert said[0] == said[1]
    assert said[0].complaints.count(b"error[") == 2


def opened(path: Path) -> Program:
    program = open_program(path)
    assert not isinstance(program, Diagnostic), program
    return program
