"""Pieces of regions, where no proof or search can follow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Span, reject
from checker.language.elaborate.claims.totals import refuse_entries
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
        if isinstance(each.formula, p.TotalsAtMost):
            refuse_entries(each.formula)
            _require_same_pieces(each.formula, {name: makers(name) for name in each.formula.lists})
        if isinstance(each.formula, p.ForAll) and each.formula.relation is p.Relation.SAME:
            one, other = makers(each.formula.regions.name), makers(each.formula.others.name)
            if all(_splits(own, without) for own, without in ((one, other), (other, one))):
                names = f"`{each.formula.regions.name}` and `{each.formula.others.name}`"
                message = f"{names} have split their regions apart from each other: no piece of one is one of the other"
                remedy = "say it of each of the two lists and the map that both come from"
                raise reject(LayoutCode.LOST_PIECES, message, span, remedy)


def _require_same_pieces(formula: p.TotalsAtMost, makers: Mapping[str, Sequence[p.Run]]) -> None:
    """Refuse to compare totals of lists of which one has regions in pieces that another one has whole: what the pieces
    of a region come to is told by none of them alone. Raises `Rejected`."""
    first, *others = formula.lists
    for other in others:
        if any(_splits(makers[one], makers[two]) for one, two in ((first, other), (other, first))):
            message = f"`{first}` and `{other}` do not have the same regions: one of them has split some into pieces"
            remedy = "compare totals of lists that were split alike, or add up in a variable of the algorithm"
            raise reject(LayoutCode.LOST_PIECES, message, formula.span, remedy)


def _splits(runs: Sequence[p.Run], without: Sequence[p.Run]) -> bool:
    """Tell whether some of the runs splits regions, but for those that are ``without``."""
    others = {run.name for run in without}
    return any(has_split(run.algorithm.body) for run in runs if run.name not in others)
