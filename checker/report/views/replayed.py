"""Counterexamples that were run again, in a line or two each, and as JSON."""

from __future__ import annotations

from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.shapes.counterexamples import ReplayedShape
from checker.report.views.counterexample import why
from checker.verify.replay import Replayed


def replayed_lines(replayed: Replayed) -> list[Line]:
    """Say if a property is still broken, and why."""
    what = clean(f"{replayed.model}, {replayed.scenario.name}: {replayed.check.label}")
    outcome = Piece("  holds", Style.GOOD) if replayed.holds else Piece("! broken", Style.BAD)
    lines = [line(outcome, f"  {what}")]
    if not replayed.holds:
        lines.append(line("          ", why(replayed.check, replayed.seen)))
    if replayed.changed:
        names = ", ".join(map(clean, replayed.changed))
        lines.append(line(Piece(f"          changed since the counterexample was made: {names}", Style.DIM)))
    return lines


def json_replayed(name: str, replayed: Replayed) -> ReplayedShape:
    """Put the outcome into its shape."""
    return ReplayedShape(
        name,
        replayed.model,
        str(replayed.scenario.name),
        replayed.check.label,
        "holds" if replayed.holds else "broken",
        "" if replayed.holds else why(replayed.check, replayed.seen),
        list(replayed.changed),
    )
