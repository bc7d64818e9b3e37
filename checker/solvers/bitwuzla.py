"""Bitwuzla, through its Python package. It knows words of bits and no integers, and nothing is translated for it."""

from __future__ import annotations

from typing import Any

from checker.solvers.backend import Backend, Limit, MissingError


def _bitwuzla() -> Any:
    try:
        import bitwuzla
    except ImportError as error:
        raise MissingError(str(error)) from error
    return bitwuzla


def _version() -> str:
    return str(_bitwuzla().version())


def _ask(text: str, limit: Limit) -> str:
    bitwuzla = _bitwuzla()
    options = bitwuzla.Options()
    options.set(bitwuzla.Option.TIME_LIMIT_PER, limit.seconds * 1000)
    parser = bitwuzla.Parser(bitwuzla.TermManager(), options)
    try:
        parser.parse(text, True, False)
        return str(parser.bitwuzla().check_sat())
    except bitwuzla.BitwuzlaException as error:
        return str(error)


BITWUZLA = Backend(
    name="bitwuzla",
    package="bitwuzla",
    integers=False,
    words=True,
    together=False,
    limited_by="seconds",
    note="no integers, of which all proofs are full, and nothing is translated for it: confirms hardly any",
    version=_version,
    ask=_ask,
)
