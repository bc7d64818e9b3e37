"""Imported algorithms as programs: elaborated as any text of the language, with the places that they have in C."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from checker import library
from checker import program as p
from checker.base.codes import SourceCode
from checker.base.diagnostic import Diagnostic, Span
from checker.csource.binding import Binding, read_binding
from checker.csource.imports import Imported
from checker.language import SUFFIX, Limits, load_text
from checker.library import LIMITS, Chosen

_ITEM = re.compile(
    r"^(const|enum|flags|record|list|layout|window|def|assumption|property|algorithm|handover)\s+(\w+)", re.MULTILINE
)


def bindings() -> dict[str, Path]:
    """Return the shipped bindings by name."""
    return library.bindings()


def find_binding(word: str) -> Binding | Diagnostic:
    """Find the binding that a word means: a file `.toml`, or a shipped one by its name."""
    if word.endswith(".toml") or "/" in word:
        return read_binding(Path(word))
    known = bindings()
    if word in known:
        return read_binding(known[word])
    near = get_close_matches(word, known, n=3)
    listing = f"there are: {', '.join(known) or 'none'}"
    help = f"did you mean {' or '.join(near)}? {listing}" if near else f"name a file `.toml`; {listing}"
    return Diagnostic(SourceCode.BAD_BINDING, f"there is no binding `{word}`", help=help)


def binding_of(model: str) -> Binding | Diagnostic:
    """Find the one shipped binding whose algorithm a model is of."""
    found = [each for path in bindings().values() if not isinstance(each := read_binding(path), Diagnostic)]
    about = [each for each in found if model in each.models]
    if len(about) == 1:
        return about[0]
    if about:
        message = f"{len(about)} shipped bindings name the model `{model}`"
        listing = ", ".join(each.name for each in about)
        return Diagnostic(SourceCode.BAD_BINDING, message, help=f"name one with --binding: {listing}")
    message = f"no shipped binding names the model `{model}`"
    alike = _for_the_same_machines(model, found)
    listing = "; ".join(f"{each.name} is for {', '.join(each.models)}" for each in found)
    help = f"name one with --binding, shipped or a file `.toml`; {listing}"
    if alike:
        help = f"hold {' or '.join(alike)} against the tree, which is for such machines too; or {help}"
    return Diagnostic(SourceCode.BAD_BINDING, message, help=help)


def _for_the_same_machines(model: str, found: Sequence[Binding]) -> list[str]:
    """Return the models which bindings name that are for machines a model is for."""
    asked = library.find_algorithm(model)
    wanted = () if isinstance(asked, Diagnostic) else asked.algorithm.targets
    alike = []
    for name in (name for each in found for name in each.models):
        other = library.find_algorithm(name)
        if not isinstance(other, Diagnostic) and any(a.meets(b) for a in wanted for b in other.algorithm.targets):
            alike.append(name)
    return alike


def names_used(binding: Binding) -> frozenset[str]:
    """Return the names that the modules which a binding's text uses declare: variables cannot be called so."""
    return frozenset(name for _, name in _items(binding))


def enumerations_used(binding: Binding) -> frozenset[str]:
    """Return the enumerations that the modules which a binding's text uses declare: their values are no bits."""
    return frozenset(name for kind, name in _items(binding) if kind == "enum")


def _items(binding: Binding) -> Iterator[tuple[str, str]]:
    """Go over what the modules of a binding declare: the kind and the name."""
    for name in binding.modules:
        for folder in library.search_path():
            path = folder / (name + SUFFIX)
            if path.is_file():
                yield from _ITEM.findall(path.read_text(encoding="utf-8"))


def chosen(imported: Imported, name: str, limits: Limits = LIMITS) -> Chosen | Diagnostic:
    """Return an imported algorithm as one that is named for a comparison. Its places are those in C."""
    path = Path(f"{imported.algorithm}{SUFFIX}")
    program = load_text(str(path), imported.text.encode(), library.search_path(), limits)
    if isinstance(program, Diagnostic):
        return _in_c(program, imported)
    made = next(each for each in program.algorithms if each.name == imported.algorithm)
    return Chosen(name, placed_in_c(made, imported), program, path, imported.text)


def placed_in_c(algorithm: p.Algorithm, imported: Imported) -> p.Algorithm:
    """Return an algorithm whose places are those of the C that its lines are from."""

    def moved(node: p.Node) -> p.Node:
        made = node.with_children(moved)
        span = getattr(made, "span", None)
        there = _there(span, imported) if isinstance(span, Span) else None
        return made if there is None else replace(made, span=there)  # type: ignore[type-var]  # nodes are dataclasses

    body = tuple(moved(each) for each in algorithm.body)
    return replace(algorithm, body=body, span=imported.place)  # type: ignore[arg-type]  # statements stay statements


def _there(span: Span, imported: Imported) -> Span | None:
    """Return the place in C of a place in the imported text; None where the line has none, or it is another text."""
    if span.source.text != imported.text or not 1 <= span.line <= len(imported.lines):
        return None
    return imported.lines[span.line - 1]


def _in_c(wrong: Diagnostic, imported: Imported) -> Diagnostic:
    """Return a complaint about the text as one about the C that it is from."""
    there = None if wrong.span is None else _there(wrong.span, imported)
    return wrong if there is None else replace(wrong, span=there)
