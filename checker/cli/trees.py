"""Algorithms that are read from the source trees of kernels, as the command line names them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from checker.base.diagnostic import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from checker.csource import Binding, Imported
    from checker.language import Limits
    from checker.library import Chosen


@dataclass(frozen=True)
class TreeAlgorithm:
    """An algorithm from a tree: what was read, as a text and as one to compare."""

    binding: Binding
    imported: Imported
    chosen: Chosen


def imported_from(
    tree: Path,
    binding: str | None,
    model: str | None = None,
    limits: Limits | None = None,
    changed: Mapping[str, str] | None = None,
) -> TreeAlgorithm | Diagnostic:
    """Read an algorithm from a tree by a binding, which may follow from the ``model`` that it is held against. Files
    that were ``changed`` have another text than in the tree, by their paths."""
    from checker.csource import binding_of, chosen, find_binding, import_texts, names_used, read_tree
    from checker.library import LIMITS

    found = binding_of(model) if binding is None and model is not None else find_binding(binding or "")
    if isinstance(found, Diagnostic):
        return found
    texts = read_tree(tree, found)
    if isinstance(texts, Diagnostic):
        return texts
    imported = import_texts({**texts, **(changed or {})}, found, taken=names_used(found))
    if isinstance(imported, Diagnostic):
        return imported
    made = chosen(imported, str(tree), limits or LIMITS)
    return made if isinstance(made, Diagnostic) else TreeAlgorithm(found, imported, made)


def patched_texts(tree: Path, patch: Path) -> dict[str, str] | Diagnostic:
    """Read a unified diff, and return the files of a tree that it changes as they are then, by their paths."""
    from checker.csource import apply_patch

    return apply_patch(tree, patch)
