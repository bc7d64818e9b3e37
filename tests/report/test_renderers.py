"""Every output format takes every report, and every command offers every format."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import click
import pytest

from checker import library
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.cli import cli
from checker.handover import KexecStep
from checker.inspect import Material
from checker.inspect.against import judge
from checker.inspect.lookup import Lookup, answers
from checker.inspect.oops import FaultAddress
from checker.inspect.where import atlas
from checker.memmap.limits import STANDARD
from checker.report.lines import plain
from checker.report.pictures.draw import map_picture
from checker.report.renderers import RENDERERS
from checker.report.reports import (
    AgainstReport,
    CacheReport,
    CheckReport,
    DoctorReport,
    ExplainReport,
    FmtReport,
    Formatted,
    InspectReport,
    ModelsReport,
    ReplayReport,
    Report,
    RunReport,
    ShowReport,
    VerifyReport,
    Versions,
    WhereReport,
)
from checker.verify.cache.store import State
from checker.verify.replay import Replayed, Seen
from tests.helpers.maps import PC, inspected, map_of
from tests.report.pictures.samples import hostile, three

WRONG = Diagnostic("C001", "cannot read \x1b[31mx", help="look")
VERSIONS = Versions("mapproof 9", "z3 9")
STEP = KexecStep("old", "new", (WRONG,), restorable=True, restored=False)


def replayed() -> Replayed:
    """The first check of a model, on no map at all, and after a source with an evil name has changed."""
    opened = library.open_program(library.models()["linux-x86-forward"])
    assert isinstance(opened, library.Program)
    scenario = opened.program.scenarios[0]
    return Replayed("a\x1b.layout", scenario, scenario.checks[0], Seen(None, None), ("b\x1b",))


REPLAYED = replayed()


def reports() -> list[Report]:
    opened = library.open_program(library.models()["linux-x86-forward"])
    assert isinstance(opened, library.Program)
    found = library.explain(["L2"])
    judged = judge(opened, "any_map", map_of(PC), {})
    assert not isinstance(judged, Diagnostic)
    known = atlas(Material(map_of(PC)), None, {}, STANDARD)
    assert not isinstance(known, Diagnostic)
    asked = [Lookup("\x1b", (FaultAddress(("RIP",), 0x7F010000, 1), FaultAddress(("CR2",), 0xFFFFFFFEFF000000)))]
    return [
        VerifyReport([], [WRONG], 1.0, ExitStatus.WRONG_INPUT, VERSIONS),
        RunReport(WRONG),
        CheckReport([STEP], [], VERSIONS),
        InspectReport([inspected(map_of(PC[:3]))], [], VERSIONS),
        InspectReport([inspected(map_of(PC))], [WRONG], VERSIONS, several=True, passed_over=["\x1b"]),
        InspectReport([], [WRONG], VERSIONS),
        AgainstReport((opened.name, map_of(PC), judged), VERSIONS),
        AgainstReport(WRONG, VERSIONS),
        WhereReport((False, answers(known, asked)), VERSIONS),
        WhereReport(WRONG, VERSIONS),
        DoctorReport([]),
        CacheReport(State(Path("a\x1b"), 1, 2, 3)),
        CacheReport(WRONG),
        ModelsReport([("a", opened)], []),
        FmtReport([("a\x1b.layout", Formatted.TO_CHANGE, None), ("-", Formatted.CHANGED, "const A: u8 = 1\n")], []),
        ExplainReport(found),
        ExplainReport(WRONG),
        ShowReport([hostile(), map_picture(three())]),
        ShowReport([hostile()], ["a\x1b.svg"]),
        ShowReport(WRONG),
        ReplayReport([("a\x1b.json", REPLAYED)], [WRONG], VERSIONS),
    ]


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("report", reports(), ids=lambda report: type(report).__name__)
def test_a_format_takes_a_report_and_steers_no_terminal(name: str, report: Report) -> None:
    made = RENDERERS[name].render(report)
    text = made if isinstance(made, str) else plain(made)
    assert text.replace("\n", " ").isprintable()


WITHOUT_REPORT = {"convert", "import", "lsp"}
"""Commands that write something else: a map, an algorithm, or what an editor asks for."""

JUDGING = {"verify", "recheck", "diff", "check", "conform", "mutate"}
"""Commands whose reports are of cases: verdicts and findings."""


def test_every_command_offers_every_format_that_has_something_to_say_of_it() -> None:
    context = click.Context(cli)
    for name in {*cli.list_commands(context)} - WITHOUT_REPORT:
        command = cli.get_command(context, name)
        assert command is not None
        (option,) = [each for each in command.params if each.name == "form"]
        assert isinstance(option.type, click.Choice)
        offered = [each.name for each in RENDERERS.values() if name in JUDGING or not each.judging]
        assert list(option.type.choices) == offered


def test_a_file_is_a_format() -> None:
    folder = import_module("checker.report.renderers").__path__[0]
    files = {each.removesuffix(".py") for each in os.listdir(folder) if each.endswith(".py")}
    assert files - {"__init__"} == set(RENDERERS)
