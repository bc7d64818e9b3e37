"""The work of the process that decides what a document claims.

It is a process of its own, started afresh, since a server has threads: the processes in which proofs are searched for
are forks, and a fork copies whatever a thread holds just then.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from checker import library
from checker.base.exit_status import ExitStatus
from checker.language import Desk, study
from checker.lsp.documents import encoded
from checker.lsp.verdicts import Request, Told
from checker.report.lines import plain
from checker.report.reports import Detail
from checker.report.views.counterexample import size, why
from checker.report.views.verdicts import expected_text, scenario_lines
from checker.verify.cache.decide import Caching, verify_cached
from checker.verify.executors.local import die_with_parent
from checker.verify.plan import plan
from checker.verify.results import CheckResult
from checker.verify.run import Options, verify


def give_way(server: int) -> None:
    """Let the system serve everything else before this process, and end it with the server."""
    die_with_parent(server)
    with suppress(OSError):
        os.nice(10)


def decide(request: Request, caching: Caching | None = None) -> Iterator[Told]:
    """Decide all checks of a document; what a cache has on them is not searched for again, and not believed."""
    path = Path(request.path)
    desk = Desk({Path(name): encoded(text) for name, text in request.texts.items()})
    found = study(str(path), desk.texts[path], (path.parent, *library.search_path()), desk)
    if found.program is None or list(found.program.sources) != request.sources:
        # It is not what was asked about any more: a file was changed.
        return
    tasks = plan([library.Program(path.name, path, found.program)])
    options = Options(jobs=request.jobs, seconds=request.seconds, memory=request.memory)
    for event in verify(tasks, options) if caching is None else verify_cached(tasks, options, caching):
        if isinstance(event, CheckResult):
            yield _told(event)


def _told(finding: CheckResult) -> Told:
    _, scenario, position = finding.order
    return Told(
        scenario,
        position,
        finding.result.verdict.value,
        int(finding.status),
        _title(finding),
        plain(scenario_lines([finding], Detail.FULL)).strip(),
    )


def _title(finding: CheckResult) -> str:
    """The verdict in a few words."""
    result = finding.result
    title = result.verdict.value if result.bound is None else f"{result.verdict.value} {result.bound}"
    if finding.status is not ExitStatus.AS_EXPECTED:
        title += f", expected {expected_text(result.check)}"
    if result.counterexample is not None and finding.seen is not None:
        title += f": {size(result.counterexample)}, {why(result.check, finding.seen)}"
    elif finding.status is not ExitStatus.AS_EXPECTED and result.detail:
        title += f": {result.detail}"
    return title
