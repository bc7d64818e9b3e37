"""The solvers that are known, what they can do, and whether they do it."""

from __future__ import annotations

from collections.abc import Sequence

from checker.base.extras import how
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.shapes import DoctorShape, SolverShape
from checker.verify.cross_check import Health


def solver_lines(found: Sequence[Health]) -> list[Line]:
    """Return two or three lines for each solver."""
    lines = []
    width = max((len(each.other.name) for each in found), default=0) + 2
    for each in found:
        other = each.other
        if each.version is None:
            state = Piece(f"not installed: {how(other.name)}", Style.DIM)
        elif each.wrong:
            state = Piece(f"{clean(each.version)}, does NOT work", Style.BAD)
        else:
            state = Piece(f"{clean(each.version)}, works", Style.GOOD)
        lines.append(line(Piece(f"{other.name:{width}}", Style.STRONG), state))
        can = ", ".join(_abilities(each)) or "nothing"
        lines.append(line(f"{'':{width}}decides {can}; limited by {other.limited_by}; {other.note}"))
        lines += [line(f"{'':{width}}", Piece(clean(wrong), Style.BAD)) for wrong in each.wrong]
    return lines


def json_solvers(found: Sequence[Health]) -> DoctorShape:
    """Put solvers into their shape."""
    return DoctorShape(
        [
            SolverShape(
                each.other.name,
                each.version,
                each.version is not None,
                None if each.version is None else not each.wrong,
                list(each.wrong),
                _abilities(each),
                each.other.limited_by,
                each.other.note,
            )
            for each in found
        ]
    )


def _abilities(each: Health) -> list[str]:
    other = each.other
    abilities = {"integers": other.integers, "words of bits": other.words, "both in one text": other.together}
    return [ability for ability, has in abilities.items() if has]
