"""The cache as a value: what is asked again is not searched for again, and nothing that it says is believed."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checker import library
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.versions import PACKAGE, code_digest, digest_of, versions
from checker.prove import Limits, Result, Verdict
from checker.verify.cache import decide, store
from checker.verify.cache import key as questions
from checker.verify.cache.decide import Caching, Confirming, verify_cached
from checker.verify.cache.entry import Entry, SearchCost, decode, encode
from checker.verify.cache.key import MAKING_VERDICTS, Digests, cache_keys
from checker.verify.cache.store import Store, open_store, others_can_write
from checker.verify.certificate import Values, valuation_of
from checker.verify.plan import Task, plan
from checker.verify.results import CheckResult, Notice
from checker.verify.run import Options, prove

CELLS = """
record Cell { placed at spot: va  base: pa }
list Cells of Cell
layout Shelf of Cells
algorithm fill(cells: Cells) { var at: va = 4K for cell in cells { place cell at at  if at < 64K { at += 4K } } }
property low(shelf: Shelf) = each c in shelf where c.placed: c.spot <= 64K
property high(shelf: Shelf) = each c in shelf where c.placed: c.spot >= 4K
property few(shelf: Shelf) = each c in shelf where c.placed: c.spot < 8K
property odd(shelf: Shelf) = each c in shelf where not c.placed: c.spot > 8K
scenario s {
    given cells: Cells
    let shelf = fill(cells)
    check low(shelf)
    check high(shelf)
    check few(shelf) expect refuted
    check odd(shelf) expect vacuous
}
"""
VERDICTS = {
    "low(shelf)": "proved",
    "high(shelf)": "proved",
    "few(shelf)": "refuted",
    "odd(shelf)": "vacuous",
    "exact_arithmetic(shelf)": "proved",
}
KEPT = sorted(name for name, verdict in VERDICTS.items() if verdict != "vacuous")


def tasks_of(text: str, folder: Path, name: str = "cells.layout") -> tuple[Task, ...]:
    (folder / name).write_text(text)
    program = library.open_program(folder / name)
    assert not isinstance(program, Diagnostic), program
    return plan([program])


class Run:
    """A verification with a cache: its results, by the texts of checks, and which of them were searched for."""

    def __init__(self, folder: Path, text: str = CELLS, trust: bool = False, options: Options | None = None) -> None:
        log = folder / "log"
        log.write_text("")

        def searching(task: Task, options: Options) -> Iterator[Result]:
            with log.open("a") as file:
                file.writelines(f"{check.label}\n" for check in task.checks)
            return prove(task, options)

        opened = open_store(folder / "kept")
        assert isinstance(opened, Store), opened
        tasks = tasks_of(text, folder)
        events = list(verify_cached(tasks, options or Options(), Caching(opened, trust), searching))
        self.results = {each.result.check.label: each for each in events if isinstance(each, CheckResult)}
        self.notices = [each.diagnostic for each in events if isinstance(each, Notice)]
        self.searched = sorted(log.read_text().split("\n")[:-1])
        assert len(self.results) == sum(len(task.checks) for task in tasks)

    @property
    def verdicts(self) -> dict[str, str]:
        return {label: each.result.verdict.value for label, each in self.results.items()}

    @property
    def told(self) -> dict[str, object]:
        """All that reports tell of, but for times."""
        return {
            label: (each.result.outcome, replace(each.result.cost, seconds=0.0), each.result.stated, each.seen)
            for label, each in self.results.items()
        }


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cache in which everything is that can be."""
    folder = tmp_path_factory.mktemp("filled")
    first = Run(folder)
    assert first.verdicts == VERDICTS
    assert first.searched == sorted(VERDICTS)
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    """A copy of it that can be changed."""
    for path in filled.rglob("*.json"):
        copy = tmp_path / path.relative_to(filled)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        copy.chmod(0o644)
    (tmp_path / "kept").chmod(0o700)
    return tmp_path


def files(folder: Path) -> list[Path]:
    return sorted((folder / "kept").rglob("*.json"))


def entries(folder: Path) -> dict[str, Entry]:
    """The entries, by the texts of their checks."""
    opened = open_store(folder / "kept")
    assert isinstance(opened, Store)
    found: dict[str, Entry] = {}
    for task in tasks_of(CELLS, folder):
        for check, key in zip(task.checks, cache_keys(task, Limits(), versions(), Digests()), strict=True):
            entry = opened.read(key)
            assert entry is not None
            found[check.label] = entry
    return found


def put(folder: Path, entry: Entry) -> None:
    opened = open_store(folder / "kept")
    assert isinstance(opened, Store)
    assert opened.write(entry.sealed()) is None


# --- what is asked again


def test_what_was_found_is_not_searched_for_again_and_told_in_the_same_words(folder: Path) -> None:
    warm = Run(folder)
    assert warm.searched == ["odd(shelf)"]
    (folder / "none").mkdir()
    cold = Run(folder / "none")
    assert warm.told == cold.told
    worded = [[each.result.worded for each in run.results.values()] for run in (warm, cold)]
    assert worded[0] == worded[1]
    assert any(worded[0])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: f"# a comment, and empty lines\n\n\n{text}",
        lambda text: text.replace("scenario s", "scenario renamed"),
        lambda text: text.replace("low", "below"),
        lambda text: text.replace("check high(shelf)\n", "").replace("check low", "check high(shelf) check low"),
    ],
    ids=["elsewhere", "another scenario's name", "another property's name", "another order"],
)
def test_the_same_question_elsewhere_is_the_same(folder: Path, change: Callable[[str], str]) -> None:
    assert Run(folder, change(CELLS)).searched == ["odd(shelf)"]


def test_words_are_made_where_they_are_wanted(folder: Path) -> None:
    opened = open_store(folder / "kept")
    assert isinstance(opened, Store)
    for words in (True, False):
        events = verify_cached(tasks_of(CELLS, folder), Options(), Caching(opened, words=words))
        proved = [each.result for each in events if isinstance(each, CheckResult) and each.result.invariants]
        assert proved
        assert all(bool(each.worded) is words for each in proved)


def test_the_hardest_is_confirmed_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hardest = entries(folder)["few(shelf)"]
    put(folder, replace(hardest, spent=replace(hardest.spent, effort=Limits().effort)).sealed())
    asked: list[str] = []

    def confirming(self: Confirming, task: Task, options: Options) -> Iterator[Result]:
        asked.extend(check.label for check in task.checks)
        return iter(())

    class Here:
        """Does in this process what is to be done, and ends no task."""

        problems = ()

        def run(self, work: Callable[[Any], Iterator[Any]], items: Any, *_: object) -> Iterator[Any]:
            for each in items:
                list(work(each))
            return iter(())

    monkeypatch.setattr(Confirming, "__call__", confirming)
    opened = open_store(folder / "kept")
    assert isinstance(opened, Store)
    parts = [
        replace(task, positions=(position,), group=())
        for task in tasks_of(CELLS, folder)
        for position in task.positions
    ]
    options = Options(executor=Here())  # type: ignore[arg-type]
    list(verify_cached(parts, options, Caching(opened)))
    assert asked[0] == "few(shelf)"


def test_a_change_of_one_property_searches_for_that_one(folder: Path) -> None:
    changed = Run(folder, CELLS.replace("c.spot >= 4K", "c.spot > 0"))
    assert changed.searched == ["high(shelf)", "odd(shelf)"]
    assert changed.verdicts == VERDICTS


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("at += 4K", "at += 8K").replace("<= 64K", "<= 72K"),
        lambda text: text.replace("given cells: Cells", "given cells: Cells where each c in cells: c.base > 0"),
    ],
    ids=["algorithm", "assumption"],
)
def test_another_algorithm_or_assumption_is_another_question(folder: Path, change: Callable[[str], str]) -> None:
    assert Run(folder, change(CELLS)).searched == sorted(VERDICTS)


def test_other_limits_or_versions_are_another_question(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Run(folder, options=Options(limits=Limits(bound=5))).searched == sorted(VERDICTS)
    monkeypatch.setattr(decide, "versions", lambda: {"tool": "mapproof 0.1.0", "solver": "z3 0"})
    assert Run(folder).searched == sorted(VERDICTS)


@pytest.mark.parametrize("edited", ["prove/engine.py", "language/syntax/grammar.lark", "verify/results.py"])
def test_an_edited_checker_is_another_one(edited: str, tmp_path: Path) -> None:
    """The digest in a question is of the code itself: a comment more in a module, or in the grammar, changes it."""
    parts = MAKING_VERDICTS
    package = tmp_path / "checker"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "shipped"))
    assert digest_of(package, parts) == code_digest(*parts)
    with (package / edited).open("a") as file:
        file.write("\n# a line more\n" if edited.endswith(".py") else "\n// a line more\n")
    assert digest_of(package, parts) != code_digest(*parts)


def test_what_another_checker_left_is_not_believed_though_the_cache_is_trusted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Run(folder, trust=True).searched == []
    monkeypatch.setattr(questions, "code_digest", lambda *parts: "edited")
    again = Run(folder, trust=True)
    assert again.searched == sorted(VERDICTS)
    assert not any(each.trusted for each in again.results.values())


# --- what it says is not believed


def right(tasks: tuple[Task, ...], claimed: Entry, label: str) -> Result:
    """What is made of an entry's claim of a check."""
    task, index = next((t, i) for t in tasks for i, check in enumerate(t.checks) if check.label == label)
    part = replace(task, positions=(task.positions[index],), group=task.group or task.positions)
    (found,) = Confirming({part.key: [claimed]})(part, Options())
    return found


def test_a_proof_of_something_else_proves_nothing(folder: Path) -> None:
    kept = entries(folder)
    tasks = tasks_of(CELLS, folder)
    assert right(tasks, kept["low(shelf)"], "few(shelf)").verdict is Verdict.REJECTED
    assert right(tasks, kept["few(shelf)"], "low(shelf)").verdict is Verdict.REJECTED
    claimed = replace(kept["few(shelf)"], verdict=Verdict.PROVED, supports=[], spoken=[])
    assert right(tasks, claimed, "few(shelf)").verdict is Verdict.REJECTED


def test_entries_that_change_places_are_not_taken(folder: Path) -> None:
    """With and without the names of their new places in them."""
    proved, refuted = entries(folder)["low(shelf)"], entries(folder)["few(shelf)"]
    one, other = ({**msgspec.to_builtins(each)} for each in (proved, refuted))
    for key in ("obligation", "circumstances"):
        one[key], other[key] = other[key], one[key]
    for each in (one, other):
        put(folder, msgspec.convert(each, Entry))
    again = Run(folder)
    assert again.verdicts == VERDICTS
    assert len(again.searched) == 3
    paths = files(folder)
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)
    again = Run(folder)
    assert (again.verdicts, again.searched) == (VERDICTS, sorted(VERDICTS))


def test_an_entry_in_the_place_of_another_is_not_believed_either(folder: Path) -> None:
    paths = files(folder)
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)
    trusting = Run(folder, trust=True)
    assert (trusting.verdicts, trusting.searched) == (VERDICTS, sorted(VERDICTS))


def larger(values: Values) -> Values:
    """A counterexample that is one, with a region more than it takes."""
    return replace(values, maps={name: [*column, *column[-1:]] for name, column in values.maps.items()})


def heavier(values: Values) -> Values:
    """A counterexample that is one, with a value that is harder to read."""
    changed = {name: [{**(row or {}), "base": 0x1234567} for row in column] for name, column in values.maps.items()}
    return replace(values, maps={**changed})


@pytest.mark.parametrize("change", [larger, heavier])
def test_a_counterexample_that_is_not_the_least_is_not_shown(folder: Path, change: Callable[[Values], Values]) -> None:
    refuted = entries(folder)["few(shelf)"]
    assert refuted.counterexample is not None
    forged = replace(refuted, counterexample=change(refuted.counterexample))
    found = right(tasks_of(CELLS, folder), forged, "few(shelf)")
    assert found.verdict is Verdict.REJECTED
    assert "not the least" in found.detail
    put(folder, forged)
    again = Run(folder)
    assert again.searched == ["few(shelf)", "odd(shelf)"]
    shown = again.results["few(shelf)"].result.counterexample
    assert shown == valuation_of(refuted.counterexample)


def changes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every place in a value with something else to put there."""
    match value:
        case dict() | list():
            keys = list(value) if isinstance(value, dict) else list(range(len(value)))
            for key in keys:
                yield from changes(value[key], (*path, key))
            if keys:
                yield (*path, keys[-1]), ...
        case bool() | None:
            yield path, 1
        case int():
            yield path, value + 1
        case _:
            yield path, f"{value}0"
            yield path, value.replace("<=", "<") if "<=" in value else "proved"


def with_change(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    made = json.loads(json.dumps(value))
    place = made
    for key in path[:-1]:
        place = place[key]
    if new is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = new
    return made


def test_whatever_is_changed_in_an_entry_it_makes_no_wrong_verdict(folder: Path) -> None:
    tasks = tasks_of(CELLS, folder)
    outcomes = Counter[str]()
    for label in ("low(shelf)", "few(shelf)"):
        data = msgspec.to_builtins(entries(folder)[label])
        for place, new in changes(data):
            try:
                forged = msgspec.convert(with_change(data, place, new), Entry)
            except msgspec.ValidationError:
                outcomes["unreadable"] += 1
                continue
            found = right(tasks, forged, label).verdict
            assert found in (Verdict(VERDICTS[label]), Verdict.REJECTED, Verdict.UNKNOWN), place
            outcomes[found] += 1
    assert outcomes["rejected"] > 10, outcomes
    assert min(outcomes["unreadable"], outcomes["proved"], outcomes["refuted"]) > 3, outcomes


def test_a_forged_price_is_no_reason_to_spend_more(folder: Path) -> None:
    proved = entries(folder)["low(shelf)"]
    put(folder, replace(proved, spent=SearchCost(1 << 60, 0, 0)))
    assert len(Run(folder).searched) == 2


# --- damage


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"mapproof cache 1", b"mapproof cache 0"),
        lambda data: data.replace(b'"verdict":"', b'"verdict":"un', 1),
        lambda data: b"[" * 100_000,
        lambda data: b"\xff" * (5 << 20),
    ],
    ids=["empty", "cut", "another format", "another verdict", "deep", "large"],
)
def test_a_damaged_entry_is_thrown_away(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    before = [path.read_bytes() for path in files(folder)]
    for path, data in zip(files(folder), before, strict=True):
        path.write_bytes(damage(data))
    again = Run(folder)
    assert (again.verdicts, again.searched) == (VERDICTS, sorted(VERDICTS))
    assert all(decode(path.read_bytes()) is not None for path in files(folder))
    assert len(files(folder)) == len(before)


def test_what_cannot_be_kept_is_told_once_and_decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Diagnostic(CommandCode.UNWRITABLE, "no space left on device")
    monkeypatch.setattr(store, "replace", lambda path, data, mode: full)
    found = Run(tmp_path)
    assert found.verdicts == VERDICTS
    (told,) = found.notices
    assert told.code is CommandCode.CACHE_UNUSABLE
    assert "no space left on device" in told.message


def test_a_process_that_is_killed_while_it_confirms_loses_no_verdict(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(self: object, task: Task, options: Options) -> Iterator[Result]:
        os.kill(os.getpid(), signal.SIGKILL)
        return iter(())

    monkeypatch.setattr(Confirming, "__call__", dies)
    again = Run(folder)
    assert (again.verdicts, again.searched) == (VERDICTS, sorted(VERDICTS))


@pytest.mark.slow
def test_twenty_processes_share_one_cache(tmp_path: Path) -> None:
    tasks = tasks_of(CELLS, tmp_path)
    opened = open_store(tmp_path / "kept")
    assert isinstance(opened, Store)
    children = []
    for _ in range(20):
        child = os.fork()
        if not child:
            events = verify_cached(tasks, Options(attack=0), Caching(opened, most=3_000))
            found = {e.result.check.label: e.result.verdict.value for e in events if isinstance(e, CheckResult)}
            os._exit(0 if found == VERDICTS else 1)
        children.append(child)
    assert {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children} == {0}
    assert all(decode(path.read_bytes()) is not None for path in files(tmp_path))
    assert list((tmp_path / "kept").rglob(".*")) == []


def test_a_link_in_a_cache_leads_nothing_elsewhere(folder: Path) -> None:
    """A cache may have come with somebody's branch."""
    (folder / "mine").write_text("mine")
    places = files(folder)
    for place in places:
        place.unlink()
        place.symlink_to(folder / "mine")
    again = Run(folder)
    assert (again.verdicts, again.searched) == (VERDICTS, sorted(VERDICTS))
    assert (folder / "mine").read_text() == "mine"
    assert not any(place.is_symlink() for place in files(folder))
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    shards = {place.parent for place in places}
    for shard in shards:
        shard.rename(folder / shard.name)
        shard.symlink_to(elsewhere)
    told = Run(folder)
    assert told.verdicts == VERDICTS
    assert [each.code for each in told.notices] == [CommandCode.CACHE_UNUSABLE]
    assert list(elsewhere.iterdir()) == []


# --- size


def test_what_was_not_used_for_longest_goes(folder: Path) -> None:
    opened = open_store(folder / "kept")
    assert isinstance(opened, Store)
    for age, path in enumerate(files(folder)):
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    young, *old = files(folder)
    left_behind = young.with_name(".mapproof.abc")
    left_behind.write_bytes(b"")
    os.utime(left_behind, (0, 0))
    opened.trim(young.stat().st_size)
    assert files(folder) == [young]
    assert old
    assert not left_behind.exists()


def test_what_is_cleared_is_the_cache_alone(folder: Path) -> None:
    mine = folder / "kept" / "notes.txt"
    mine.write_text("mine")
    opened = open_store(folder / "kept")
    assert isinstance(opened, Store)
    count = len(files(folder))
    state = opened.clear()
    assert not isinstance(state, Diagnostic)
    assert (state.removed, state.entries) == (count, 0)
    assert list((folder / "kept").iterdir()) == [mine]


# --- trust


def test_what_is_trusted_is_told_as_it_is_and_nothing_is_asked(folder: Path) -> None:
    cold = Run(folder)
    found = Run(folder, trust=True)
    assert found.searched == []
    assert found.verdicts == VERDICTS
    assert all(each.trusted for each in found.results.values())
    assert {label: told for label, told in found.told.items() if label in KEPT} == {
        label: told for label, told in cold.told.items() if label in KEPT
    }


def test_even_there_a_counterexample_is_run_before_it_is_shown(folder: Path) -> None:
    refuted = entries(folder)["few(shelf)"]
    assert refuted.counterexample is not None
    nothing = {name: [] for name in refuted.counterexample.maps}
    put(folder, replace(refuted, counterexample=replace(refuted.counterexample, maps=nothing)))
    found = Run(folder, trust=True)
    assert found.searched == ["few(shelf)"]
    assert not found.results["few(shelf)"].trusted


def test_an_entry_that_others_can_write_is_searched_for(folder: Path) -> None:
    for path in files(folder):
        path.chmod(0o664)
    assert Run(folder, trust=True).searched == sorted(VERDICTS)


def test_a_cache_that_others_can_write_is_not_to_be_believed(folder: Path) -> None:
    opened = Store(folder / "kept")
    assert others_can_write(opened) is None
    for place, mode in ((folder / "kept", 0o770), (folder / "kept", 0o707), (folder, 0o777)):
        before = place.stat().st_mode
        place.chmod(mode)
        refused = others_can_write(opened)
        place.chmod(before)
        assert refused is not None
        assert refused.code is CommandCode.CACHE_NOT_TRUSTED
        assert str(place) in refused.message
    (folder / ".git").mkdir()
    refused = others_can_write(opened)
    assert refused is not None
    assert "checkout" in refused.message


def test_a_link_is_as_good_as_the_folder_that_it_is_in(folder: Path) -> None:
    (folder / "open").mkdir(mode=0o700)
    (folder / "open" / "link").symlink_to(folder / "kept")
    linked = Store(folder / "open" / "link")
    assert others_can_write(linked) is None
    (folder / "open").chmod(0o777)
    assert others_can_write(linked) is not None


def test_an_entry_has_one_spelling(folder: Path) -> None:
    for entry in entries(folder).values():
        assert decode(encode(entry)) == entry
