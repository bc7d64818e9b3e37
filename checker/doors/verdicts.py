"""Checks decided, shown again and run again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.library import Program
    from checker.prove import Limits
    from checker.verify.plan import Task
    from checker.verify.replay import Replayed
    from checker.verify.results import CheckResult
    from checker.verify.run import Deciding, Options

MEMORY = 2048
"""MiB that a process which decides checks may use, if nothing else is said."""


def verify(
    *programs: Program,
    properties: Iterable[str] = (),
    jobs: int = 1,
    timeout: float | None = None,
    memory: int = MEMORY,
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

    The options are those of `mapproof verify`: ``properties`` are names or patterns, ``timeout`` is in seconds for
    each check, ``memory`` in MiB for each of ``jobs`` processes, ``effort`` in millions of the
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
    memory: int = MEMORY,
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

    >>> from checker import load_text
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
