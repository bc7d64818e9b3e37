"""The reach of a budget, as concrete maps tell: the least sizes with which one, two and three regions break what is
claimed. From these come the two numbers of a bound on totals.

*The form of the bound*: sizes, and for each region what may be lost before it, come to at most so much:
``total(size + slack) <= bound``. The ``slack`` is how much less two regions hold than one, or three than two, whichever
is more; the bound is the largest that admits none of the maps that were found. So with it the count of regions needs no
bound of its own: for every count ``n`` it says how much fits, ``bound - n * slack``.

*Nothing rests on it*: that the bound is enough, and that one step more is not, is decided.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from checker.base.values import frozen
from checker.prove import Fewest

_LARGEST = (1 << 64) - 1

COUNTS = (1, 2, 3)
"""The numbers of regions that are tried."""


@frozen
class Frontier:
    """For one region, two and so on the least sum of sizes, in bytes, that breaks what is claimed; None where none
    does. Sizes are multiples of ``step``."""

    least: tuple[int | None, ...]
    step: int
    unsure: str = ""
    """The reason why less may break it, if it may."""

    @property
    def endless(self) -> bool:
        """Tell whether no map that was looked at breaks what is claimed, whatever its sizes."""
        return all(each is None for each in self.least)

    @property
    def smallest(self) -> int | None:
        """The number of regions for which the smallest map that there is of so many breaks what is claimed; None if
        there is none. Then no bound on sizes helps."""
        for count, total in zip(COUNTS, self.least, strict=True):
            if total is not None and total <= count * self.step:
                return count
        return None

    @property
    def slack(self) -> int:
        """The most that one more region takes away from what fits."""
        known = [each for each in self.least if each is not None]
        return max([0, *(fewer - more for fewer, more in pairwise(known))])

    @property
    def bound(self) -> int:
        """The largest bound on sizes and slack that admits none of the maps that were found."""
        reached = [
            total + count * self.slack for count, total in zip(COUNTS, self.least, strict=True) if total is not None
        ]
        return min(reached) - self.step

    @property
    def beyond(self) -> bool:
        """Tell whether the bound, and that with one step more, are numbers that the language has no words for: what
        breaks the claim is as much as 64 bits can count."""
        return not self.endless and self.smallest is None and self.bound + self.step > _LARGEST


def frontier(fewest: Callable[[int], Fewest], step: int) -> Frontier:
    """Return the reach of a budget, from a search for the least sizes of so many regions. More regions are not asked
    for once the smallest map of some break what is claimed."""
    found: list[int | None] = []
    unsure = ""
    for count in COUNTS:
        made = fewest(count)
        found.append(made.total)
        unsure = unsure or made.unsure
        if made.total is not None and made.total <= count * step:
            break
    found += [None] * (len(COUNTS) - len(found))
    return Frontier(tuple(found), step, unsure)
