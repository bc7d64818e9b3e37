"""Proofs decided again by another solver, and proofs as files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.prove import Verdict, Written
from checker.solvers import PROVER, SOLVERS, Backend, Limit, MissingError, self_test
from checker.verify.executors.executor import Ended, Produced
from checker.verify.results import CheckResult, CrossCheck
from checker.verify.run import Options

_LIMIT = Limit()
_LONGEST_NAME = 80


@frozen
class Health:
    """Tell whether a solver is there (``version`` is None if not), and what it gets wrong of what it claims to do."""

    other: Backend
    version: str | None
    wrong: tuple[str, ...] = ()


def health(name: str) -> Health:
    """Look for a solver, and ask it small questions whose answers are known."""
    other = SOLVERS[name]
    try:
        version = other.version()
    except MissingError:
        return Health(other, None)
    asked = self_test(other)
    answers = answers_of(other, [each.text for each in asked], Options(), Limit(seconds=10))
    wrong = tuple(
        f"{each.ability}: said {answers[each.text]} instead of {each.answer}"
        for each in asked
        if answers[each.text] != each.answer
    )
    return Health(other, version, wrong)


def examined() -> list[Health]:
    """All solvers that are known."""
    return [health(name) for name in SOLVERS]


Told = Callable[[int, int], None]
"""Is told again and again how many statements of how many have an answer."""


def second_opinions(
    findings: Sequence[CheckResult], name: str, options: Options, told: Told = lambda done, total: None
) -> list[CheckResult]:
    """The findings with what another solver makes of the proofs in them. Raises `MissingError`.

    What several proofs have in common is asked once.
    """
    other = SOLVERS[name]
    version = other.version()
    texts = list(dict.fromkeys(each.body for finding in findings for each in finding.result.written))
    readable = [text for text in texts if not other.lacks(text)]
    answers = answers_of(other, readable, options, _LIMIT, told)
    return [
        finding
        if finding.result.verdict is not Verdict.PROVED
        else replace(finding, opinion=_opinion(other, version, finding.result.written, answers))
        for finding in findings
    ]


def _opinion(other: Backend, version: str, proof: Sequence[Written], answers: Mapping[str, str]) -> CrossCheck:
    confirmed, undecided, contrary = 0, [], []
    for each in proof:
        answer = answers.get(each.body, f"not asked: it takes {other.lacks(each.body)}")
        if answer == "unsat":
            confirmed += 1
        elif answer == "sat":
            contrary.append(each)
        else:
            undecided.append((each.name, answer))
    return CrossCheck(other.name, version, len(proof), confirmed, tuple(undecided), tuple(contrary))


def answers_of(
    other: Backend, texts: Sequence[str], options: Options, limit: Limit, told: Told = lambda done, total: None
) -> dict[str, str]:
    """The solver's answer to each text, each from a process that can be killed."""
    answers: dict[str, str] = {}
    allowed = replace(options, seconds=limit.seconds + 5).allowed
    for event in options.executor.run(partial(_ask, other, limit), texts, allowed):
        match event:
            case Produced(task=task, value=value):
                answers[texts[task]] = " ".join(value.split())
            case Ended(task=task, end=end, detail=detail) if texts[task] not in answers:
                answers[texts[task]] = f"{end.name.lower().replace('_', ' ')}{': ' if detail else ''}{detail}"
            case _:
                pass  # begun, or ended after its answer
        told(len(answers), len(texts))
    return answers


def _ask(other: Backend, limit: Limit, text: str) -> Iterator[str]:
    yield other.ask(text, limit)


def emit(findings: Iterable[CheckResult], folder: Path) -> int:
    """Write the proofs in ``folder``, a folder for each file, scenario and check; how many texts there are."""
    count = 0
    named: dict[str, str] = {}
    for finding in findings:
        file, scenario, check = finding.order
        top = _file_name(file)
        if named.setdefault(top, file) != file:
            top = f"{top}-{hashlib.sha256(file.encode()).hexdigest()[:8]}"
        labels = (f"{scenario + 1:02} {finding.scenario.name}", f"{check + 1:02} {finding.result.check.label}")
        place = folder.joinpath(top, *map(_file_name, labels))
        for each in finding.result.written:
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{_file_name(each.name)}.smt2").write_text(each.head + each.body, encoding="utf-8")
            count += 1
    return count


def bundle(findings: Iterable[CheckResult], folder: Path, versions: Mapping[str, str], options: Options) -> Path | None:
    """Write what two solvers disagree on to a new folder in ``folder``: the texts, the answers, the versions. None
    where they agree."""
    contrary: dict[str, tuple[CheckResult, CrossCheck, Written]] = {}
    for finding in findings:
        if finding.opinion is not None:
            for each in finding.opinion.contrary:
                contrary.setdefault(each.body, (finding, finding.opinion, each))
    if not contrary:
        return None
    again = answers_of(PROVER, list(contrary), options, _LIMIT)
    digest = hashlib.sha256("".join(contrary).encode()).hexdigest()[:12]
    made = folder / f"mapproof-disagreement-{digest}"
    made.mkdir(parents=True, exist_ok=True)
    said = [*versions.values(), ""]
    for number, (body, (finding, opinion, each)) in enumerate(contrary.items(), start=1):
        name = f"{number:03}.smt2"
        (made / name).write_text(each.head + body, encoding="utf-8")
        said += [
            f"{name}: {finding.file}, scenario {finding.scenario.name}, {finding.result.check.label}: {each.name}",
            "  z3, in the proof:     unsat",
            f"  z3, on this text:     {again[body]}",
            f"  {opinion.solver} {opinion.version}, on this text: sat",
            "",
        ]
    (made / "report.txt").write_text("\n".join(said), encoding="utf-8")
    return made


def _file_name(text: str) -> str:
    """A file's name that says ``text`` as well as may be, the same on every machine."""
    return re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-.")[:_LONGEST_NAME].rstrip("-.") or "_"


def disagreement(solver: str, folder: str) -> Diagnostic:
    """The complaint that another solver says the contrary of a proof; ``folder`` has what to report."""
    message = f"z3 and {solver} disagree on a proof"
    return Diagnostic(CommandCode.SOLVERS_DISAGREE, message, help=f"please report what is in {folder}")
