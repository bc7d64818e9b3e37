"""Bundles: a folder with every statement that some proofs consist of, each once, and a manifest.

A statement is a text in SMT-LIB 2; where it could be put into clauses there is a formula in DIMACS beside it, and a
proof in DRAT. Whoever has a bundle can decide the texts with any solver, and check the proofs with any checker of DRAT.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import dropwhile
from pathlib import Path
from typing import TypeVar

import msgspec

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.files import read, why
from checker.base.limits import CommandLimits, passed
from checker.base.values import frozen
from checker.prove import Verdict
from checker.verify.executors.executor import Ended, Produced
from checker.verify.executors.local import LOCAL
from checker.verify.external import drat
from checker.verify.external.blast import UnfitError, blast
from checker.verify.external.circuits import dimacs
from checker.verify.results import CheckResult
from checker.verify.run import Options

FORMAT = "mapproof bundle 1"
MANIFEST = "manifest.json"

MOST_CLAUSES = 200_000
"""Clauses that a statement may come to."""

MOST_STEPS = 30_000
"""Steps that a proof may have: so many take the checker, in Python, some ten seconds."""

_SECONDS = 60
"""Seconds for a statement: to make its clauses, to have them refuted, or to have the proof checked."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a bundle, and the SHA-256 of its bytes."""

    file: str
    sha256: str
    bytes: int


class BundledStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement: its text, and a formula with a proof, or in ``lacks`` the reason why there is none."""

    text: Part
    formula: Part | None
    proof: Part | None
    clauses: int
    steps: int
    lacks: str


class BundledCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A check that is proved, by the statements with these numbers; ``obligations`` is their hash, as `verify -v` and
    certificates have it."""

    file: str
    scenario: str
    property: str
    obligations: str
    statements: list[int]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is in a bundle, and what made it."""

    format: str
    tool: str
    solver: str
    sat: str
    statements: list[BundledStatement]
    checks: list[BundledCheck]


@frozen
class Clausal:
    """A statement in clauses, with a proof."""

    formula: str
    proof: str
    clauses: int
    steps: int


Result = TypeVar("Result")

OnDone = Callable[[int, int], None]
"""Is told again and again how many statements of how many are done."""


# --- writing


def in_clauses(body: str) -> Clausal | str:
    """A statement in clauses, with a proof that they contradict each other; or why there is none."""
    try:
        circuit = blast(body, MOST_CLAUSES)
    except UnfitError as reason:
        return f"no form in clauses: {reason}"
    proof = drat.prove(circuit)
    if proof is None:
        return "the clauses do not contradict each other"
    steps = proof.count("\n")
    if steps > MOST_STEPS:
        return f"the proof has {steps} steps, more than {MOST_STEPS}"
    return Clausal(dimacs(circuit), proof, len(circuit.clauses), steps)


def write_bundle(
    findings: Sequence[CheckResult], folder: Path, versions: dict[str, str], options: Options, done: OnDone
) -> Manifest:
    """Write what is proved to a folder that is there. Raises `OSError`."""
    proved = [each for each in findings if each.result.verdict is Verdict.PROVED]
    texts: dict[str, str] = {}
    for each in proved:
        for written in each.result.written:
            texts.setdefault(written.body, written.head + written.body)
    bodies = list(texts)
    found: dict[int, Clausal | str] = {}
    _each(bodies, in_clauses, options, done, found)
    statements = [_statement(folder, f"{number:04}", texts[body], found[number]) for number, body in enumerate(bodies)]
    numbers = {body: number for number, body in enumerate(bodies)}
    checks = [
        BundledCheck(
            each.file,
            str(each.scenario.name),
            each.result.check.label,
            each.result.obligations,
            [numbers[written.body] for written in each.result.written],
        )
        for each in proved
    ]
    manifest = Manifest(FORMAT, versions["tool"], versions["solver"], drat.versions(), statements, checks)
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    (folder / MANIFEST).write_bytes(data)
    return manifest


def _statement(folder: Path, name: str, text: str, found: Clausal | str) -> BundledStatement:
    whole = _part(folder, f"{name}.smt2", text)
    if isinstance(found, str):
        return BundledStatement(whole, None, None, 0, 0, found)
    formula, proof = _part(folder, f"{name}.cnf", found.formula), _part(folder, f"{name}.drat", found.proof)
    return BundledStatement(whole, formula, proof, found.clauses, found.steps, "")


def _part(folder: Path, name: str, text: str) -> Part:
    data = text.encode()
    (folder / name).write_bytes(data)
    return Part(name, hashlib.sha256(data).hexdigest(), len(data))


def _each(
    items: Sequence[str],
    work: Callable[[str], Result | str],
    options: Options,
    done: OnDone,
    found: dict[int, Result | str],
) -> None:
    """Put into ``found`` what each of some items comes to, in processes of their own; or how its process ended."""

    def working(item: str) -> Iterator[Result | str]:
        yield work(item)

    bounds = replace(options, seconds=_SECONDS).allowed
    for event in LOCAL.run(working, items, bounds):
        match event:
            case Produced(task=number, value=value):
                found[number] = value
            case Ended(task=number, end=end, detail=detail):
                found.setdefault(number, f"{end.name.lower().replace('_', ' ')}{': ' if detail else ''}{detail}")
            case _:
                pass  # begun, or time passes
        done(len(found), len(items))


# --- checking


@frozen
class ExternalResult:
    """A statement of a bundle: ``confirmed`` by whom, or ``why`` not; ``rejected`` if something is wrong with it."""

    statement: BundledStatement
    confirmed: str = ""
    why: str = ""
    rejected: bool = False


def read_bundle(folder: Path, limits: CommandLimits) -> Manifest | Diagnostic:
    """The manifest of a bundle."""
    remedy = "name a folder that `verify --certificate-bundle` made"
    path = folder / MANIFEST
    try:
        data = read(path, limits.certificate_bytes + 1)
    except (OSError, ValueError) as error:
        return Diagnostic(CommandCode.NO_BUNDLE, f"cannot read {path}: {why(error)}", help=remedy)
    if len(data) > limits.certificate_bytes:
        message, remedy = passed(limits, "certificate_bytes")
        return Diagnostic(CommandCode.NO_BUNDLE, f"{path}: {message}", help=remedy)
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Diagnostic(CommandCode.NO_BUNDLE, f"{path} is no manifest of a bundle: {error}", help=remedy)
    if manifest.format != FORMAT:
        message = f"{path} is a `{manifest.format[:80]}`, and only a `{FORMAT}` can be read"
        return Diagnostic(CommandCode.NO_BUNDLE, message, help=remedy)
    count = len(manifest.statements)
    if not count or any(not 0 <= n < count for each in manifest.checks for n in each.statements):
        return Diagnostic(CommandCode.NO_BUNDLE, f"{path} holds no statements, or names others", help=remedy)
    return _other_statements(folder, manifest, limits) or manifest


def _other_statements(folder: Path, manifest: Manifest, limits: CommandLimits) -> Diagnostic | None:
    """Refuse a check that is said to rest on other statements than those that its obligations are the hash of, or on
    none. That these are the obligations of the check is for `recheck` of a certificate to say, from the sources."""
    bodies: list[bytes] = []
    for statement in manifest.statements:
        text = _data(folder, statement.text, limits)
        if isinstance(text, Diagnostic):
            return None  # told of where the statement is checked
        lines = text.splitlines(keepends=True)
        bodies.append("".join(dropwhile(lambda each: each.startswith(";"), lines)).encode())
    for check in manifest.checks:
        whole = hashlib.sha256()
        for number in check.statements:
            whole.update(bodies[number])
        if not check.statements or whole.hexdigest() != check.obligations:
            message = f"{folder / MANIFEST}: the statements of `{check.property[:80]}` are not its obligations"
            return Diagnostic(
                CommandCode.ALTERED, message, help="name a folder as `verify --certificate-bundle` made it"
            )
    return None


def check_bundle(
    folder: Path,
    manifest: Manifest,
    options: Options,
    limits: CommandLimits,
    done: OnDone,
    found: dict[int, ExternalResult | str],
) -> list[ExternalResult]:
    """Have the proofs of a bundle checked, each statement in a process of its own. What comes of each is put into
    ``found`` by its number, where it is even if this ends before its time."""
    numbers = [str(number) for number in range(len(manifest.statements))]

    def work(number: str) -> ExternalResult | str:
        return check_statement(folder, manifest.statements[int(number)], limits)

    _each(numbers, work, options, done, found)
    return results_of(manifest, found, "")


def results_of(manifest: Manifest, found: Mapping[int, ExternalResult | str], else_: str) -> list[ExternalResult]:
    """Return what came of each statement of a bundle; of what is not there, ``else_`` says why."""
    said = [(statement, found.get(number, else_)) for number, statement in enumerate(manifest.statements)]
    return [each if isinstance(each, ExternalResult) else ExternalResult(one, why=each) for one, each in said]


def check_statement(folder: Path, statement: BundledStatement, limits: CommandLimits) -> ExternalResult:
    """Have the proof of a statement checked: its files are what they were, the formula is what the text comes to, and
    the checker accepts every step."""
    texts: list[str] = []
    for part in (statement.text, statement.formula, statement.proof):
        if part is None:
            return ExternalResult(statement, why=statement.lacks or "it has no proof")
        data = _data(folder, part, limits)
        if isinstance(data, Diagnostic):
            return ExternalResult(statement, why=data.message, rejected=True)
        texts.append(data)
    text, formula, proof = texts
    try:
        same = dimacs(blast(text, MOST_CLAUSES)) == formula
    except UnfitError as reason:
        return ExternalResult(statement, why=f"the text has no form in clauses: {reason}", rejected=True)
    if not same:
        return ExternalResult(statement, why="the formula is not what the text comes to", rejected=True)
    wrong = drat.objection(formula, proof)
    if wrong is not None:
        return ExternalResult(statement, why=f"the proof is not accepted: {wrong}", rejected=True)
    return ExternalResult(statement, confirmed=drat.EXTRA)


def _data(folder: Path, part: Part, limits: CommandLimits) -> str | Diagnostic:
    """The text in a file of a bundle, if it is what it was."""
    if Path(part.file).name != part.file:
        return Diagnostic(CommandCode.NO_BUNDLE, f"{part.file[:80]} is no file of the bundle")
    try:
        data = read(folder / part.file, limits.certificate_bytes + 1)
        if hashlib.sha256(data).hexdigest() == part.sha256:
            return data.decode()
        return Diagnostic(CommandCode.ALTERED, f"{part.file} was changed after it was made")
    except (OSError, ValueError) as error:
        return Diagnostic(CommandCode.NO_BUNDLE, f"cannot read {part.file}: {why(error)}")
