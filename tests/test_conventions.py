"""How things are named and told, in the checker and in its tests: read from the source, nothing is run."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.places import ROOT

SOURCES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "checker").rglob("*.py"))}
TESTS = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "tests").rglob("*.py"))}

QUESTIONS_LEFT = {
    "handover": 25,
}
"""Docstrings of each room that begin with a question word, as many as there still are: the numbers only go down."""

NAMED_TWICE = {"Choice", "Environment", "Limits", "Line", "Piece", "Program", "Record"}
"""Public classes that two rooms have under one name, as long as there are such: none is added."""

REGISTRIES = {
    "solvers": (ROOT / "checker" / "solvers", {"__init__", "backend", "registry", "self_test"}),
    "map formats": (ROOT / "checker" / "memmap" / "formats", {"__init__", "registry"}),
}
"""Folders with a file for each of a kind, and the files in them that are something else."""

INSIDERS = {"tests/helpers/prover.py", "tests/helpers/seams.py"}
"""The only tests' files that know private names of the prover."""


def room(path: Path) -> str:
    return path.relative_to(ROOT / "checker").parts[0].removesuffix(".py")


def docstrings(tree: ast.Module) -> Iterator[str]:
    """The docstrings of a module, its classes and functions, and of what is assigned."""
    for node in ast.walk(tree):
        for statement in getattr(node, "body", ()) if isinstance(getattr(node, "body", ()), list) else ():
            match statement:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    yield text


def test_no_more_docstrings_begin_with_a_question() -> None:
    found: Counter[str] = Counter()
    for path, tree in SOURCES.items():
        found[room(path)] += sum(
            bool(re.match(r"(What|Whether|How|Where|Which|Why)\b", text)) for text in docstrings(tree)
        )
    assert {name: count for name, count in found.items() if count > QUESTIONS_LEFT.get(name, 0)} == {}


def test_one_word_names_one_class() -> None:
    """The trees of the syntax and of the program are twins, word for word; nothing else is."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for path, tree in SOURCES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                rooms[node.name].add(room(path))
    twins = {"language", "program"}
    assert {name for name, where in rooms.items() if len(where) > 1 and where != twins} - NAMED_TWICE == set()


@pytest.mark.parametrize("kind", REGISTRIES)
def test_what_has_a_registry_is_listed_nowhere_else(kind: str) -> None:
    folder, others = REGISTRIES[kind]
    names = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - others
    assert len(names) > 2
    for path, tree in SOURCES.items():
        if folder in path.parents:
            continue
        for node in ast.walk(tree):
            members = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", ())
            said = {each.value for each in members if isinstance(each, ast.Constant)} & names
            assert len(said) < 2, f"{path.relative_to(ROOT)}, line {node.lineno}: {sorted(said)}"  # type: ignore[attr-defined]


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The modules from which names are imported, and the names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def test_tests_import_no_tests() -> None:
    """Faults apart, which name the tests that notice them: what tests share are helpers, oracles and writers."""
    for path, tree in TESTS.items():
        if "faults" not in path.parts:
            tests = [name for module, name in imported(tree) if "test_" in f"{module}.{name}" and "tests" in module]
            assert not tests or path.name == "test_seeded_faults.py", f"{path.relative_to(ROOT)} imports {tests}"


def test_tests_know_the_prover_by_its_public_names() -> None:
    for path, tree in TESTS.items():
        if str(path.relative_to(ROOT)) not in INSIDERS:
            private = [name for module, name in imported(tree) if "checker.prove" in module and name.startswith("_")]
            assert not private, f"{path.relative_to(ROOT)} imports {private}"
