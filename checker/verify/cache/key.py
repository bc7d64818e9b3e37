"""Questions, as digests: the same for the same question, wherever it stands and whatever it is called.

A question is a scenario, as far as it concerns some checks, and one of these checks: what is assumed and what is
claimed. No file, line or time is in it, nor what its parts are called in reports. Also in it is all else on which an
answer depends: this tool, by its version and by the code that makes verdicts, the solver, and what a check may cost. So
a checker that was edited, or is another's of the same version, finds nothing of what the other one left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field, fields
from enum import Enum
from functools import cache
from typing import Any

from checker import program as p
from checker.base.values import frozen, mutable
from checker.base.versions import code_digest
from checker.prove import Limits
from checker.verify.plan import Task

_ONLY_TOLD = {
    p.Conjunct: {"rule", "origin"},
    p.ForAll: {"message"},
    p.Algorithm: {"origin"},
    p.Handover: {"name", "origin"},
}
"""The parts of nodes that reports speak of, and that no answer depends on."""


MAKING_VERDICTS = ("base", "program", "language", "library", "interpret", "prove", "verify")
"""The rooms on which verdicts depend, and what is kept of them."""


@mutable
class Digests:
    """Digests of parts of programs, each worked out once: what many checks share is one part."""

    _known: dict[int, tuple[object, bytes]] = field(default_factory=dict)
    """By the identity of a part, which is kept so that the number stays its own."""

    def of(self, part: object) -> bytes:
        """The digest of a node, of a type, or of values and tuples of these."""
        if isinstance(part, str | int) or part is None:
            return _value(repr(str(part) if isinstance(part, str) else part))
        found = self._known.get(id(part))
        if found is None:
            found = self._known[id(part)] = (part, _hash(self._spelled(part)))
        return found[1]

    def _spelled(self, part: Any) -> list[bytes]:
        if isinstance(part, tuple):
            return [b"tuple", *map(self.of, part)]
        if isinstance(part, Enum):
            return [b"enum", type(part).__name__.encode(), self.of(part.value)]
        if not hasattr(part, "__dataclass_fields__") or isinstance(part, type):
            raise TypeError(f"a program has no part of the type {type(part).__name__}")
        spelled = [b"node", type(part).__name__.encode()]
        kind: Any = type(part)
        for name, word in _asked(kind):
            spelled += (word, self.of(getattr(part, name)))
        return spelled


@cache
def _value(spelled: str) -> bytes:
    """The digest of a value, as Python spells it."""
    return _hash([b"value", spelled.encode()])


def _hash(parts: list[bytes]) -> bytes:
    return hashlib.sha256(b"".join([b"%d:%b" % (len(part), part) for part in parts])).digest()


@cache
def _asked(kind: Any) -> tuple[tuple[str, bytes], ...]:
    """The names of a node's parts that answers depend on. Where a part stands is not compared, and not among them."""
    told: set[str] = _ONLY_TOLD.get(kind, set())
    return tuple((each.name, each.name.encode()) for each in fields(kind) if each.compare and each.name not in told)


@frozen
class CacheKey:
    """A question, and the circumstances in which it was asked: what else was asked with it and before it. On those
    depends which proof is found, and what that costs, but not what is true."""

    obligation: str
    circumstances: str


def cache_keys(task: Task, limits: Limits, versions: Mapping[str, str], digests: Digests) -> tuple[CacheKey, ...]:
    """The questions that a task asks, check by check."""
    scenario = task.subject
    allowed = tuple(getattr(limits, each.name) for each in fields(limits))
    given = (scenario.maps, scenario.scalars, scenario.runs, scenario.beside)
    whole = (versions["tool"], code_digest(*MAKING_VERDICTS), versions["solver"], allowed, *given)
    common = digests.of(whole).hex()
    group = task.group or task.positions
    asked = tuple(group.index(position) for position in task.positions)
    beside = tuple((each.expected, _asks(each)) for each in task.beside or task.checks)
    found = []
    for index, check in enumerate(task.checks):
        obligation = digests.of((common, _asks(check))).hex()
        circumstances = digests.of((obligation, beside, asked[: index + 1])).hex()
        found.append(CacheKey(obligation, circumstances))
    return tuple(found)


def _asks(check: p.Check) -> tuple[object, ...]:
    return (check.written, check.goal, check.assumptions)
