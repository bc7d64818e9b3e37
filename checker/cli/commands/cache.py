"""``mapproof cache``."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.caching import NONE
from checker.cli.options import cache_option, format_option


@click.command(name="cache", epilog="Example: mapproof cache clear")
@click.argument("action", type=click.Choice(["info", "clear"]), default="info")
@cache_option
@format_option
def command(*, action: str, cache: Path | None, form: str) -> int:
    """Tell what is in the cache of `verify` and where it is (info), or remove all that is in it (clear).

    The cache is in ~/.cache/mapproof, or in the folder that --cache or MAPPROOF_CACHE names. In it are the invariants
    and counterexamples that were searched for, each under a hash of what was asked, so that they are found as long as
    that does not change. What was not used for longest goes when there is too much (`verify --cache-size`).
    """
    if cache == Path(NONE):
        raise click.UsageError("there is no cache: MAPPROOF_CACHE is `none`; name a folder with --cache")
    from checker.base.diagnostic import Diagnostic
    from checker.cli.terminal import complain, tell
    from checker.report.reports import CacheReport
    from checker.verify.cache.store import open_store

    store = open_store(cache, make=False)
    state = store if isinstance(store, Diagnostic) else store.clear() if action == "clear" else store.state()
    report = CacheReport(state)
    complain([state] if isinstance(state, Diagnostic) else [])
    return tell(report, form)
