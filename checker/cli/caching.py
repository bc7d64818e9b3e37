"""The cache that a command line asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.base.values import frozen

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.verify.cache.decide import Caching
    from checker.verify.results import CheckResult

NONE = "none"
"""The word that stands for no folder, where one is named in the environment."""


@frozen
class CacheOptions:
    """The options of the cache: its folder (None for the user's own) and its size in MiB, whether there is to be none,
    and whether what is in it is believed."""

    cache: Path | None = None
    cache_size: int = 256
    no_cache: bool = False
    trust_cache: bool = False

    @property
    def off(self) -> bool:
        """Tell whether there is to be no cache."""
        return self.no_cache or self.cache == Path(NONE)

    def fit_together(self, needs_solver: Sequence[str]) -> None:
        """Refuse options that contradict each other. Raises `click.UsageError`."""
        if self.trust_cache and self.off:
            raise click.UsageError("--trust-cache believes what is in a cache: leave --no-cache out")
        if self.trust_cache and needs_solver:
            raise click.UsageError(f"--trust-cache asks no solver: leave {' and '.join(needs_solver)} out")

    def open(self, *, thorough: bool) -> Caching | Diagnostic | None:
        """Open the cache, or say why that cannot be; None if there is to be none. With ``thorough``, what is
        confirmed is attacked in full, and its invariants are said in words."""
        if self.off:
            return None
        from checker.base.diagnostic import Diagnostic
        from checker.verify.cache.decide import Caching
        from checker.verify.cache.store import open_store, others_can_write

        store = open_store(self.cache)
        if isinstance(store, Diagnostic):
            return store
        problem = others_can_write(store) if self.trust_cache else None
        return problem or Caching(store, self.trust_cache, thorough, self.cache_size << 20, words=thorough)


def trusted_note(findings: Sequence[CheckResult]) -> list[Diagnostic]:
    """Say how many verdicts are from a cache and were not checked, if there are any."""
    from checker.base.codes import CommandCode
    from checker.base.diagnostic import Diagnostic, Severity

    count = sum(each.trusted for each in findings)
    if not count:
        return []
    message = f"verdicts from the cache that were not checked: {count} of {len(findings)}"
    remedy = "leave --trust-cache out to have them checked"
    return [Diagnostic(CommandCode.CACHE_TRUSTED, message, help=remedy, severity=Severity.NOTE)]
