"""cvc5, through its Python package."""

from __future__ import annotations

from typing import Any

from checker.prove.second.other import Limit, MissingError, Other


def _cvc5() -> Any:
    try:
        import cvc5
    except ImportError as error:
        raise MissingError(str(error)) from error
    return cvc5


def _version() -> str:
    version = _cvc5().Solver().getVersion()
    return version.decode() if isinstance(version, bytes) else str(version)


def _ask(text: str, limit: Limit) -> str:
    cvc5 = _cvc5()
    solver = cvc5.Solver(cvc5.TermManager())
    # Its usual choice follows the structure of the text, and gets lost in statements that are decided at once without.
    solver.setOption("decision", "internal")
    solver.setOption("rlimit-per", str(limit.steps))
    solver.setOption("tlimit-per", str(limit.seconds * 1000))
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


CVC5 = Other(
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
