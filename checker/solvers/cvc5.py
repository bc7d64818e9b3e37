"""cvc5, through its Python package."""

from __future__ import annotations

from typing import Any

from checker.solvers.backend import Backend, Limit, MissingError


def _cvc5() -> Any:
    try:
        import cvc5
    except ImportError as error:
        raise MissingError(str(error)) from error
    return cvc5


def _version() -> str:
    version = _cvc5().Solver().getVersion()
    return version.decode() if isinstance(version, bytes) else str(version)


_WAYS = ("default", "internal")
"""The ways in which it chooses what to try next: by the structure of the text, or not. What one way decides at once,
the other may get lost in."""

_TENTHS = (1, 4)
"""The time that each way has, first and then again: ten tenths in all."""


def _ask(text: str, limit: Limit) -> str:
    said = ""
    for tenths in _TENTHS:
        for way in _WAYS:
            said = _attempt(text, limit, way, limit.seconds * tenths * 100)
            if not said.startswith("unknown"):
                return said
    return said


def _attempt(text: str, limit: Limit, way: str, milliseconds: int) -> str:
    cvc5 = _cvc5()
    solver = cvc5.Solver(cvc5.TermManager())
    if way != "default":
        solver.setOption("decision", way)
    solver.setOption("rlimit-per", str(limit.steps))
    solver.setOption("tlimit-per", str(milliseconds))
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "obligation")
    symbols = parser.getSymbolManager()
    said = ""
    try:
        while not (command := parser.nextCommand()).isNull():
            said += str(command.invoke(solver, symbols))
    except RuntimeError as error:
        return str(error)
    return said.strip()


CVC5 = Backend(
    name="cvc5",
    package="cvc5",
    integers=True,
    words=True,
    together=True,
    limited_by="steps and seconds",
    note="the one to take: reads every text",
    version=_version,
    ask=_ask,
)
