"""What build services are told of a case: its place, its page, its counterexample, and a name that stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import checker
from checker import library
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.handover import KexecStep
from checker.inspect.against import judge
from checker.program.types import U64
from checker.prove import InductionGap
from checker.prove.results import VariableState
from checker.report.lines import plain
from checker.report.renderers import RENDERERS
from checker.report.reports import (
    AgainstReport,
    CheckReport,
    DiffReport,
    InspectReport,
    Report,
    VerifyReport,
    Versions,
)
from tests.helpers.command import program
from tests.helpers.maps import PC, inspected, map_of
from tests.helpers.reading import annotations, facts, junit, outcome, sarif

VERSIONS = Versions("mapproof 9", "z3 9")


def verified(text: str, name: str = "cells.layout") -> tuple[checker.CheckResult, ...]:
    opened = checker.load_text(text, name=name)
    assert isinstance(opened, library.Program), opened
    found = checker.verify(opened)
    assert not isinstance(found, Diagnostic)
    return found


FOUND = verified(program("check none(shelf) check low(shelf) check odd(shelf) expect vacuous"))
REFUTED = FOUND[0]


def told(report: Report, form: str) -> str:
    made = RENDERERS[form].render(report)
    return made if isinstance(made, str) else plain(made)


def report(results: Sequence[checker.CheckResult], wrong: Sequence[Diagnostic] = ()) -> VerifyReport:
    return VerifyReport(results, wrong, 1.0, ExitStatus.NOT_AS_EXPECTED, VERSIONS)


def result(results: Sequence[checker.CheckResult]) -> dict[str, object]:
    (found,) = sarif(told(report(results), "sarif"))["results"]
    assert isinstance(found, dict)
    return found


def shown(text: str, region: dict[str, int]) -> str:
    """The part of a text that a region of SARIF is about."""
    assert region["startLine"] == region["endLine"]
    return text.splitlines()[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]


def test_a_result_of_sarif_stands_at_its_check() -> None:
    text = program("check none(shelf)")
    run = sarif(told(report(verified(text)), "sarif"))
    (place,) = [each["physicalLocation"] for each in run["results"][0]["locations"]]
    assert place["artifactLocation"] == {"uri": "cells.layout", "uriBaseId": "%SRCROOT%"}
    assert shown(text, place["region"]) == "none(shelf)"
    assert run["columnKind"] == "unicodeCodePoints"


def test_columns_of_sarif_count_characters_not_bytes() -> None:
    text = program("check none(shelf)").replace("scenario s {", "scenario s { # \N{GOTHIC LETTER AHSA}\n")
    (result_,) = sarif(told(report(verified(text)), "sarif"))["results"]
    assert shown(text, result_["locations"][0]["physicalLocation"]["region"]) == "none(shelf)"


def test_a_file_with_a_blank_in_its_name_has_a_uri() -> None:
    (result_,) = sarif(told(report(verified(program("check none(shelf)"), "a b/c#1.layout")), "sarif"))["results"]
    assert result_["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/c%231.layout"


def test_a_rule_of_sarif_has_the_page_on_its_code() -> None:
    run = sarif(told(report(FOUND), "sarif"))
    (rule,) = run["tool"]["driver"]["rules"]
    assert run["results"][0]["ruleIndex"] == 0
    page = library.explanations()["V001"]
    assert rule["id"] == "V001"
    assert rule["shortDescription"]["text"] == "A map breaks a property that was expected to hold."
    assert page.text.startswith(rule["fullDescription"]["text"])
    assert rule["help"] == {"text": page.text, "markdown": page.text}


def test_the_counterexample_is_in_the_message_and_at_related_places() -> None:
    text = program("check none(shelf)")
    (found,) = sarif(told(report(verified(text)), "sarif"))["results"]
    head, _, rest = found["message"]["text"].partition("\n\n")
    assert head.startswith("none(shelf) is refuted, expected proved: 1 region: region 0: ")
    assert rest.startswith("counterexample: `cells` of 1 region\n")
    related = [
        (each["message"]["text"].split(":")[0], text.splitlines()[each["physicalLocation"]["region"]["startLine"] - 1])
        for each in found["relatedLocations"]
    ]
    assert [(label, line.split()[0]) for label, line in related] == [
        ("counterexample", "scenario"),
        ("`shelf` is what fill makes of it", "algorithm"),
        ("`none` is broken", "property"),
    ]


def test_a_related_place_that_came_with_the_tool_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stack = "use uefi, x86_64, invariants algorithm a(map: MemoryMap) { for r in map { place r at 4K } } "
    found = verified(stack + "scenario s { given map: MemoryMap where not_empty let l = a(map) check congruent(l) }")
    (result_,) = sarif(told(report(found[:1]), "sarif"))["results"]
    places = {each["physicalLocation"]["artifactLocation"]["uri"] for each in result_["relatedLocations"]}
    assert places == {"cells.layout"}
    assert str(library.search_path()[0]) not in told(report(found[:1]), "sarif")


def test_a_fingerprint_stays_where_lines_move_and_only_there() -> None:
    def name(text: str) -> object:
        return result(verified(text)[:1])["partialFingerprints"]

    text = program("check none(shelf)")
    assert name(text) == name("# moved\n\n" + text.replace("check none", "\n  check   none"))
    assert name(text) != name(text.replace("scenario s", "scenario t"))
    assert name(text) != name(text.replace("not c.placed", "c.spot < 1K").replace("none", "never_low"))
    undecided = replace(REFUTED, result=replace(REFUTED.result, outcome=checker.Unknown("out of time")))
    assert result([undecided])["partialFingerprints"] != name(text)


def test_a_wrong_input_without_a_place_is_a_notification_that_says_what_helps() -> None:
    wrong = Diagnostic("C001", "cannot read x", help="name a file")
    run = sarif(told(report([], [wrong]), "sarif"))
    assert run["results"] == []
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "cannot read x\n  help: name a file"
    assert [each["id"] for each in run["tool"]["driver"]["notifications"]] == ["C001"]


def test_a_message_of_sarif_has_neither_placeholders_nor_links() -> None:
    late = replace(REFUTED, result=replace(REFUTED.result, outcome=checker.Unknown("{0} [here](http://x)")))
    (found,) = sarif(told(report([late]), "sarif"))["results"]
    assert found["message"]["text"].endswith(": {{0}} [here\\](http://x)")


def test_junit_has_one_case_for_each_check_with_what_is_known_of_it() -> None:
    cases = junit(told(report(FOUND), "junit"))
    assert [(case.classname, case.name, outcome(case)) for case in cases] == [
        ("cells.layout: s", "none(shelf)", "failure V001: refuted"),
        ("cells.layout: s", "low(shelf)", "passed"),
        ("cells.layout: s", "odd(shelf)", "passed"),
    ]
    assert [facts(case)["verdict"] for case in cases] == ["refuted", "proved", "vacuous"]
    assert facts(cases[2])["expected"] == "vacuous"
    assert cases[1].time == round(FOUND[1].result.cost.seconds, 3)
    assert "counterexample: `cells` of 1 region" in cases[0].result[0].text


def test_an_annotation_is_at_its_check_and_cannot_be_broken_out_of() -> None:
    evil = "a,b::c%0A\n::error::x"
    found = verified(program("check none(shelf)"), "a,b: 100%.layout")[:1]
    odd = replace(found[0], result=replace(found[0].result, outcome=checker.Unknown(evil)))
    (annotation,) = annotations(told(report([odd]), "github"))
    assert annotation.about == {
        "file": "a,b: 100%.layout",
        "line": "10",
        "endLine": "10",
        "col": "63",
        "endColumn": "73",
        "title": "unknown [V005]",
    }
    assert annotation.message == "none(shelf) is unknown, expected proved: a,b::c%0A ::error::x"


def test_annotations_come_worst_first_since_a_service_shows_ten() -> None:
    failed = replace(FOUND[1], result=replace(FOUND[1].result, outcome=checker.Failed("broken")))
    undecided = replace(FOUND[1], result=replace(FOUND[1].result, outcome=checker.Unknown("late")))
    found = annotations(told(report([undecided, REFUTED, failed]), "github"))
    assert [each.about["title"] for each in found] == ["internal-error [V007]", "refuted [V001]", "unknown [V005]"]


def test_a_summary_shows_the_counterexample_as_text_and_as_a_picture() -> None:
    text = told(report(FOUND), "markdown")
    _, first, _, second, rest = text.split("```")
    assert first.startswith("text\ncounterexample: `cells` of 1 region\n")
    assert second.startswith("text\nnone(shelf)\n\nmap `cells` (physical addresses, lowest first)\n!  ")
    assert "<details><summary>2 as expected</summary>" in rest


def test_a_summary_means_nothing_as_markdown_or_html_that_a_file_says() -> None:
    wrong = Diagnostic("C001", "cannot read <img src=x> | `a` @everyone", help="look")
    text = told(report([], [wrong]), "markdown")
    assert r"cannot read \<img src=x\> \| \`a\` \@everyone" in text


def test_a_fence_is_longer_than_what_it_holds() -> None:
    undecided = replace(REFUTED, task=REFUTED.task)
    text = told(report([undecided]), "markdown")
    assert "\n```text\n" in text
    wrong = Diagnostic("L005", "unexpected", notes=("````",), help="")
    assert "\n`````text\n" in told(report([], [wrong]), "markdown")


def test_a_summary_stays_below_what_a_service_takes() -> None:
    long = Diagnostic("L005", "x" * 1_000, notes=("y" * 1_000,) * 200, help="look")
    short = Diagnostic("L005", "x" * 1_000, help="look")
    text = told(report(FOUND[1:2] * 700, [long] * 25 + [short] * 575), "markdown")
    assert 400_000 < len(text.encode()) < 1 << 20
    assert (text.count("... and 100 more"), text.count("... and 200 more")) == (1, 1)


def test_what_is_known_is_told_as_such_by_every_format() -> None:
    known = VerifyReport([replace(REFUTED, known=True)], [], 1.0, ExitStatus.AS_EXPECTED, VERSIONS, baseline=True)
    (found,) = sarif(told(known, "sarif"))["results"]
    assert (found["level"], found["baselineState"], found["suppressions"][0]["kind"]) == (
        "note",
        "unchanged",
        "external",
    )
    (case,) = junit(told(known, "junit"))
    assert outcome(case) == "skipped"
    assert [each.command for each in annotations(told(known, "github"))] == ["notice"]
    assert "| known | " in told(known, "markdown")
    assert "(known: it is in the baseline)" in told(known, "text")


def test_where_a_proof_ends_is_told_by_every_format_and_the_check_once() -> None:
    check = REFUTED.result.check
    gap = InductionGap("low", 5, "cell", (), (VariableState("cursor", "shelf", U64, 5, 6),), ())
    late = checker.ProvedToBound(8, f"{check.label}: no invariant was found that implies it", gap=gap)
    made = report([replace(REFUTED, result=replace(REFUTED.result, outcome=late), seen=None)])
    ends = "the proof ends in the pass of line 5: for all that is known, low is lost where cell has its turn"
    (result_,), (case,) = sarif(told(made, "sarif"))["results"], junit(told(made, "junit"))
    (annotation,) = annotations(told(made, "github"))
    for text in (result_["message"]["text"], case.result[0].text, annotation.message, told(made, "markdown")):
        assert ends in text
        assert "  cursor = 5 -> 6\n" in text
    head = "none(shelf) is proved-to-bound 8, expected proved: no invariant was found that implies it"
    assert annotation.message.splitlines()[0] == case.result[0].message == head


WRONG = Diagnostic("C001", "cannot read x", help="name a file")
OPENED = library.open_program(library.models()["linux-x86-forward"])
assert isinstance(OPENED, library.Program)
JUDGED = judge(OPENED, "any_map", map_of(PC), {})
assert not isinstance(JUDGED, Diagnostic)


@pytest.mark.parametrize(
    "made",
    [
        InspectReport([inspected(map_of(PC))], [], VERSIONS),
        InspectReport([inspected(map_of(PC[:3]))], [WRONG], VERSIONS, several=True),
        CheckReport([KexecStep("old", "new", (WRONG,), restorable=True, restored=False)], [], VERSIONS),
        CheckReport([KexecStep("old", "new", (), restorable=True, restored=True)], [], VERSIONS),
        AgainstReport((OPENED.name, map_of(PC), JUDGED), VERSIONS),
        AgainstReport(WRONG, VERSIONS),
        DiffReport("a", "b", WRONG, 1.0, VERSIONS),
    ],
    ids=lambda made: type(made).__name__,
)
def test_every_judging_command_is_told_as_its_status_says(made: Report) -> None:
    run = sarif(told(made, "sarif"))
    assert run["invocations"][0]["exitCode"] == made.status
    notes = run["invocations"][0].get("toolExecutionNotifications", [])
    bad = [each for each in [*run["results"], *notes] if each["level"] != "note"]
    cases = junit(told(made, "junit"))
    failed = [case for case in cases if outcome(case).startswith(("failure", "error"))]
    assert bool(bad) == bool(failed) == (made.status is not ExitStatus.AS_EXPECTED)
    assert len([each for each in annotations(told(made, "github")) if each.command != "notice"]) == len(bad)
