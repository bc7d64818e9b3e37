"""The effort that may be spent on the solver, and what was. To count it, the solver is not needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from checker.base.values import mutable

MOST = (1 << 32) - 1
"""The largest limit that Z3 can be given: of a larger one it takes the low bits, and 0 is none at all."""


@mutable
class Effort:
    """The effort that may be spent on one task, in Z3 resource units, and what was."""

    limit: int
    per_query: int
    most_queries: int = MOST
    seed: int = 0
    """The number that the solver's random choices start from."""
    spent: int = 0
    queries: int = 0
    hardest: int = 0
    """The effort of the query that took most."""
    gave_up: int = 0
    """The number of queries that ran out, those apart that were to cost little (``at_most``)."""

    @contextmanager
    def reserving(self, kept: int) -> Iterator[None]:
        """Keep so much of the limit for later."""
        self.limit -= kept
        try:
            yield
        finally:
            self.limit += kept

    @property
    def left(self) -> int:
        """The effort that is left to spend."""
        return max(0, self.limit - self.spent) if self.queries < self.most_queries else 0
