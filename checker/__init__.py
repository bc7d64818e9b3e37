"""Proves or refutes what a memory-mapping algorithm promises, for every memory map of any length.

This module is the door for programs: what `__all__` names is the interface, and nothing else is. What can be wrong with
an input comes back as a `Diagnostic`; no function prints. To import it loads neither the parser nor the solver: each
is loaded when it is needed.

>>> import checker
>>> program = checker.load("linux-x86-forward")
>>> found = checker.verify(program, properties=["adjacency*assuming*"])
>>> [(each.result.check.label, each.result.verdict.value, each.result.as_expected) for each in found]
[('adjacency_preserved(first) assuming no_wrap(map)', 'refuted', True)]
>>> len(found[0].result.counterexample.maps["map"])
2
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic, Source, Span
    from checker.base.exit_status import ExitStatus
    from checker.compare.identify import Attempt
    from checker.compare.pairs import Pairs
    from checker.handover import KexecStep
    from checker.interpret import Layout, Violation
    from checker.library import Explanation, Program
    from checker.memmap import Descriptor, Format, MemoryMap, Origin
    from checker.program import Algorithm, Check, Scenario
    from checker.program.valuation import Valuation
    from checker.prove import (
        Cost,
        Evidence,
        Failed,
        Limits,
        Outcome,
        Proved,
        ProvedToBound,
        Refuted,
        RejectedClaim,
        Result,
        Unknown,
        Vacuous,
        Verdict,
    )
    from checker.verify.attack import Attacked
    from checker.verify.budget.decide import Budget
    from checker.verify.cross_check import Health
    from checker.verify.equivalence import AlgorithmDiff
    from checker.verify.plan import Task
    from checker.verify.replay import Replayed
    from checker.verify.results import CheckResult, CrossCheck
    from checker.verify.run import Deciding, Options

__version__ = "0.1.0"

__all__ = [
    "Algorithm",
    "AlgorithmDiff",
    "Budget",
    "Attacked",
    "Attempt",
    "Check",
    "CheckResult",
    "Cost",
    "CrossCheck",
    "Descriptor",
    "Diagnostic",
    "Evidence",
    "ExitStatus",
    "Explanation",
    "Failed",
    "Format",
    "Health",
    "KexecStep",
    "Layout",
    "MemoryMap",
    "Origin",
    "Outcome",
    "Pairs",
    "Program",
    "Proved",
    "ProvedToBound",
    "Refuted",
    "RejectedClaim",
    "Replayed",
    "Result",
    "Scenario",
    "Source",
    "Span",
    "Unknown",
    "Vacuous",
    "Valuation",
    "Verdict",
    "Violation",
    "__version__",
    "budget",
    "check_handover",
    "compare",
    "describe",
    "diff",
    "exit_status",
    "explain",
    "format_text",
    "identify",
    "lay_out",
    "load",
    "load_text",
    "models",
    "read_map",
    "recheck",
    "replay",
    "solvers",
    "verify",
]

_MEMORY = 2048
"""MiB that a process which decides checks may use, if nothing else is said."""

_PLACES = {
    "checker.base.diagnostic": ("Diagnostic", "Source", "Span"),
    "checker.base.exit_status": ("ExitStatus",),
    "checker.compare.identify": ("Attempt",),
    "checker.compare.pairs": ("Pairs",),
    "checker.handover": ("KexecStep",),
    "checker.interpret": ("Layout", "Violation"),
    "checker.library": ("Explanation", "Program"),
    "checker.memmap": ("Descriptor", "Format", "MemoryMap", "Origin"),
    "checker.program": ("Algorithm", "Check", "Scenario"),
    "checker.program.valuation": ("Valuation",),
    "checker.prove": (
        *("Cost", "Evidence", "Failed", "Outcome", "Proved", "ProvedToBound", "Refuted", "RejectedClaim", "Result"),
        *("Unknown", "Vacuous", "Verdict"),
    ),
    "checker.verify.attack": ("Attacked",),
    "checker.verify.budget.decide": ("Budget",),
    "checker.verify.equivalence": ("AlgorithmDiff",),
    "checker.verify.cross_check": ("Health",),
    "checker.verify.replay": ("Replayed",),
    "checker.verify.results": ("CheckResult", "CrossCheck"),
}
"""The modules from which types are taken when they are first asked for."""


def __getattr__(name: str) -> object:
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module 'checker' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Door(ModuleType):
    """The package as a module. Python binds a room to its name here when the room is loaded; where a public function is
    called alike, `verify`, the function stays. The room is found by import statements as ever."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Door


def models() -> tuple[str, ...]:
    """Return the names of the shipped models."""
    from checker import library

    return tuple(library.models())


def load(what: str | Path) -> Program | Diagnostic:
    """Read a program: a `.layout` file, or a shipped model by its name.

    >>> load("linux-x86-reversed").name
    'models/linux-x86-reversed.layout'
    >>> load("rederiv").help
    'did you mean rederive? `mapproof models` lists the shipped models'
    """
    from checker import library
    from checker.base.diagnostic import Diagnostic

    found = what if isinstance(what, Path) else library.find_model(what)
    if isinstance(found, Diagnostic) and (Path(what).suffix or "/" in str(what) or Path(what).exists()):
        found = Path(what)
    return found if isinstance(found, Diagnostic) else library.open_program(found)


def load_text(text: str, *, name: str = "program.layout", folder: str | Path = ".") -> Program | Diagnostic:
    """Read a program from its text. ``use`` looks in ``folder`` first; reports speak of the program as ``name``.

    >>> wrong = load_text("const SIZE: bytes = 4K;")
    >>> str(wrong.code), wrong.span.line, wrong.span.column
    ('L004', 1, 23)
    """
    from checker import library
    from checker.base.diagnostic import Diagnostic
    from checker.language import load_text as typed

    program = typed(name, text.encode(), (Path(folder), *library.search_path()))
    return program if isinstance(program, Diagnostic) else library.Program(name, Path(folder) / name, program)


def format_text(text: str, *, name: str = "program.layout") -> str | Diagnostic:
    """Return a program's text in the one layout, as `mapproof fmt` writes it.

    >>> format_text("const  SIZE:bytes=4K")
    'const SIZE: bytes = 4K\\n'
    """
    from checker.language import format_text as formatted

    return formatted(name, text.encode())


def verify(
    *programs: Program,
    properties: Iterable[str] = (),
    jobs: int = 1,
    timeout: float | None = None,
    memory: int = _MEMORY,
    bound: int | None = None,
    effort: int | None = None,
    attack: int | None = None,
    cross_check: str | None = None,
    statements: bool = False,
    certificate: str | Path | None = None,
    counterexamples: str | Path | None = None,
    cache: str | Path | None = None,
    executor: str = "local",
) -> tuple[CheckResult, ...] | Diagnostic:
    """Prove or refute every check of some programs, and return the results in the order of a report.

    The options are those of `mapproof verify`: ``properties`` are names or patterns, ``timeout`` is in seconds for all
    checks under the same assumptions, ``memory`` in MiB for each of ``jobs`` processes, ``effort`` in millions of the
    solver's steps for each check, ``bound`` the most regions of a counterexample, ``attack`` the number of maps on
    which the interpreter tries to break a proof, ``cross_check`` the name of another solver to ask. With ``statements``
    a proof's `written` are its statements as SMT-LIB text. ``certificate`` is
    written if no result is an internal error, and every counterexample to a file in the folder ``counterexamples``.
    What is searched for is kept in the folder ``cache``, if one is named; nothing that is there is believed.
    ``executor`` is `local`, `dask` or `dask=tcp://HOST:PORT`.
    A `Diagnostic` says what is wrong with what was asked.
    """
    from itertools import chain

    from checker import library
    from checker.base.diagnostic import Diagnostic
    from checker.base.files import make_folder, unwritable
    from checker.prove import Limits
    from checker.verify.executors import executor_of
    from checker.verify.plan import plan, unmatched
    from checker.verify.run import Options, prove

    wanted = tuple(properties)
    wrong = [*chain.from_iterable(map(library.idle, programs)), *unmatched(programs, wanted)]
    tasks = plan(programs, wanted)
    if certificate is not None and (problem := unwritable(Path(certificate))) is not None:
        wrong.append(problem)
    if counterexamples is not None and (problem := make_folder(Path(counterexamples))) is not None:
        wrong.append(problem)
    if wrong or not tasks:
        return wrong[0] if wrong else library.nothing_to_check()
    limits = Limits.chosen(bound=bound, effort=effort)
    with executor_of(executor, jobs, memory << 20) as chosen:
        if isinstance(chosen, Diagnostic):
            return chosen
        write = statements or cross_check is not None
        options = Options(jobs, timeout, memory << 20, limits, write, attack=attack, executor=chosen)
        found = _decide(tasks, options, prove, cross_check, None if cache is None else Path(cache))
        if chosen.problems:
            return chosen.problems[0]
    if not isinstance(found, tuple):
        return found
    if counterexamples is not None and (problem := _keep(found, Path(counterexamples))) is not None:
        return problem
    if certificate is None:
        return found
    return _certify(found, wanted, limits, Path(certificate)) or found


def recheck(
    certificate: str | Path,
    *,
    jobs: int = 1,
    timeout: float | None = None,
    memory: int = _MEMORY,
    attack: int | None = None,
    cross_check: str | None = None,
) -> tuple[CheckResult, ...] | Diagnostic:
    """Show again what a certificate claims, and believe nothing of it; return the results in its order.

    What does not follow is `RejectedClaim`. A `Diagnostic` says that the file is no certificate, was changed, or is
    about other sources than those that are there.
    """
    from checker.base.diagnostic import Diagnostic
    from checker.verify.certificate import Rechecking, read_certificate, read_claims
    from checker.verify.run import Options

    path = Path(certificate)
    read = read_certificate(path)
    claimed = read if isinstance(read, Diagnostic) else read_claims(read, path.parent)
    if isinstance(read, Diagnostic) or isinstance(claimed, Diagnostic):
        return read if isinstance(read, Diagnostic) else claimed  # type: ignore[return-value]
    tasks, claims = claimed
    options = Options(jobs, timeout, memory << 20, read.limits, cross_check is not None, attack=attack)
    return _decide(tasks, options, Rechecking(claims), cross_check)


def _decide(
    tasks: Sequence[Task], options: Options, deciding: Deciding, solver: str | None, cache: Path | None = None
) -> tuple[CheckResult, ...] | Diagnostic:
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic
    from checker.solvers import SOLVERS
    from checker.verify.cache.decide import Caching, verify_cached
    from checker.verify.cache.store import open_store
    from checker.verify.cross_check import health, second_opinions
    from checker.verify.results import CheckResult
    from checker.verify.run import verify as decide

    store = None if cache is None else open_store(cache)
    if isinstance(store, Diagnostic):
        return store
    if solver is not None:
        state = health(solver) if solver in SOLVERS else None
        if state is None or state.version is None or state.wrong:
            message = f"{solver} cannot be asked: it is unknown, not installed, or does not work"
            known = f"name one of {', '.join(SOLVERS)}; `mapproof doctor` tells which work here"
            return Diagnostic(CommandCode.WRONG_VALUE, message, help=known)
    events = decide(tasks, options, deciding) if store is None else verify_cached(tasks, options, Caching(store))
    found = [event for event in events if isinstance(event, CheckResult)]
    found.sort(key=lambda each: each.order)
    return tuple(found if solver is None else second_opinions(found, solver, options))


def _keep(found: Sequence[CheckResult], folder: Path) -> Diagnostic | None:
    from checker.base.files import replace
    from checker.base.versions import versions
    from checker.report.counterexamples import counterexample_files

    files = counterexample_files(found, folder, versions()["tool"])
    return next((problem for name, data in files.items() if (problem := replace(folder / name, data))), None)


def _certify(found: Sequence[CheckResult], wanted: Sequence[str], limits: Limits, path: Path) -> Diagnostic | None:
    from checker.base.exit_status import ExitStatus
    from checker.base.files import replace
    from checker.base.versions import versions
    from checker.verify.certificate import certify

    if exit_status(found) is ExitStatus.INTERNAL_ERROR:
        return None
    return replace(path, certify(found, wanted, limits, versions(), path.parent))


def exit_status(results: Iterable[CheckResult]) -> ExitStatus:
    """Return the exit status that the command would end with: the worst of all."""
    from checker.verify.results import status

    return status(results, wrong_input=False)


def read_map(source: str | Path | bytes) -> MemoryMap | Diagnostic:
    """Read a memory map, from a path or from its bytes, in any of the formats that real maps come in.

    >>> found = read_map(b'[{"type": 5, "phys_addr": "0x8000", "num_pages": 1, "attribute": "0x800000000000000f"}]')
    >>> found.format.value, found.descriptors[0].num_pages
    ('json', 1)
    """
    from checker.memmap import read_bytes, read_path

    return read_bytes("-", source) if isinstance(source, bytes) else read_path(str(source))


def lay_out(
    algorithm: str | Algorithm, memory_map: MemoryMap, *, settings: Mapping[str, str | int] | None = None
) -> Layout | Diagnostic:
    """Lay a memory map out as an algorithm does, which is one of a `Program`, or named as for `mapproof run`.

    ``settings`` are the values of its parameters beside the map.

    >>> found = read_map(b'[{"type": 5, "phys_addr": "0x8000", "num_pages": 1, "attribute": "0x800000000000000f"}]')
    >>> hex(lay_out("linux-x86-reversed", found).regions[0]["virt_addr"])
    '0xfffffffeffe08000'
    """
    from checker.base.diagnostic import Diagnostic
    from checker.layouts.lay_out import lay_out as laid_out
    from checker.library import find_algorithm

    if isinstance(algorithm, str):
        chosen = find_algorithm(algorithm)
        if isinstance(chosen, Diagnostic):
            return chosen
        algorithm = chosen.algorithm
    values = {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in (settings or {}).items()
    }
    return laid_out(algorithm, memory_map.descriptors, values, around=memory_map.told)


def diff(
    first: str,
    second: str,
    *,
    assuming: Iterable[str] | None = None,
    placement: bool = False,
    timeout: float | None = None,
    memory: int = _MEMORY,
    bound: int | None = None,
    effort: int | None = None,
) -> AlgorithmDiff | Diagnostic:
    """Prove that two algorithms, named as for `mapproof diff`, lay every map out alike, or find the smallest map on
    which they do not.

    ``assuming`` are formulas about the map, which is called ``map``; None is that it is well formed.

    >>> diff("linux-x86-forward", "linux-x86-reversed").alike
    False
    """
    from checker.base.diagnostic import Diagnostic
    from checker.library import find_algorithm
    from checker.prove import Limits
    from checker.verify.equivalence import decide_claims, equivalence
    from checker.verify.results import CheckResult
    from checker.verify.run import Options
    from checker.verify.run import verify as decide

    one, other = find_algorithm(first), find_algorithm(second)
    if isinstance(one, Diagnostic) or isinstance(other, Diagnostic):
        return one if isinstance(one, Diagnostic) else other  # type: ignore[return-value]
    claimed = equivalence(one, other, None if assuming is None else list(assuming), placement=placement)
    if isinstance(claimed, Diagnostic):
        return claimed
    options = Options(1, timeout, memory << 20, Limits.chosen(bound=bound, effort=effort))
    return decide_claims(
        claimed, lambda tasks: [each for each in decide(tasks, options) if isinstance(each, CheckResult)]
    )


def budget(
    algorithm: str,
    *,
    properties: Iterable[str] = (),
    where: str | None = None,
    timeout: float | None = None,
    memory: int = _MEMORY,
    effort: int | None = None,
) -> Budget | Diagnostic:
    """Find how much a map may hold so that an algorithm, named as for `mapproof budget`, places everything; decide
    both sides of the bound.

    >>> budget("efi-stub-flat").answer.value
    'none'
    """
    from checker.base.diagnostic import Diagnostic
    from checker.library import find_algorithm
    from checker.prove import Limits
    from checker.verify.budget.decide import decide_budgets
    from checker.verify.budget.question import question
    from checker.verify.executors.executor import Tick
    from checker.verify.run import Options

    chosen = find_algorithm(algorithm)
    asked = chosen if isinstance(chosen, Diagnostic) else question(chosen, tuple(properties), where)
    if isinstance(asked, Diagnostic):
        return asked
    options = Options(1, timeout, memory << 20, Limits.chosen(effort=effort))
    return next(each[1] for each in decide_budgets((asked,), options) if not isinstance(each, Tick))


def identify(*paths: str | Path, algorithms: Iterable[str] = ()) -> tuple[Attempt, ...] | Diagnostic:
    """Try the shipped models, and further algorithms, on a capture, or on a firmware's map and a runtime map; return
    them as `mapproof identify` does, what explains it best first."""
    from checker.base.diagnostic import Diagnostic
    from checker.compare.boot import read_boot
    from checker.compare.identify import identify as identified
    from checker.compare.identify import tried
    from checker.memmap import Limits

    chosen = tried(tuple(algorithms))
    boot = chosen if isinstance(chosen, Diagnostic) else read_boot([str(path) for path in paths], Limits())
    if isinstance(chosen, Diagnostic) or isinstance(boot, Diagnostic):
        return chosen if isinstance(chosen, Diagnostic) else boot  # type: ignore[return-value]
    return identified(boot, chosen, {}, Limits())


def compare(first: str | Path, second: str | Path) -> Pairs | Diagnostic:
    """Compare the maps of two boots, or what two kernels made of them, as `mapproof compare` does.

    >>> compare("README.md", "README.md").code.value
    'M101'
    """
    from checker.compare.pairs import read_pairs
    from checker.memmap import Limits

    return read_pairs(str(first), str(second), Limits())


def check_handover(*paths: str | Path) -> tuple[KexecStep, ...] | Diagnostic:
    """Return what is known of each step of a capture, the folder or its files, as `mapproof check --handover` says."""
    from checker.base.diagnostic import Diagnostic
    from checker.handover import check_handover as checked
    from checker.handover import read_handover

    kernels = read_handover([str(path) for path in paths])
    return kernels if isinstance(kernels, Diagnostic) else checked(kernels)


def replay(counterexample: str | Path | Mapping[str, object], *, folder: str | Path = ".") -> Replayed | Diagnostic:
    """Run a counterexample again on its model as that is now: the path of a file, or what such a file holds.

    ``folder`` is where the way to the model begins if there is no file. A `Diagnostic` says that it is no
    counterexample, or that it says nothing of the model any more.
    """
    import json

    from checker import library
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic
    from checker.base.files import read, why
    from checker.report.counterexamples import COMMAND, model_of, read_counterexample
    from checker.report.counterexamples import replay as again
    from checker.report.shapes.counterexamples import ReplayableShape

    if isinstance(counterexample, Mapping):
        name, data = "counterexample", json.dumps(counterexample).encode()
    else:
        name, folder = str(counterexample), Path(counterexample).parent
        try:
            data = read(name, COMMAND.counterexample_bytes + 1)
        except (OSError, ValueError) as error:
            return Diagnostic(CommandCode.UNREADABLE, f"cannot read {name}: {why(error)}", help="name a counterexample")
    kept = read_counterexample(name, data, ReplayableShape)
    program = kept if isinstance(kept, Diagnostic) else library.follow(model_of(kept), Path(folder))
    if isinstance(kept, Diagnostic) or isinstance(program, Diagnostic):
        return program if isinstance(program, Diagnostic) else kept  # type: ignore[return-value]
    return again(name, kept, program)


def describe(what: CheckResult | Replayed | Diagnostic) -> str:
    """Return a result or a diagnostic as the command prints it, without colours: counterexamples in full.

    >>> print(describe(load_text("const SIZE: bytes = 4K;")), end="")
    program.layout:1:23: error[L004]: unexpected character ';'
     1 | const SIZE: bytes = 4K;
       |                       ^
      help: leave it out: a statement ends where the next one begins
    """
    from checker.base.diagnostic import Diagnostic
    from checker.report.lines import plain
    from checker.report.reports import Detail
    from checker.report.views.diagnostics import diagnostic_lines
    from checker.report.views.replayed import replayed_lines
    from checker.report.views.verdicts import scenario_lines
    from checker.verify.replay import Replayed

    if isinstance(what, Replayed):
        return plain(replayed_lines(what))
    return plain(diagnostic_lines(what) if isinstance(what, Diagnostic) else scenario_lines([what], Detail.FULL))


def explain(*codes: str) -> tuple[Explanation, ...] | Diagnostic:
    """Return the pages on the codes of messages; what a code begins with stands for all that begin so.

    >>> [(str(page.code), page.code.meaning) for page in explain("M342")]
    [('M342', 'regions are at another address in the new kernel')]
    """
    from checker.base.diagnostic import Diagnostic
    from checker.library import explain as explained

    found = explained(codes)
    return found if isinstance(found, Diagnostic) else tuple(found)


def solvers() -> tuple[Health, ...]:
    """Ask each solver that is known whether it is here and right, as `mapproof doctor` does."""
    from checker.verify.cross_check import examined

    return tuple(examined())
