"""Algorithms that are read from the source trees of kernels, as the command line names them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.base.codes import SourceCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen

if TYPE_CHECKING:
    from checker.csource import Binding, Imported, Patched
    from checker.language import Limits
    from checker.library import Chosen, Program
    from checker.verify.replaced import Replacement


def need_binding(binding: str | None) -> None:
    """Refuse to read a tree where neither a binding nor a model says what its C means. Raises `click.UsageError`."""
    from checker.csource import bindings

    if binding is None:
        listing = ", ".join(bindings())
        raise click.UsageError(f"Name with --binding what the C of the tree means: {listing}, or a file `.toml`.")


@frozen
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
    change: Patched | None = None,
) -> TreeAlgorithm | Diagnostic:
    """Read an algorithm from a tree by a binding, which may follow from the ``model`` that it is held against. With a
    ``change`` files that the binding reads are as they are on the other side of it."""
    from checker.csource import (
        binding_of,
        chosen,
        enumerations_used,
        find_binding,
        import_texts,
        names_used,
        read_tree,
    )
    from checker.library import LIMITS

    found = binding_of(model) if binding is None and model is not None else find_binding(binding or "")
    if isinstance(found, Diagnostic):
        return found
    texts = read_tree(tree, found)
    if isinstance(texts, Diagnostic):
        return texts
    changed = {} if change is None else {path: text for path, text in change.texts.items() if path in texts}
    editions = {} if change is None else dict.fromkeys(changed, change.edition)
    imported = import_texts(
        {**texts, **changed},
        found,
        taken=names_used(found),
        editions=editions,
        enumerations=enumerations_used(found),
    )
    if isinstance(imported, Diagnostic):
        return _of_edition(imported)
    made = chosen(imported, str(tree), limits or LIMITS)
    return _of_edition(made) if isinstance(made, Diagnostic) else TreeAlgorithm(found, imported, made)


def _of_edition(wrong: Diagnostic) -> Diagnostic:
    """Return a complaint that says so if its line is not one of the file as it is."""
    if wrong.span is None or not wrong.span.source.edition:
        return wrong
    source = wrong.span.source
    return replace(wrong, notes=(*wrong.notes, f"line {wrong.span.line} is that of {source.name} {source.edition}"))


def read_patch(tree: Path, patch: Path) -> Patched | Diagnostic:
    """Read a unified diff, `-` from the standard input, and return what it changes of a tree, or has changed there."""
    from checker.csource import MOST_PATCH_BYTES, apply_patch

    given = sys.stdin.buffer.read(MOST_PATCH_BYTES + 1) if str(patch) == "-" else None
    return apply_patch(tree, patch, given)


@frozen
class SourceOptions:
    """The options of `verify` that name a tree: its folder, and the binding that says what its C means."""

    source: Path | None = None
    binding: str | None = None

    def fit_together(self, what: Sequence[str], *, watch: bool) -> None:
        """Refuse what would say less of a tree than it seems to. Raises `click.UsageError`."""
        if self.source is None and self.binding is not None:
            raise click.UsageError("--binding says what the C of a tree means: name the tree with --source")
        if self.source is not None and len(what) != 1:
            raise click.UsageError("--source puts the algorithm of a tree in the place of one model's: name the model")
        if self.source is not None and watch:
            raise click.UsageError("--watch does not look at a tree: leave --watch or --source out")

    def not_kept(self, asked: Mapping[str, object]) -> list[Diagnostic]:
        """Return complaints about options that keep verdicts as those on a program, which others then would look for
        in its file."""
        given = [option for option, value in asked.items() if value is not None and self.source is not None]
        said = f"keeps verdicts on a program in a file, and what is read from {self.source} is in none"
        remedy = "leave it out; or write what `mapproof import` prints to a file, with scenarios, and verify that"
        return [Diagnostic(SourceCode.NOT_TO_BE_KEPT, f"{each} {said}", help=remedy) for each in given]

    def put_into(self, opened: Program, word: str, limits: Limits) -> Program | Diagnostic:
        """Return a program with the tree's algorithm in the place of its own, if a tree is named; ``word`` is what
        named the program."""
        from checker.library import split_scenario
        from checker.verify.replaced import with_algorithm

        if self.source is None:
            return opened
        read = imported_from(self.source, self.binding, split_scenario(word)[0], limits)
        if isinstance(read, Diagnostic):
            return read
        return with_algorithm(opened, _replacement(read))


def _replacement(read: TreeAlgorithm) -> Replacement:
    from checker.verify.replaced import Replacement

    place = read.imported.place
    entries = " and ".join(f"{each}()" for each in read.binding.entry)
    could_be = frozenset(each.partition(":")[0].strip() for each in read.binding.parameters.values())
    return Replacement(read.chosen.algorithm, f"{entries} of {place.on_line}", could_be)


def bound_models(
    before: TreeAlgorithm, after: TreeAlgorithm, folder: Path, limits: Limits
) -> list[tuple[Program, Program]] | Diagnostic:
    """Return the models that a binding names, each with the algorithm of a tree before and after a change in the place
    of its own; a file `.layout` is looked for in ``folder``."""
    from checker.library import open_programs
    from checker.verify.replaced import with_algorithm

    made = []
    for name in before.binding.models:
        word = str(folder / name) if name.endswith(".layout") else name
        opened, wrong = open_programs([word], layout=limits)
        if wrong:
            return wrong[0]
        old = with_algorithm(opened[0], _replacement(before))
        if isinstance(old, Diagnostic):
            return old
        new = with_algorithm(opened[0], _replacement(after))
        if isinstance(new, Diagnostic):
            return new
        made.append((old, new))
    return made
