"""The passes of a run that are never made, because of its arguments.

*Sound*, as a condition that looks at nothing but parameters which the algorithm does not change has the value that the
arguments give it, whenever it is come to. Where that is known, one of its branches does nothing: no pass in it makes
a turn, writes a field, or stands between others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker import program as p
from checker.program import walk
from checker.prove.terms.encode import Environment, Value, encode, is_false, is_true


def idle(algorithm: p.Algorithm, arguments: Mapping[str, Value]) -> Iterator[p.Pass]:
    """The passes of an algorithm that are never made with such arguments, by its parameters' names."""
    kept = arguments.keys() - walk.assigned(algorithm.body) - walk.bound(algorithm.body)
    yield from _idle(algorithm.body, {name: arguments[name] for name in sorted(kept)})


def _idle(block: tuple[p.Statement, ...], known: Mapping[str, Value]) -> Iterator[p.Pass]:
    for statement in block:
        if not isinstance(statement, p.If) or not walk.has_pass(statement):
            continue
        branches = statement.then, statement.otherwise
        if walk.scalars_read(statement.condition) <= known.keys():
            condition = encode(statement.condition, Environment(known))
            never = [is_false(condition), is_true(condition)]
        else:
            never = [False, False]
        for branch, idles in zip(branches, never, strict=True):
            yield from walk.outer_passes(branch) if idles else _idle(branch, known)
