"""Pieces of regions, where no proof or search can follow them."""

from __future__ import annotations

from collections.abc import Sequence

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Span, reject
from checker.program.walk import has_split


def require_known_pieces(formulas: p.Formulas, runs: Sequence[p.Run], span: Span) -> None:
    """Refuse to compare a region in two lists of which each has split its regions by itself: which piece of the one is
    which of the other depends on where both were cut. Raises `Rejected`."""
    known = {run.name: run for run in runs}

    def makers(name: str) -> list[p.Run]:
        """The runs that made a list, the last one first."""
        found = []
        while name in known:
            found.append(known[name])
            name = known[name].source
        return found

    for each in formulas:
        if isinstance(each.formula, p.ForAll) and each.formula.relation is p.Relation.SAME:
            one, other = makers(each.formula.regions.name), makers(each.formula.others.name)
            if all(_splits(own, without) for own, without in ((one, other), (other, one))):
                names = f"`{each.formula.regions.name}` and `{each.formula.others.name}`"
                message = f"{names} have split their regions apart from each other: no piece of one is one of the other"
                remedy = "say it of each of the two lists and the map that both come from"
                raise reject(LayoutCode.LOST_PIECES, message, span, remedy)


def _splits(runs: Sequence[p.Run], without: Sequence[p.Run]) -> bool:
    """Tell whether some of the runs splits regions, but for those that are ``without``."""
    others = {run.name for run in without}
    return any(has_split(run.algorithm.body) for run in runs if run.name not in others)
