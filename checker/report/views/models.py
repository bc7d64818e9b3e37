"""A program's algorithms, and the verdicts that its scenarios expect."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from checker import program as p
from checker.library import Program
from checker.memmap.signs import EXPORTED_MAP, NO_CALL, VALUES
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.shapes import AlgorithmShape, ExpectationShape, ModelShape, ParameterShape, ScenarioShape

_HEAD = re.compile(r"[\w-]+ \d+(\.\d+)*( to \d+(\.\d+)*| and later)?(?=[,:;])")
"""The head of an origin that is of a system's versions."""

_SYSTEMS = 1
"""The most versions of systems that a line of the table shows."""


def model_table(models: Sequence[tuple[str, p.Program]]) -> list[Line]:
    """A line for each model: the machines that it is for, and how many checks expect what."""
    rows = [(clean(name), _machines(name, program), _expectations(program)) for name, program in models]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    lines = [
        line(Piece(f"{name:{widths[0]}}", Style.STRONG), f"  {machines:{widths[1]}}  ", Piece(checks, Style.DIM))
        for name, machines, checks in rows
    ]
    return [*lines, line(f"{len(rows)} model{'' if len(rows) == 1 else 's'}; `mapproof models NAME` tells all of one")]


def _machines(name: str, program: p.Program) -> str:
    """The machines that a program is of, in short; a dash if none is named."""
    traits = dict.fromkeys(
        trait
        for each in program.algorithms
        for target in each.targets
        for trait in target.traits
        if trait in VALUES["architecture"] or trait in (VALUES["firmware"][1], EXPORTED_MAP, NO_CALL)
    )
    systems = _systems(name, program)
    shown = systems[:_SYSTEMS] + ["..."] * (len(systems) > _SYSTEMS)
    return clean(", ".join((*shown, *traits))) or "-"


def _systems(name: str, program: p.Program) -> list[str]:
    """The systems with their versions that a program's algorithms are for. If none says so: those that origins begin
    with, of the algorithm that the program is called like, or its only one; if it has none, of those that it runs."""
    targets = [target for each in program.algorithms for target in each.targets]
    if targets:
        return list(dict.fromkeys(target.text.partition(",")[0] for target in targets))
    own = program.algorithms
    meant = [each for each in own if len(own) == 1 or each.name == name.replace("-", "_")]
    runs = [run.algorithm for scenario in program.scenarios for run in scenario.runs]
    heads = [_HEAD.match(each.origin) for each in (meant if own else runs) if each.origin]
    return list(dict.fromkeys(head[0] for head in heads if head))


def _expectations(program: p.Program) -> str:
    """The number of checks by the verdict that they expect."""
    counts = Counter(check.expected for scenario in program.scenarios for check in scenario.checks if check.written)
    return ", ".join(f"{counts[each]} {each.word}" for each in p.Expected if counts[each])


def model_lines(name: str, opened: Program) -> list[Line]:
    """A program under its name, with its file, and with an empty line after it."""
    program = opened.program
    lines = [line(Piece(clean(name), Style.STRONG), Piece(f"  {clean(str(opened.path))}", Style.DIM))]
    for algorithm in program.algorithms:
        parameters = "".join(f", {each}: {kind.name}" for each, kind, _ in algorithm.parameters)
        lines.append(line(f"  algorithm {algorithm.name}({algorithm.map_parameter}{parameters})"))
        if algorithm.origin:
            lines.append(line(Piece(f"    {clean(algorithm.origin)}", Style.DIM)))
        lines += [line(Piece(f"    for {clean(target.text)}", Style.DIM)) for target in algorithm.targets]
    for scenario in program.scenarios:
        lines.append(line(f"  scenario {scenario.name}"))
        if scenario.origin:
            lines.append(line(Piece(f"    {clean(scenario.origin)}", Style.DIM)))
        for check in scenario.checks:
            good = check.expected is p.Expected.PROVED
            expected = Piece(f"    {check.expected.word:8}", Style.GOOD if good else Style.UNSURE)
            lines.append(line(expected, f"  {clean(check.label)}"))
    return [*lines, line()]


def json_model(name: str, file: str, program: p.Program) -> ModelShape:
    """Put a program of a file into its shape."""
    targets = [target for each in program.algorithms for target in each.targets]
    architectures = [trait for target in targets for trait in target.traits if trait in VALUES["architecture"]]
    return ModelShape(
        name,
        [
            AlgorithmShape(
                each.name, each.origin, [ParameterShape(name, kind.name) for name, kind, _ in each.parameters]
            )
            for each in program.algorithms
        ],
        [
            ScenarioShape(
                each.name,
                each.origin,
                [ExpectationShape(check.label, check.expected.word) for check in each.checks],
            )
            for each in program.scenarios
        ],
        name,
        file,
        _systems(name, program),
        list(dict.fromkeys(architectures)),
        {
            f"{scenario.name}: {check.label}": check.expected.word
            for scenario in program.scenarios
            for check in scenario.checks
        },
    )
