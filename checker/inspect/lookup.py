"""Look-ups that a command line asks for: of addresses, or of those that a text names."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.values import frozen
from checker.inspect.oops import MOST, FaultAddress, faults_in
from checker.inspect.where import Atlas, Located
from checker.memmap import Limits
from checker.memmap.files import decoded, load

_PREFIXED = re.compile(r"0x[0-9a-f_`]+", re.IGNORECASE)
_BARE = re.compile(r"[0-9a-f]{1,16}", re.IGNORECASE)
_BITS = 64


@frozen
class Lookup:
    """Something to be looked up: an address, or the addresses of a text, with a warning if there are too many."""

    name: str
    faults: tuple[FaultAddress, ...]
    remark: Diagnostic | None = None


@frozen
class LookedUp:
    """The places of what was to be looked up. It was found if some address of it was: in an oops, most are a
    kernel's."""

    question: Lookup
    located: tuple[Located, ...]

    @property
    def found(self) -> bool:
        """Tell whether a region holds some address."""
        return any(each.places for each in self.located)


def answers(known: Atlas, questions: Sequence[Lookup]) -> tuple[LookedUp, ...]:
    """Look everything up."""
    return tuple(LookedUp(each, tuple(map(known.locate, each.faults))) for each in questions)


def read_question(word: str, limits: Limits) -> Lookup | Diagnostic:
    """An address, hexadecimal as kernels print it, or the path of a text."""
    if _PREFIXED.fullmatch(word) or (_BARE.fullmatch(word) and not os.path.exists(word)):
        address = int(word.replace("_", "").replace("`", ""), 16)
        if address >> _BITS:
            message = f"{word} has more than {_BITS} bits"
            return Diagnostic(MapCode.NO_PLACE, message, help="give an address such as 0xfffffffeff012345")
        return Lookup(word, (FaultAddress(("address",), address),))
    if not os.path.exists(word):
        message = f"{word} is no address, and there is no file of that name"
        return Diagnostic(MapCode.NO_PLACE, message, help="give an address such as 0xfffffffeff012345, or an oops")
    data = load(word, limits)
    return data if isinstance(data, Diagnostic) else question_of(word, data, limits)


def question_of(name: str, data: bytes, limits: Limits) -> Lookup | Diagnostic:
    """The addresses of a text."""
    source = decoded(name, data, limits)
    return source if isinstance(source, Diagnostic) else question_in(name, source.text)


def question_in(name: str, text: str) -> Lookup | Diagnostic:
    """The addresses of a text that was read before."""
    faults = faults_in(text)
    if not faults:
        message = f"{name} names no address at which something faulted"
        help = "give the whole oops, with its lines `RIP:` and `CR2:` or `pc :` and `lr :`, or an address"
        return Diagnostic(MapCode.NO_FAULT, message, help=help)
    if len(faults) <= MOST:
        return Lookup(name, faults)
    message = f"{name} names more than {MOST} addresses; the first are looked up"
    help = "cut the oops out of the log"
    return Lookup(name, faults[:MOST], Diagnostic(MapCode.MANY_FAULTS, message, help=help, severity=Severity.WARNING))
