"""A verification that looks into a cache first, and keeps there what it had to search for.

The cache is read and written by this process alone; those that decide get claims, and do not know where from. First
whatever the cache claims is checked again, many checks in one process. Then the rest is searched for, each task in a
process of its own as ever: so a search has the same outcome as without a cache.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.base.versions import versions
from checker.prove import Result
from checker.verify import replay
from checker.verify.cache.entry import Entry, entry_of
from checker.verify.cache.key import Digests, cache_keys
from checker.verify.cache.store import MOST_BYTES, Store
from checker.verify.plan import Key, Task
from checker.verify.results import CheckResult, CheckStarted, Event, Notice
from checker.verify.run import Deciding, Options, prove, verify

_EFFORT = 4
"""To check an entry again may take one part in so many of what a check may: else one that is forged could cost as much
as it likes."""

_SECONDS = 8
"""And all entries together one part in so many of the seconds that everything may."""

_MAPS = 4
"""The maps with which the interpreter tries to break each proof that is confirmed, if nothing else is said. It tried
with more when the proof was found, if that is where it is from."""


_OBJECTS = 200_000
"""The new objects after which circles among them are looked for, while entries are checked."""


@frozen
class Caching:
    """A cache and how it is used: what is in it is believed with ``trust``; with ``thorough``, what is confirmed is
    attacked with as many maps as it was when it was found. It is kept below ``most`` bytes. ``words`` says whether
    invariants are wanted in words."""

    store: Store
    trust: bool = False
    thorough: bool = False
    most: int = MOST_BYTES
    words: bool = True


def verify_cached(
    tasks: Sequence[Task], options: Options, caching: Caching, deciding: Deciding = prove
) -> Generator[Event, None, None]:
    """Decide every check as `verify` does, by what the cache says of it where that is right, else by ``deciding``."""
    digests = Digests()
    open_checks = {task.key: list(range(len(task.checks))) for task in tasks}
    found = {task.key: _found(task, options, caching, digests) for task in tasks}
    if caching.trust:
        for task in tasks:
            for index, entry in found[task.key].items():
                believed = _believed(task, index, entry, options.limits.bound)
                if believed is not None:
                    open_checks[task.key].remove(index)
                    yield believed
    else:
        yield from _confirmed(tasks, found, options, caching, open_checks)
    left = [_Part(task, tuple(open_checks[task.key])) for task in tasks if open_checks[task.key]]
    yield from _searched(left, found, options, caching, deciding, digests)


Open = dict[Key, list[int]]
"""The numbers of the checks of each task that are not decided yet."""


@frozen
class _Part:
    """Some of the checks of a task, by their numbers."""

    of: Task
    numbers: tuple[int, ...]

    @cached_property
    def task(self) -> Task:
        """The task reduced to these checks; the others still belong to the group."""
        positions = tuple(self.of.positions[number] for number in self.numbers)
        return replace(self.of, positions=positions, group=self.of.group or self.of.positions)

    def whole(self, event: CheckResult | CheckStarted) -> CheckResult | CheckStarted:
        """Tell of the part as of the whole task."""
        return replace(event, task=self.of, index=self.numbers[event.index])


def _found(task: Task, options: Options, caching: Caching, digests: Digests) -> dict[int, Entry]:
    """Look up what the cache has on the checks of a task, by their numbers."""
    asked = cache_keys(task, options.limits, versions(), digests)
    entries = ((index, caching.store.read(each, private=caching.trust)) for index, each in enumerate(asked))
    return {index: entry for index, entry in entries if entry is not None and entry.could_be_within(options.limits)}


# --- checked again


def _confirmed(
    tasks: Sequence[Task],
    found: Mapping[Key, Mapping[int, Entry]],
    options: Options,
    caching: Caching,
    open_checks: Open,
) -> Iterator[Event]:
    """The results of what the cache claims, as far as it is right."""
    checkable = {key: [number for number, entry in kept.items() if entry.checkable] for key, kept in found.items()}
    parts = [_Part(task, tuple(checkable[task.key])) for task in tasks if checkable[task.key]]
    claimed = {part.task.key: [found[part.of.key][number] for number in part.numbers] for part in parts}
    attack = options.attack if options.attack is not None or caching.thorough else _MAPS
    in_all = replace(options.in_all, total_seconds=max(1, options.in_all.total_seconds // _SECONDS))
    # The hardest first, while the solver has seen nothing else: what it had to do before makes hard questions harder.
    costs = {key: sum(entry.spent.effort for entry in entries) for key, entries in claimed.items()}
    bounded = replace(options, attack=attack, in_all=in_all)
    for event in _of_parts(parts, bounded, Confirming(claimed, caching.words), costs):
        if not isinstance(event, CheckResult):
            yield event
        elif event.result.verdict is found[event.task.key][event.index].verdict:
            open_checks[event.task.key].remove(event.index)
            yield event


def _of_parts(
    parts: Sequence[_Part], options: Options, deciding: Deciding, costs: Mapping[Key, int] | None = None
) -> Iterator[Event]:
    """Decide parts of tasks, and tell of it as of the whole tasks. Where it is known what they cost, they share
    processes: one that does not take long is not worth one of its own."""
    known = {part.task.key: part for part in parts}
    tasks = [part.task for part in parts]
    if costs is None:
        events = verify(tasks, options, deciding)
    else:
        events = verify(tasks, options, deciding, together=True, cost=lambda task: costs[task.key])
    for event in events:
        yield known[event.task.key].whole(event) if isinstance(event, CheckResult | CheckStarted) else event


@frozen
class Confirming:
    """Decides tasks by what entries claim of them."""

    claimed: Mapping[Key, Sequence[Entry]]
    words: bool = True

    def __call__(self, task: Task, options: Options) -> Iterator[Result]:
        """Give the results on the checks of a task, in order: none that was not checked again."""
        from checker.prove import recheck

        entries = self.claimed[task.key]
        claims = [entry.claim(check) for entry, check in zip(entries, task.checks, strict=True)]
        effort, limits = options.limits.effort // _EFFORT, options.limits
        limits = replace(limits, effort=effort, per_query=min(limits.per_query, effort))
        with _collecting_rarely():
            again = recheck(
                task.subject, claims, replay, limits, options.write, task.beside, least=True, words=self.words
            )
            for entry, result in zip(entries, again, strict=True):
                yield entry.told(result, task.subject) if result.verdict is entry.verdict else result

    def about(self, task: Task, whole: Task) -> Deciding:
        """Return what decides this task alone, the last checks of the whole one."""
        return replace(self, claimed={task.key: self.claimed[whole.key][-len(task.positions) :]})


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Have Python look for circles of objects rarely: among the many terms that are made and soon let go, which are in
    none, that takes a quarter of the time."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


# --- believed


def _believed(task: Task, index: int, entry: Entry, bound: int) -> CheckResult | None:
    """The result that an entry tells of a check; None if a counterexample is none, which costs nothing to see."""
    result = entry.believed(task.checks[index], task.subject, bound)
    if result is None:
        return None
    counterexample = result.counterexample
    seen = None if counterexample is None else replay.see(task.subject, result.check, counterexample)
    if seen is not None and seen.broken is None:
        return None
    return CheckResult(task, index, result, attacked=entry.attacked, seen=seen, trusted=True)


# --- searched for


def _searched(
    parts: Sequence[_Part],
    found: Mapping[Key, Mapping[int, Entry]],
    options: Options,
    caching: Caching,
    deciding: Deciding,
    digests: Digests,
) -> Iterator[Event]:
    """The results of what the cache does not tell, which are kept in it. Where it says the same of something that it
    cannot show, its price is told: that of the search in which all was asked."""
    asked = {part.of.key: (part, cache_keys(part.task, options.limits, versions(), digests)) for part in parts}
    problem: Diagnostic | None = None
    kept = False
    for event in _of_parts(parts, options, deciding):
        if isinstance(event, CheckResult):
            part, keys = asked[event.task.key]
            before = found[event.task.key].get(event.index)
            if before is not None and not before.checkable and before.says(event.result):
                yield replace(event, result=before.told(event.result, event.scenario))
                continue
            entry = entry_of(event, keys[part.numbers.index(event.index)])
            if entry is not None and problem is None:
                problem = caching.store.write(entry)
                kept = True
                if problem is not None:
                    yield Notice(problem)
        yield event
    if kept:
        caching.store.trim(caching.most)
