"""Programs from files and texts, and the checker run over them as the commands run it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.language import Desk, load_text
from checker.prove import Claim, Limits, Result, Verdict, decide, groups, recheck
from checker.verify import replay
from tests.helpers.places import SPEC


def _shipped() -> Desk:
    """The shipped modules, read when this module is."""
    desk = Desk()
    modules = ", ".join(path.stem for path in sorted(SPEC.glob("*.layout")))
    program = load_text("modules.layout", f"use {modules}\n".encode(), (SPEC,), desk=desk)
    assert isinstance(program, p.Program), program
    return desk


_SHIPPED = _shipped()


def desk() -> Desk:
    """Something for programs to share the shipped modules. Everything else is read anew: what a test, or a fault that
    is seeded, has made of a module is nothing for others."""
    return Desk(kept=dict(_SHIPPED.kept))


def load_file(path: Path) -> p.Program:
    program = load_text(str(path), path.read_bytes(), (path.parent, SPEC), desk=desk())
    assert not isinstance(program, Diagnostic), program
    return program


def load_source(text: str) -> p.Program:
    """The program in a text; the shipped modules need not be named."""
    program = load_text("test.layout", f"use uefi, x86_64, invariants\n{text}".encode(), (SPEC,), desk=desk())
    assert not isinstance(program, Diagnostic), program
    return program


def typed(text: str, search: tuple[Path, ...] = (SPEC,)) -> p.Program:
    """The typed program of a text that must load."""
    result = load_text("test.layout", text.encode(), search, desk=desk())
    assert isinstance(result, p.Program), result
    return result


def refused(text: str) -> Diagnostic:
    """Find out what is wrong with a text."""
    result = load_text("test.layout", text.encode(), (SPEC,), desk=desk())
    assert isinstance(result, Diagnostic)
    return result


def verdicts(program: p.Program, limits: Limits | None = None, *, twice: bool = False) -> list[tuple[str, Result]]:
    """The results of every check, with the name of the scenario that it stands in. With ``twice``, proofs and
    counterexamples are checked again from what they bring along, and must be confirmed."""
    found = []
    for scenario in program.scenarios:
        for group in groups(scenario):
            results = list(decide(scenario, group, replay, limits or Limits()))
            found += [(scenario.name, result) for result in results]
            if twice:
                claims = [each for each in results if each.verdict in (Verdict.PROVED, Verdict.REFUTED)]
                for claim, again in zip(claims, rechecked(scenario, [each.claim for each in claims]), strict=True):
                    assert again.verdict is claim.verdict, f"{claim.check.label}: {again.detail}"
    return found


def rechecked(scenario: p.Scenario, claims: Sequence[Claim]) -> list[Result]:
    """What claims about checks that share their assumptions amount to."""
    return list(recheck(scenario, claims, replay, Limits())) if claims else []


def expecting(check: p.Check, expected: p.Expected) -> p.Check:
    return replace(check, expected=expected)
