"""Every output format takes every report, and every command offers every format."""

from __future__ import annotations

import os
from importlib import import_module

import click
import pytest

from checker import library
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.cli import cli
from checker.handover import KexecStep
from checker.report.lines import plain
from checker.report.renderers import RENDERERS
from checker.report.reports import (
    CheckReport,
    DoctorReport,
    ExplainReport,
    FmtReport,
    Formatted,
    ModelsReport,
    Report,
    RunReport,
    VerifyReport,
    Versions,
)

WRONG = Diagnostic("C001", "cannot read \x1b[31mx", help="look")
VERSIONS = Versions("mapproof 9", "z3 9")
STEP = KexecStep("old", "new", (WRONG,), restorable=True, restored=False)


def reports() -> list[Report]:
    opened = library.open_program(next(iter(library.models().values())))
    assert isinstance(opened, library.Program)
    found = library.explain(["L2"])
    return [
        VerifyReport([], [WRONG], 1.0, ExitStatus.WRONG_INPUT, VERSIONS),
        RunReport(WRONG),
        CheckReport([STEP], [], VERSIONS),
        DoctorReport([]),
        ModelsReport([("a", opened)], []),
        FmtReport([("a\x1b.layout", Formatted.TO_CHANGE, None), ("-", Formatted.CHANGED, "const A: u8 = 1\n")], []),
        ExplainReport(found),
        ExplainReport(WRONG),
    ]


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("report", reports(), ids=lambda report: type(report).__name__)
def test_a_format_takes_a_report_and_steers_no_terminal(name: str, report: Report) -> None:
    made = RENDERERS[name].render(report)
    text = made if isinstance(made, str) else plain(made)
    assert text.replace("\n", " ").isprintable()


def test_every_command_offers_every_format() -> None:
    for name in cli.list_commands(click.Context(cli)):
        command: click.Command = import_module(f"checker.cli.{name}").command
        (option,) = [each for each in command.params if each.name == "form"]
        assert isinstance(option.type, click.Choice)
        assert list(option.type.choices) == list(RENDERERS)


def test_a_file_is_a_format() -> None:
    folder = import_module("checker.report.renderers").__path__[0]
    files = {each.removesuffix(".py") for each in os.listdir(folder) if each.endswith(".py")}
    assert files - {"__init__"} == set(RENDERERS)
