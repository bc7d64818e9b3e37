"""Programs, as text and as what is shipped, and what is known of codes and solvers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.library import Explanation, Program
    from checker.verify.cross_check import Health


def models() -> tuple[str, ...]:
    """Return the names of the shipped models."""
    from checker import library

    return tuple(library.models())


def load(what: str | Path) -> Program | Diagnostic:
    """Read a program: a `.layout` file, or a shipped model by its name.

    >>> load("linux-x86-reversed").name
    'models/linux-x86-reversed.layout'
    >>> load("rederiv").help
    'did you mean rederive? `mapproof models` lists the shipped models'
    """
    from checker import library
    from checker.base.diagnostic import Diagnostic

    found = what if isinstance(what, Path) else library.find_model(what)
    if isinstance(found, Diagnostic) and (Path(what).suffix or "/" in str(what) or Path(what).exists()):
        found = Path(what)
    return found if isinstance(found, Diagnostic) else library.open_program(found)


def load_text(text: str, *, name: str = "program.layout", folder: str | Path = ".") -> Program | Diagnostic:
    """Read a program from its text. ``use`` looks in ``folder`` first; reports speak of the program as ``name``.

    >>> wrong = load_text("const SIZE: bytes = 4K;")
    >>> str(wrong.code), wrong.span.line, wrong.span.column
    ('L004', 1, 23)
    """
    from checker import library
    from checker.base.diagnostic import Diagnostic
    from checker.language import load_text as typed

    program = typed(name, text.encode(), (Path(folder), *library.search_path()))
    return program if isinstance(program, Diagnostic) else library.Program(name, Path(folder) / name, program)


def format_text(text: str, *, name: str = "program.layout") -> str | Diagnostic:
    """Return a program's text in the one layout, as `mapproof fmt` writes it.

    >>> format_text("const  SIZE:bytes=4K")
    'const SIZE: bytes = 4K\\n'
    """
    from checker.language import format_text as formatted

    return formatted(name, text.encode())


def explain(*codes: str) -> tuple[Explanation, ...] | Diagnostic:
    """Return the pages on the codes of messages; what a code begins with stands for all that begin so.

    >>> [(str(page.code), page.code.meaning) for page in explain("M342")]
    [('M342', 'regions are at another address in the new kernel')]
    """
    from checker.base.diagnostic import Diagnostic
    from checker.library import explain as explained

    found = explained(codes)
    return found if isinstance(found, Diagnostic) else tuple(found)


def solvers() -> tuple[Health, ...]:
    """Ask each solver that is known whether it is here and right, as `mapproof doctor` does."""
    from checker.verify.cross_check import examined

    return tuple(examined())
