"""The small programs as they are read from C, run by the interpreter."""

from __future__ import annotations

from dataclasses import replace

from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.csource import Imported, import_function, import_texts, read_binding
from checker.interpret import run
from checker.language import load_text
from tests.csource.corpus import FIELDS, PROGRAMS, Program, Region
from tests.helpers.places import SPEC

_KEPT = [field for field in FIELDS if field != "pad"]


def told(program: Program) -> list[int] | Diagnostic:
    """Return what a program says by what is read of it, call by call; a `Diagnostic` if it is not understood."""
    made = import_function(program.text, program.name, file=f"{program.name}.c")
    if isinstance(made, Diagnostic):
        return made
    assert made.result is not None
    names = [each.name for each in made.arguments]
    calls = [{**dict(zip(names, call, strict=True)), made.result.name: 0} for call in program.calls()]
    layout = run(_algorithm(made), calls, {})
    assert not layout.wrapped, "what C lets wrap is marked as such"
    return [region[made.result.name] for region in layout.regions]


def laid(program: Program) -> list[list[Region]] | Diagnostic:
    """Return what a program that walks over a map makes of each; a `Diagnostic` if it is not understood."""
    binding = read_binding(PROGRAMS / "walks.toml")
    assert not isinstance(binding, Diagnostic), binding
    file = f"{program.name}.c"
    made = import_texts({file: program.text}, replace(binding, entry=(program.name,), files=(file,)), program.name)
    if isinstance(made, Diagnostic):
        return made
    algorithm = _algorithm(made)
    layouts = [run(algorithm, [{name: each[name] for name in _KEPT} for each in map_], {}) for map_ in program.maps()]
    assert not any(layout.wrapped for layout in layouts)
    return [[{name: region[name] for name in _KEPT} for region in layout.regions] for layout in layouts]


def kept(layouts: list[list[Region]]) -> list[list[Region]]:
    """Return layouts without what the language has no field for."""
    return [[{name: region[name] for name in _KEPT} for region in layout] for layout in layouts]


def _algorithm(made: Imported) -> p.Algorithm:
    program = load_text(f"{made.algorithm}.layout", made.text.encode(), (SPEC, PROGRAMS))
    assert isinstance(program, p.Program), program
    return next(each for each in program.algorithms if each.name == made.algorithm)
