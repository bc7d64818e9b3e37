"""Z3 itself, on the text alone: tells a wrong text from a wrong answer."""

from __future__ import annotations

from typing import Any

from checker.solvers.backend import Backend, Limit, MissingError


def _z3() -> Any:
    try:
        import z3
    except ImportError as error:
        raise MissingError(str(error)) from error
    return z3


def _version() -> str:
    return str(_z3().get_version_string())


def _ask(text: str, limit: Limit) -> str:
    z3 = _z3()
    solver = z3.SimpleSolver()
    solver.set("rlimit", limit.steps)
    solver.set("timeout", limit.seconds * 1000)
    try:
        solver.from_string(text)
        return str(solver.check())
    except z3.Z3Exception as error:
        return error.value.decode() if isinstance(error.value, bytes) else str(error)


Z3 = Backend(
    name="z3",
    package="z3-solver",
    integers=True,
    words=True,
    together=True,
    limited_by="steps and seconds",
    note="decides every check; cannot be its own second opinion",
    version=_version,
    ask=_ask,
)
