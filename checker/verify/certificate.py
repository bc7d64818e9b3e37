"""Certificates: verdicts with what it takes to check them again.

A certificate is JSON. Of the programs it holds names and hashes, not texts: to check a verdict, its obligations are
derived from the sources again. What it brings along is what would have to be searched for: invariants,
counterexamples, and maps on which what is proved says something.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import chain
from pathlib import Path

import msgspec

from checker import library
from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.files import read, why
from checker.base.limits import CommandLimits, passed
from checker.base.values import frozen
from checker.language import Limits as LayoutLimits
from checker.library import Program
from checker.program.valuation import Valuation
from checker.prove import Claim, Evidence, Limits, Result, Support, Verdict
from checker.verify import replay
from checker.verify.plan import Key, Task, plan, unmatched
from checker.verify.results import CheckResult
from checker.verify.run import Deciding, Options

LAYOUT = LayoutLimits()
COMMAND = CommandLimits()

FORMAT = "mapproof certificate 2"

_SHOWN = 1_000
"""Characters of what a certificate says that are repeated in a message; and those of all names to look for."""

_REMEDY = "make a new one: mapproof verify --certificate"


@frozen
class Choice:
    """A value that a run chose, for a region or outside of passes."""

    run: str
    name: str
    value: int
    region: int | None


@frozen
class Values:
    """Values for everything that a scenario leaves open (`checker.prove.Concrete`)."""

    maps: dict[str, list[dict[str, int] | None]]
    scalars: dict[str, int]
    choices: list[Choice]
    orders: dict[str, list[int]]
    generations: dict[str, int]
    indices: dict[str, int] = field(default_factory=dict)
    beside: dict[str, list[dict[str, int]]] = field(default_factory=dict)


@frozen
class CertifiedVerdict:
    """A verdict. ``proof`` are the numbers of the supports that it rests on, ``spoken`` maps on which it says
    something, ``obligations`` a hash of all statements of the proof."""

    scenario: str
    property: str
    verdict: Verdict
    bound: int | None
    obligations: str
    proof: list[int]
    spoken: list[Values]
    counterexample: Values | None


@frozen
class File:
    """The verdicts on a program. ``file`` is the way to it from the certificate, or the name of a shipped model;
    ``sources`` are the hashes of all files that it consists of, by their names as modules."""

    file: str
    shipped: bool
    sources: dict[str, str]
    claims: list[CertifiedVerdict]
    supports: list[Support]


@frozen
class Certificate:
    """Verdicts on all checks of some files, or, if ``only`` names any (as ``--property`` does), on those."""

    format: str
    tool: str
    solver: str
    only: list[str]
    limits: Limits
    files: list[File]
    digest: str
    """The hash of all the rest: shows that bytes were lost or changed. It is no proof of where they come from."""

    def sealed(self) -> Certificate:
        """The certificate with the digest that it should have."""
        content = msgspec.json.encode(replace(self, digest=""))
        return replace(self, digest=hashlib.sha256(content).hexdigest())


# --- writing


def certify(
    findings: Sequence[CheckResult], only: Sequence[str], limits: Limits, versions: Mapping[str, str], folder: Path
) -> bytes:
    """The certificate of findings, in order, to be kept in ``folder``."""
    files: dict[str, list[CheckResult]] = {}
    for finding in findings:
        files.setdefault(finding.file, []).append(finding)
    made = [_file(found[0].task.program, found, folder) for found in files.values()]
    whole = Certificate(FORMAT, versions["tool"], versions["solver"], list(only), limits, made, "")
    return msgspec.json.format(msgspec.json.encode(whole.sealed()), indent=1) + b"\n"


def _file(program: Program, findings: Iterable[CheckResult], folder: Path) -> File:
    reference = library.refer(program, folder)
    supports: dict[Support, int] = {}
    claims = [_claim(finding, supports) for finding in findings]
    return File(reference.file, reference.shipped, reference.sources, claims, list(supports))


def _claim(finding: CheckResult, supports: dict[Support, int]) -> CertifiedVerdict:
    result = finding.result
    evidence = result.evidence or Evidence((), ())
    return CertifiedVerdict(
        str(finding.scenario.name),
        result.check.label,
        result.verdict,
        result.bound,
        result.obligations,
        [supports.setdefault(each, len(supports)) for each in evidence.supports],
        [values_of(each) for each in evidence.spoken],
        None if result.counterexample is None else values_of(result.counterexample),
    )


def values_of(found: Valuation) -> Values:
    """Return a valuation as it is kept."""

    # A name in a program is a string that knows its place; here it is a string.
    def fields(region: Mapping[str, int] | None) -> dict[str, int] | None:
        return None if region is None else {str(name): value for name, value in region.items()}

    return Values(
        {str(name): [fields(region) for region in column] for name, column in found.maps.items()},
        {str(name): value for name, value in found.scalars.items()},
        [Choice(str(run), str(name), value, region) for (run, name, region), value in found.choices.items()],
        {str(run): list(order) for run, order in found.orders.items()},
        {str(run): times for run, times in found.generations.items()},
        {str(name): number for name, number in found.indices.items()},
        {str(name): [{str(k): v for k, v in entry.items()} for entry in rows] for name, rows in found.beside.items()},
    )


# --- reading


def read_certificate(path: Path, limits: CommandLimits = COMMAND) -> Certificate | Diagnostic:
    """The certificate in a file, complete and as it was written."""
    try:
        data = read(path, limits.certificate_bytes + 1)
    except (OSError, ValueError) as error:
        return Diagnostic(CommandCode.UNREADABLE, f"cannot read {path}: {why(error)}", help="name a certificate")
    if len(data) > limits.certificate_bytes:
        message, remedy = passed(limits, "certificate_bytes")
        return Diagnostic(CommandCode.NO_CERTIFICATE, f"{path}: {message}", help=remedy)
    try:
        found = msgspec.json.decode(data, type=Certificate)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Diagnostic(CommandCode.NO_CERTIFICATE, f"{path} is no certificate: {error}", help=_REMEDY)
    if found.format != FORMAT:
        message = f"{path} is a `{found.format[:_SHOWN]}`, and only a `{FORMAT}` can be read"
        return Diagnostic(CommandCode.NO_CERTIFICATE, message, help=_REMEDY)
    if found.sealed().digest != found.digest:
        message = f"{path} was changed after it was made: its digest is not that of what it holds"
        return Diagnostic(CommandCode.ALTERED, message, help=_REMEDY)
    if sum(len(each) + 1 for each in found.only) > _SHOWN:
        message = f"{path} is for checks with names of more than {_SHOWN} characters"
        return Diagnostic(CommandCode.NO_CERTIFICATE, message, help=_REMEDY)
    return found


def versions_note(certificate: Certificate, path: Path, now: Mapping[str, str]) -> Diagnostic | None:
    """A note where another tool or solver made a certificate than those that are there now."""
    if (certificate.tool, certificate.solver) == (now["tool"], now["solver"]):
        return None
    message = f"{path} was made by {certificate.tool} with {certificate.solver}"
    return Diagnostic(CommandCode.OTHER_VERSIONS, message, severity=Severity.NOTE)


def partial_note(certificate: Certificate) -> Diagnostic | None:
    """A note where not all checks were certified."""
    if not certificate.only:
        return None
    names = " or ".join(f"`{each}`" for each in certificate.only)
    message = f"only checks called {names} were certified"
    return Diagnostic(CommandCode.PARTIAL_CERTIFICATE, message, severity=Severity.NOTE)


Told = Mapping[Key, Sequence[Claim]]
"""The claims of a certificate, task by task."""


def read_claims(
    certificate: Certificate, folder: Path, limits: CommandLimits = COMMAND, layout: LayoutLimits = LAYOUT
) -> tuple[tuple[Task, ...], Told] | Diagnostic:
    """The checks that a certificate in ``folder`` is about, and what it claims of them; or why it cannot be about the
    sources that are there now."""
    programs: list[Program] = []
    for file in certificate.files:
        program = _opened(file, folder, layout)
        if isinstance(program, Diagnostic):
            return program
        programs.append(program)
        if len(programs) > limits.programs:
            return library.too_much("programs", limits)
        if sum(each.program.size for each in programs) > limits.size:
            return library.too_much("size", limits)
    if len({program.path.resolve() for program in programs}) < len(programs):
        return Diagnostic(CommandCode.NO_CERTIFICATE, "a certificate with two parts about the same file", help=_REMEDY)
    wanted = tuple(certificate.only)
    for complaint in (*chain.from_iterable(map(library.idle, programs)), *unmatched(programs, wanted)):
        return complaint
    tasks = plan(programs, wanted)
    if not tasks:
        return library.nothing_to_check()
    found: dict[Key, list[Claim]] = {task.key: [] for task in tasks}
    for program, file in zip(programs, certificate.files, strict=True):
        stated = _stated(task for task in tasks if task.program.path == program.path)
        if [(claim.scenario, claim.property) for claim in file.claims] != [
            (t.subject.name, c.label) for t, c in stated
        ]:
            message = f"{program.name}: the certificate is about other checks than those that the sources state"
            return Diagnostic(CommandCode.OUTDATED, message, help=_REMEDY)
        for (task, check), claim in zip(stated, file.claims, strict=True):
            found[task.key].append(_brought(check, claim, file.supports))
    return tasks, found


def _opened(file: File, folder: Path, limits: LayoutLimits) -> Program | Diagnostic:
    """The program that a part of a certificate is about, if its sources are what they were."""
    reference = library.Reference(file.file, file.shipped, file.sources)
    program = library.follow(reference, folder, limits)
    if isinstance(program, Diagnostic):
        return program
    changed = library.changed(reference, program)
    if changed:
        message = f"{program.name}: other sources than were certified: {', '.join(changed)[:_SHOWN]}"
        return Diagnostic(CommandCode.OUTDATED, message, help=_REMEDY)
    return program


def _stated(tasks: Iterable[Task]) -> list[tuple[Task, p.Check]]:
    """The checks of a file's tasks in the order of a report."""
    placed = [(task.scenario, place, i, task) for task in tasks for i, place in enumerate(task.positions)]
    return [(task, task.checks[i]) for _, _, i, task in sorted(placed, key=lambda each: each[:2])]


def _brought(check: p.Check, claim: CertifiedVerdict, supports: Sequence[Support]) -> Claim:
    evidence = None
    if all(0 <= number < len(supports) for number in claim.proof):
        evidence = Evidence(tuple(supports[number] for number in claim.proof), tuple(map(valuation_of, claim.spoken)))
    return Claim(
        check,
        claim.verdict,
        bound=claim.bound,
        obligations=claim.obligations,
        evidence=evidence,
        counterexample=None if claim.counterexample is None else valuation_of(claim.counterexample),
    )


def valuation_of(values: Values) -> Valuation:
    """Return the valuation that was kept, whatever it is a valuation of."""
    return Valuation(
        {name: tuple(column) for name, column in values.maps.items()},
        values.scalars,
        {(choice.run, choice.name, choice.region): choice.value for choice in values.choices},
        {run: tuple(order) for run, order in values.orders.items()},
        values.generations,
        values.indices,
        {name: tuple(entries) for name, entries in values.beside.items()},
    )


@frozen
class Rechecking:
    """Decides tasks by what a certificate claims of them."""

    claims: Told

    def __call__(self, task: Task, options: Options) -> Iterator[Result]:
        """Give the results on the checks of a task, in order."""
        from checker.prove import recheck

        return recheck(task.subject, self.claims[task.key], replay, options.limits, options.write, task.beside)

    def about(self, task: Task, whole: Task) -> Deciding:
        """Return what decides this task alone, the last checks of the whole one."""
        return Rechecking({task.key: self.claims[whole.key][-len(task.positions) :]})
