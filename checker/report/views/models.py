"""A program's algorithms, and the verdicts that its scenarios expect."""

from __future__ import annotations

from checker import program as p
from checker.memmap.signs import VALUES
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.shapes import AlgorithmShape, ExpectationShape, ModelShape, ParameterShape, ScenarioShape


def model_lines(name: str, program: p.Program) -> list[Line]:
    """A program under its name, with an empty line after it."""
    lines = [line(Piece(clean(name), Style.STRONG))]
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
            expected = Piece(f"    {check.expected.value.replace('_', '-'):8}", Style.GOOD if good else Style.UNSURE)
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
                [ExpectationShape(check.label, check.expected.value.replace("_", "-")) for check in each.checks],
            )
            for each in program.scenarios
        ],
        name,
        file,
        list(dict.fromkeys(target.text.partition(",")[0] for target in targets)),
        list(dict.fromkeys(architectures)),
        {
            f"{scenario.name}: {check.label}": check.expected.value.replace("_", "-")
            for scenario in program.scenarios
            for check in scenario.checks
        },
    )
