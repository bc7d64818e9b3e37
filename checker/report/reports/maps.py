"""Reports of maps and captures of machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.base.diagnostic import Diagnostic, Severity
from checker.base.exit_status import ExitStatus, status_of_code, worst
from checker.base.values import frozen
from checker.report.cases import finding_fingerprint
from checker.report.reports.programs import Versions

if TYPE_CHECKING:
    # Not loaded to know the reports: a command that needs no solver must not wait for one.
    from checker.compare.boot import Boot
    from checker.compare.identify import Attempt, Identification
    from checker.compare.pairs import MapPair
    from checker.handover.checks.arrival import KexecStep
    from checker.inspect.against import JudgedScenario
    from checker.inspect.inspection import Inspection
    from checker.inspect.lookup import LookedUp
    from checker.interpret import Layout
    from checker.library import Chosen
    from checker.memmap import MemoryMap
    from checker.report.pictures.picture import Picture


@frozen
class IdentifyReport:
    """The algorithms that were tried on a capture, best first, or why there are none; and remarks on the capture."""

    boot: Boot | None
    attempts: Sequence[Attempt]
    diagnostics: Sequence[Diagnostic]
    versions: Versions

    @property
    def status(self) -> ExitStatus:
        """Success, if an algorithm explains the capture exactly."""
        if any(each.severity is Severity.ERROR for each in self.diagnostics):
            return ExitStatus.WRONG_INPUT
        exact = any(each.exact for each in self.attempts)
        return ExitStatus.AS_EXPECTED if exact else ExitStatus.NOT_AS_EXPECTED


@frozen
class IdentifyManyReport:
    """The captures under a folder, each with the algorithms that explain it; ``passed_over`` is what is none."""

    found: Sequence[Identification]
    diagnostics: Sequence[Diagnostic]
    versions: Versions
    passed_over: Sequence[str] = ()

    @property
    def status(self) -> ExitStatus:
        """Success, if an algorithm explains every capture exactly."""
        if self.diagnostics:
            return worst(status_of_code(each.code) for each in self.diagnostics)
        explained = all(each.explained_by for each in self.found)
        return ExitStatus.AS_EXPECTED if explained else ExitStatus.NOT_AS_EXPECTED


@frozen
class CompareReport:
    """The lists of two inputs, compared, or why they are not. ``everything`` says that memory which is free once boot
    services have ended is to be shown as well."""

    pairs: Sequence[MapPair]
    diagnostics: Sequence[Diagnostic]
    versions: Versions
    everything: bool = False

    @property
    def status(self) -> ExitStatus:
        """Success, if no lists differ."""
        if any(each.severity is Severity.ERROR for each in self.diagnostics):
            return ExitStatus.WRONG_INPUT
        equal = all(pair.changes.equal for pair in self.pairs)
        return ExitStatus.AS_EXPECTED if equal else ExitStatus.NOT_AS_EXPECTED


@frozen
class RunReport:
    """A layout of a real map, or why there is none."""

    made: tuple[Chosen, Layout] | Diagnostic

    @property
    def status(self) -> ExitStatus:
        """Success, if there is a layout."""
        return ExitStatus.WRONG_INPUT if isinstance(self.made, Diagnostic) else ExitStatus.AS_EXPECTED


@frozen
class CheckReport:
    """The steps of a hand-over, or why they could not be checked."""

    steps: Sequence[KexecStep]
    diagnostics: Sequence[Diagnostic]
    versions: Versions

    @property
    def status(self) -> ExitStatus:
        """Success, if nothing is known to have been lost."""
        if self.diagnostics:
            return worst(status_of_code(each.code) for each in self.diagnostics)
        return ExitStatus.AS_EXPECTED if all(step.good for step in self.steps) else ExitStatus.NOT_AS_EXPECTED


@frozen
class InspectReport:
    """The maps that were checked, or why they could not be. ``several`` says that not one map was asked for, but those
    of a folder or of this machine; ``passed_over`` are files in it that hold no map. ``known`` are the fingerprints in
    a baseline, None where there is none: what is known makes no map faulty."""

    inspections: Sequence[Inspection]
    diagnostics: Sequence[Diagnostic]
    versions: Versions
    several: bool = False
    passed_over: Sequence[str] = ()
    known: frozenset[str] | None = None

    @property
    def baseline(self) -> bool:
        """Tell whether the findings were held against a baseline."""
        return self.known is not None

    def knows(self, inspection: Inspection, finding: Diagnostic) -> bool:
        """Tell whether a finding is in the baseline."""
        return bool(self.known) and finding_fingerprint(finding, inspection.map.source) in (self.known or ())

    def faulty(self, inspection: Inspection) -> bool:
        """Tell whether something is wrong with a map, or at risk, that is not known."""
        from checker.inspect.findings import is_faulty

        return is_faulty(each for each in inspection.findings if not self.knows(inspection, each))

    @property
    def status(self) -> ExitStatus:
        """Success, if nothing is wrong with any map, or at risk."""
        if self.diagnostics:
            return worst(status_of_code(each.code) for each in self.diagnostics)
        return ExitStatus.NOT_AS_EXPECTED if any(map(self.faulty, self.inspections)) else ExitStatus.AS_EXPECTED


@frozen
class AgainstReport:
    """The properties of a model on one map, or why there is nothing to tell of them."""

    judged: tuple[str, MemoryMap, Sequence[JudgedScenario]] | Diagnostic
    versions: Versions

    @property
    def status(self) -> ExitStatus:
        """Success, if every property holds on the map."""
        if isinstance(self.judged, Diagnostic):
            return status_of_code(self.judged.code)
        judgements = {check.judgement.value for scenario in self.judged[2] for check in scenario.checks}
        if "broken" in judgements:
            return ExitStatus.NOT_AS_EXPECTED
        return ExitStatus.UNDECIDED if "undecided" in judgements else ExitStatus.AS_EXPECTED


@frozen
class WhereReport:
    """The regions that hold addresses, after whether virtual addresses are known; or why nothing was looked up."""

    made: tuple[bool, Sequence[LookedUp]] | Diagnostic
    versions: Versions

    @property
    def status(self) -> ExitStatus:
        """Success, if all that was to be looked up was found."""
        if isinstance(self.made, Diagnostic):
            return ExitStatus.WRONG_INPUT
        found = all(each.found for each in self.made[1])
        return ExitStatus.AS_EXPECTED if found else ExitStatus.NOT_AS_EXPECTED


@frozen
class ShowReport:
    """Pictures, or why there are none; and the files that were written instead of showing them here."""

    pictures: Sequence[Picture] | Diagnostic
    written: Sequence[str] = ()

    @property
    def status(self) -> ExitStatus:
        """Success, if there is something to see."""
        return ExitStatus.WRONG_INPUT if isinstance(self.pictures, Diagnostic) else ExitStatus.AS_EXPECTED
