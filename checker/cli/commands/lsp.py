"""``mapproof lsp``."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.base.exit_status import ExitStatus
from checker.cli.caching import CacheOptions
from checker.cli.options import cache_option, jobs_option, memory_option, no_cache_option, timeout_option

if TYPE_CHECKING:
    from checker.lsp.server import Server


@click.command(name="lsp", epilog="Example: mapproof lsp --no-verify")
@click.option("--no-verify", is_flag=True, help="Decide nothing.")
@click.option("--decide", is_flag=True, hidden=True, help="Be the process that decides, for the server.")
@jobs_option
@timeout_option
@memory_option
@cache_option
@no_cache_option
def command(
    *,
    no_verify: bool,
    decide: bool,
    jobs: int | None,
    timeout: float,
    memory: int,
    cache: Path | None,
    no_cache: bool,
) -> int:
    """Answer an editor that speaks the Language Server Protocol, on standard input and output. Editors start this
    command by themselves.

    What is wrong with a `.layout` file is told as one types. Half a second after the last key its checks are decided in
    the background, by processes that give way to everything else; --no-verify switches that off. --timeout is for
    each check, --memory for each process; one process at a time if --jobs says nothing else.

    It is an extra: pip install '.[lsp]' in the clone of mapproof.
    """
    from checker.base.extras import missing
    from checker.cli.terminal import complain

    if decide:
        return _decide(CacheOptions(cache, no_cache=no_cache))
    problem = missing("the language server", "lsp", "pygls", "lsprotocol")
    if problem is not None:
        complain([problem])
        return ExitStatus.WRONG_INPUT
    from checker.lsp.answers import make_server
    from checker.lsp.verdicts import Allowance

    where = () if cache is None else ("--cache", str(cache))
    kept = (*where, *(("--no-cache",) if no_cache else ()))
    server = make_server(None if no_verify else Allowance(jobs or 1, timeout, memory << 20, kept))
    _leave_at_once(server)
    # The server closes what it writes to, and nothing else may be written there.
    with open(os.dup(sys.stdout.fileno()), "wb") as output:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        try:
            server.start_io(stdout=output)
        finally:
            server.close()
    return ExitStatus.AS_EXPECTED


def _leave_at_once(server: Server) -> None:
    """Let signals end the server: a thread waits for standard input, and would be waited for."""

    def leave(*_: object) -> None:
        server.close()
        os._exit(ExitStatus.INTERRUPTED)

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)


def _decide(options: CacheOptions) -> int:
    """Read what is to be decided, and write a line for each verdict. Nobody would be told what is wrong with a cache:
    there is none then."""
    import msgspec

    from checker.base.diagnostic import Diagnostic
    from checker.lsp import worker
    from checker.lsp.verdicts import Request

    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    worker.give_way(request.server)
    caching = options.open(thorough=False)
    for told in worker.decide(request, None if isinstance(caching, Diagnostic) else caching):
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        sys.stdout.buffer.flush()
    return ExitStatus.AS_EXPECTED
