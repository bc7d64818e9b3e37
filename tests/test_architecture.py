"""Which room may know which, and what no room may do: read from the source, nothing is run."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache

import pytest

from tests.helpers.places import ROOT

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "checker").rglob("*.py"))
}
"""The modules of the package, by name."""

LIBRARY = [name for name in FILES if not name.startswith(("checker.cli", "checker.__main__"))]

ROOMS = {
    "checker.base": set(),
    "checker.solvers": set(),
    "checker.program": {"base"},
    "checker.memmap": {"base"},
    "checker.language": {"base", "program"},
    "checker.interpret": {"base", "program"},
    "checker.handover": {"base", "memmap"},
    "checker.prove": {"base", "program"},
    "checker.library": {"base", "program", "language"},
    "checker.csource": {"base", "program", "language", "library"},
    "checker.layouts": {"base", "program", "interpret", "memmap"},
    "checker.compare": {"base", "program", "language", "interpret", "memmap", "handover", "library", "layouts"},
    "checker.verify": {"base", "program", "language", "interpret", "prove", "solvers", "library"},
    "checker.inspect": {"base", "program", "language", "interpret", "memmap", "handover", "library", "layouts"},
    "checker.report": {
        *{"base", "program", "interpret", "memmap", "handover", "prove", "solvers", "library", "layouts", "compare"},
        *{"verify", "inspect"},
    },
    "checker.doors": {
        *{"base", "program", "interpret", "language", "memmap", "handover", "prove", "solvers", "library"},
        *{"layouts", "compare", "verify", "report"},
    },
    "checker.lsp": {"base", "program", "language", "library", "verify", "report"},
    "checker.cli": {
        *{"base", "program", "language", "memmap", "handover", "prove", "solvers", "library"},
        *{"layouts", "compare", "verify", "inspect", "report", "lsp", "csource"},
    },
}
"""What each room may know beside itself, the lowest first: a room knows only rooms that stand above it here."""

BEHIND_PROVE = {"checker.prove", "checker.prove.results"}
"""What is seen of the prover from outside: its front and its results."""

OUTSIDERS = {
    "z3": ("checker.prove", "checker.solvers"),
    "lark": ("checker.language.syntax",),
    "tree_sitter": ("checker.csource.syntax",),
    "tree_sitter_c": ("checker.csource.syntax",),
    "click": ("checker.cli",),
    "hypothesis": ("checker.strategies",),
    "pygls": ("checker.lsp",),
    "lsprotocol": ("checker.lsp",),
    "pytest": ("checker.pytest_plugin",),
    "rich": ("checker.cli",),
    "pysat": ("checker.verify.external",),
    "dratify": ("checker.verify.external",),
    "distributed": ("checker.verify.executors",),
}
"""The only rooms that may import each of the packages that the checker rests on; the other solvers' packages are known
in that of the solvers alone."""

MOST_FILES = 12
"""Modules that one folder shows, but for those of TABLES."""

TABLES = ("cli/commands", "memmap/formats", "report/views")
"""Folders in which each file is a row of a table: a command, a format, the view of one command's report."""

MOST_LINES = 400

RULES_OF_THE_GRAMMAR = "checker.language.syntax.build.TreeBuilder"
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


@cache
def imports(module: str) -> frozenset[str]:
    """Everything that a module imports, wherever in it: at the top, in a function, or for type checking."""
    return frozenset(name for node in ast.walk(tree(module)) for name in targets(node, module))


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


def test_every_module_is_in_a_room() -> None:
    rooms = {f"checker.{path.parent.name}" for path in (ROOT / "checker").glob("*/__init__.py")}
    assert rooms == set(ROOMS)
    loose = {name for name in FILES if not any(within(name, room) for room in ROOMS)}
    assert loose == {"checker", "checker.__main__", "checker.pytest_plugin", "checker.strategies"}


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_one_way(room: str) -> None:
    above = list(ROOMS)[: list(ROOMS).index(room)]
    known = {f"checker.{name}" for name in ROOMS[room]}
    assert known <= set(above)
    for module in (name for name in FILES if within(name, room)):
        for name in imports(module) - {"checker"}:
            allowed = not within(name, "checker") or any(within(name, each) for each in {room, *known})
            assert allowed, f"{module} imports {name}"


def test_there_is_no_circle_of_modules() -> None:
    """What is imported for types alone makes no circle: it is not there when the module runs."""
    left = {name: {each for each in loaded(tree(name).body, name) if each in FILES} for name in FILES}
    fronts = {name for name in FILES if FILES[name].name == "__init__.py"}
    while left:
        free = {name for name, known in left.items() if not (known - fronts) & left.keys() - {name}}
        assert free, f"these import each other: {sorted(left)}"
        left = {name: known for name, known in left.items() if name not in free}


def test_no_folder_shows_too_much() -> None:
    for folder in {path.parent for path in FILES.values()} - {ROOT / "checker" / name for name in TABLES}:
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        folders = [path for path in folder.iterdir() if (path / "__init__.py").exists()]
        assert len(modules) <= MOST_FILES, folder
        assert folder.parent == ROOT or len(modules) + len(folders) <= MOST_FILES + 4, folder


def test_the_prover_is_used_through_its_front() -> None:
    for module in (name for name in FILES if not within(name, "checker.prove")):
        inside = {name for name in imports(module) if within(name, "checker.prove")}
        assert inside <= BEHIND_PROVE, f"{module} imports {sorted(inside - BEHIND_PROVE)}"


def test_what_attacks_proofs_shares_nothing_with_the_prover() -> None:
    """Neither the prover's rooms, nor the questions and the slice that its obligations rest on: the walk is there to
    collect constants, and to count."""
    known = {"checker.base", "checker.program", "checker.interpret", "checker.verify.attack"}
    attacking = [name for name in FILES if within(name, "checker.verify.attack")]
    assert attacking
    for module in attacking:
        for name in imports(module) - {"checker", "checker.verify"}:
            assert not within(name, "checker") or any(within(name, each) for each in known), f"{module} imports {name}"
        walked = [node for node in ast.walk(tree(module)) if isinstance(node, ast.ImportFrom)]
        for node in walked:
            assert node.module != "checker.program.slice", module
            if node.module == "checker.program.walk":
                assert {alias.name for alias in node.names} == {"expressions"}, module


def foreign(room: str) -> set[str]:
    """The packages that a room imports, beside those that come with Python."""
    names = {name.partition(".")[0] for module in FILES if within(module, room) for name in imports(module)}
    return names - sys.stdlib_module_names - {"checker"}


SOLVERS = foreign("checker.solvers")
KNOWN_IN = {**dict.fromkeys(sorted(SOLVERS), ("checker.solvers",)), **OUTSIDERS}


@pytest.mark.parametrize(("package", "rooms"), KNOWN_IN.items())
def test_a_foreign_package_is_known_in_few_rooms(package: str, rooms: tuple[str, ...]) -> None:
    users = {module for module in FILES if any(within(name, package) for name in imports(module))}
    assert users
    assert all(any(within(module, room) for room in rooms) for module in users), users


def test_help_loads_neither_solver_nor_parser() -> None:
    commands = [name for name in FILES if within(name, "checker.cli") and "command" in functions_of(name)]
    assert len(commands) >= 5
    for module in ("checker.cli", "checker.__main__", *commands):
        assert not {*SOLVERS, "lark", "rich"} & loaded_by(module), module


def test_to_know_the_solvers_loads_none() -> None:
    assert len(SOLVERS) > 1
    assert not SOLVERS & loaded_by("checker.solvers")


@pytest.mark.parametrize("module", FILES)
def test_a_match_says_what_is_done_with_all_else(module: str) -> None:
    """With `assert_never` there, the type checker names every place that a new member of a union has to be told to."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Match):
            last = node.cases[-1]
            whole = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None and last.guard is None
            assert whole, f"{module}, line {node.lineno}"


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


def test_the_page_of_the_architecture_has_every_room_on_a_higher_floor_than_what_it_knows() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    floors = {
        f"checker.{room}": int(floor) for floor, room in re.findall(r"^\| (\d) \| `(\w+)` \|", text, re.MULTILINE)
    }
    assert set(floors) == set(ROOMS)
    for room, known in ROOMS.items():
        assert all(floors[f"checker.{each}"] < floors[room] for each in known), room
