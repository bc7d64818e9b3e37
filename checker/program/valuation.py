"""Values for everything that a scenario leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from checker.base.values import frozen

Column = tuple[Mapping[str, int] | None, ...]
"""A map as a column of a table whose rows are the regions of all maps: the fields of each, None where it is absent."""

MAX_GENERATIONS = 3
"""The longest chain that a valuation may ask for: something may break only in the third kernel."""


@frozen
class Valuation:
    """Values for everything that a scenario leaves open.

    ``maps`` are columns of equal length; ``choices`` go by run, name of the `choose`, and row (None outside passes);
    ``orders`` give, by run, the rows in the order in which an unordered hand-over delivers them; ``generations`` how
    often chained runs are repeated; ``indices`` a number, by its variable, for which what a quantifier says is to be
    judged, whichever others are.
    """

    maps: Mapping[str, Column]
    scalars: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[tuple[str, str, int | None], int] = field(default_factory=dict)
    orders: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    generations: Mapping[str, int] = field(default_factory=dict)
    indices: Mapping[str, int] = field(default_factory=dict)
    beside: Mapping[str, tuple[Mapping[str, int], ...]] = field(default_factory=dict)
    """The lists beside the map, entry by entry."""

    @property
    def size(self) -> int:
        """The number of regions, and of entries of lists beside the map."""
        return max(map(len, self.maps.values()), default=0) + sum(map(len, self.beside.values()))
