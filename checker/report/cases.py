"""Cases: each thing that was judged, as the formats of build services know it; one list, whatever the command."""

from __future__ import annotations

import hashlib
import os
from functools import cache

from checker.base.codes import Explained
from checker.base.diagnostic import Diagnostic, LabelledSpan, Region, Severity, Span
from checker.base.exit_status import PRECEDENCE, ExitStatus
from checker.base.values import frozen


@frozen
class Case:
    """A check, a finding about a map, or a remark on an input.

    ``group`` is what it belongs to (a scenario, a map), ``name`` its name there; ``status`` the exit status that it
    alone asks for. ``code`` has a page, and is None where there is nothing to say. ``message`` is one line, ``text``
    all that there is to see, ``picture`` the same drawn. ``facts`` are what else is known, by name. ``fingerprint``
    stays the same where lines move; ``known`` says that a baseline has it.
    """

    group: str
    name: str
    status: ExitStatus
    severity: Severity
    code: Explained | None
    message: str
    file: str
    span: Span | None = None
    places: tuple[LabelledSpan, ...] = ()
    text: str = ""
    picture: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    fingerprint: str = ""
    known: bool = False

    @property
    def told(self) -> bool:
        """Tell whether there is something to say of it: it is not as it should be, or a note."""
        return self.code is not None


@frozen
class Cases:
    """The cases of a report, in its order, and what they come to; ``baseline`` says that they were held against one,
    ``undecided`` are checks that were to be decided and were not, since the run was to stop before."""

    all: tuple[Case, ...]
    status: ExitStatus
    tool: str
    solver: str
    summary: str
    baseline: bool = False
    undecided: tuple[Case, ...] = ()

    @property
    def worst_first(self) -> tuple[Case, ...]:
        """Those of which there is something to say, by how much doubt they cast; those alike stay in order."""
        told = (each for each in self.all if each.told)
        return tuple(sorted(told, key=lambda each: (PRECEDENCE.index(each.status), each.severity is Severity.NOTE)))


def severity_of(status: ExitStatus) -> Severity:
    """Return how bad it is that something that was judged asks for an exit status."""
    return {ExitStatus.AS_EXPECTED: Severity.NOTE, ExitStatus.UNDECIDED: Severity.WARNING}.get(status, Severity.ERROR)


def stable_path(name: str) -> str:
    """Return the way to a file from the folder of the repository that it is in, or else as `local_path` has it: then it
    is the same whatever folder a command runs in and however the file was named there."""
    if not os.path.exists(name):
        return os.path.normpath(name)
    root = _repository(os.path.realpath(os.path.dirname(name)))
    return local_path(name) if root is None else os.path.relpath(os.path.realpath(name), root)


@cache
def _repository(folder: str) -> str | None:
    """Return the folder of the repository that a folder is in."""
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def fingerprint(code: str, *parts: str) -> str:
    """Return a name for what was found that does not depend on where in a file it stands."""
    return hashlib.sha256("\0".join((code, *parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def finding_fingerprint(finding: Diagnostic, group: str) -> str:
    """Name a finding by what it is about: entries of a map, or the text of a line, wherever that stands."""
    line = "" if finding.span is None else finding.span.source.line(finding.span.line).strip()
    return fingerprint(finding.code, stable_path(group), line, *map(_entry, finding.regions))


def _entry(region: Region) -> str:
    return f"{region.type}:{region.phys_addr:#x}:{region.num_pages}:{region.attribute:#x}:{region.virt_addr:#x}"


def local_path(name: str) -> str:
    """Return the way to a file from the current folder, if it is in it: then it is the same on every machine."""
    if not os.path.isabs(name):
        return os.path.normpath(name)
    way = os.path.relpath(os.path.realpath(name), os.path.realpath("."))
    return name if way.startswith("..") else way
