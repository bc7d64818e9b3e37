"""Which room may know which, and what no room may do: read from the source, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "checker").rglob("*.py"))
}
"""The modules of the package, by name."""

LIBRARY = [name for name in FILES if not name.startswith("checker.cli")]

VALUES = {"checker.diagnostic", "checker.exit_status", "checker.limits", "checker.reading"}
"""Plain values, and how files are read: any room may use them, and they know nobody."""

COMPOSED = {name for name in FILES if name.count(".") == 1 and FILES[name].name != "__init__.py"} - VALUES
"""The other modules at the root of the package: they put rooms together, and `report` says what they found."""

ROOMS = {
    "checker.language": VALUES,
    "checker.memmap": VALUES,
    "checker.interpret": {"checker.diagnostic", "checker.language"},
    "checker.prove": {"checker.diagnostic", "checker.limits", "checker.language"},
    "checker.report": {"checker.language", "checker.interpret", "checker.prove", *VALUES, *COMPOSED},
    "checker.cli": {"checker"},
}
"""What each room may know beside itself."""

BEHIND_PROVE = {"checker.prove", "checker.prove.verdict", "checker.prove.bounded"}
"""What is seen of the prover from outside: its front, its results, and the values that make up a counterexample."""

OUTSIDERS = {"z3": "checker.prove", "lark": "checker.language", "click": "checker.cli", "rich": "checker.cli"}
"""The only room that may import each of the packages that the checker rests on."""

MOST_LINES = 600

RULES_OF_THE_GRAMMAR = "checker.language.build.TreeBuilder"
"""Its methods are called like the rules of grammar.lark, where what they are for is said."""


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


def within(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def targets(node: ast.AST, importer: str) -> Iterator[str]:
    """The modules that an import statement loads, by their full names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = importer if FILES[importer].name == "__init__.py" else importer.rpartition(".")[0]
        base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        origin = ".".join([*base, *([node.module] if node.module else [])])
        inner = [f"{origin}.{alias.name}" for alias in node.names]
        modules = [name for name in inner if name in FILES]
        yield from modules
        if len(modules) < len(inner):
            yield origin


def imports(module: str) -> set[str]:
    """Everything that a module imports, wherever in it: at the top, in a function, or for type checking."""
    return {name for node in ast.walk(tree(module)) for name in targets(node, module)}


def loaded(body: list[ast.stmt], importer: str) -> Iterator[str]:
    """What is imported when a module is: not what stands in functions or is for type checking."""
    for node in body:
        yield from targets(node, importer)
        match node:
            case ast.If(test=test, body=then, orelse=otherwise):
                if "TYPE_CHECKING" not in ast.dump(test):
                    yield from loaded(then, importer)
                yield from loaded(otherwise, importer)
            case ast.Try(body=tried, handlers=handlers, orelse=otherwise, finalbody=finally_):
                for part in (tried, otherwise, finally_, *(handler.body for handler in handlers)):
                    yield from loaded(part, importer)
            case ast.With(body=inner) | ast.ClassDef(body=inner):
                yield from loaded(inner, importer)


def loaded_by(module: str) -> set[str]:
    """All modules that come with importing one, and the packages around them."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name in FILES:
            waiting += [".".join(name.split(".")[:end]) for end in range(1, name.count(".") + 1)]
            waiting += loaded(tree(name).body, name)
    return found


def functions_of(module: str) -> set[str]:
    """The functions that a module defines."""
    return {node.name for node in tree(module).body if isinstance(node, ast.FunctionDef)}


def public(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """The public functions and classes of a module, and the public methods of public classes."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{prefix}.{node.name}", node
            if isinstance(node, ast.ClassDef) and f"{prefix}.{node.name}" != RULES_OF_THE_GRAMMAR:
                yield from public(node.body, f"{prefix}.{node.name}")


def test_the_rooms_are_these() -> None:
    rooms = {f"checker.{path.parent.name}" for path in (ROOT / "checker").glob("*/__init__.py")}
    assert rooms == set(ROOMS)
    assert set(FILES) >= VALUES


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_one_way(room: str) -> None:
    for module in (name for name in FILES if within(name, room)):
        for name in imports(module):
            allowed = not within(name, "checker") or any(within(name, known) for known in {room, *ROOMS[room]})
            assert allowed, f"{module} imports {name}"


@pytest.mark.parametrize("module", sorted(VALUES))
def test_plain_values_know_nobody(module: str) -> None:
    assert not any(within(name, "checker") for name in imports(module))


@pytest.mark.parametrize("module", sorted(COMPOSED))
def test_what_is_composed_does_not_know_who_shows_it(module: str) -> None:
    shown = [name for name in imports(module) if within(name, "checker.cli") or within(name, "checker.report")]
    assert not shown, f"{module} imports {shown}"


def test_the_prover_is_used_through_its_front() -> None:
    for module in (name for name in FILES if not within(name, "checker.prove")):
        inside = {name for name in imports(module) if within(name, "checker.prove")}
        assert inside <= BEHIND_PROVE, f"{module} imports {sorted(inside - BEHIND_PROVE)}"


@pytest.mark.parametrize(("package", "room"), OUTSIDERS.items())
def test_a_foreign_package_is_known_in_one_room(package: str, room: str) -> None:
    users = {module for module in FILES if any(within(name, package) for name in imports(module))}
    assert users
    assert all(within(module, room) for module in users), users


def test_help_loads_neither_solver_nor_parser() -> None:
    commands = [name for name in FILES if within(name, "checker.cli") and "command" in functions_of(name)]
    assert len(commands) >= 5
    for module in ("checker.cli", "checker.cli.__main__", *commands):
        assert not {"z3", "cvc5", "bitwuzla", "lark", "rich"} & loaded_by(module), module


@pytest.mark.parametrize("module", FILES)
def test_no_module_is_long(module: str) -> None:
    lines = FILES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES


@pytest.mark.parametrize("module", LIBRARY)
def test_the_library_never_prints_exits_or_keeps_state(module: str) -> None:
    for node in ast.walk(tree(module)):
        where = f"{module}, line {getattr(node, 'lineno', 0)}"
        match node:
            case ast.Call(func=ast.Name(id=name)):
                assert name not in {"print", "exit", "quit", "breakpoint", "input", "SystemExit"}, where
            case ast.Attribute(value=ast.Name(id="sys"), attr=name):
                assert name not in {"exit", "stdout", "stderr", "stdin", "argv"}, where
            case ast.Attribute(value=ast.Name(id="os"), attr=name):
                assert name not in {"_exit", "abort", "environ", "getenv"}, where
            case ast.Name(id="SystemExit") | ast.Global():
                pytest.fail(where)


@pytest.mark.parametrize("module", FILES)
def test_what_is_public_says_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(tree(module)), module
    silent = [name for name, node in public(tree(module).body, module) if not ast.get_docstring(node)]
    assert not silent
