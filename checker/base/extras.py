"""Parts of the tool that are installed if they are asked for."""

from __future__ import annotations

from importlib.util import find_spec

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic


def how(extra: str) -> str:
    """The command that installs an extra. The tool is installed from a clone, and so are its parts."""
    return f"pip install '.[{extra}]' in the clone of mapproof"


def missing(what: str, extra: str, *packages: str) -> Diagnostic | None:
    """Return the complaint that a part is not there, if any of the packages is not that its extra brings."""
    if all(find_spec(package) is not None for package in packages):
        return None
    return Diagnostic(CommandCode.EXTRA_MISSING, f"{what} is not installed", help=how(extra))
