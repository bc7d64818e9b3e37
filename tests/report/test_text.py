"""Reports, word for word, on findings that are made up: they depend on no prover."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from checker import library
from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.program.valuation import Valuation
from checker.prove import Cost, Evidence, Proved, ProvedToBound, Refuted, Result, Support, Unknown
from checker.report.lines import plain
from checker.report.renderers.json import render
from checker.report.reports import Detail, VerifyReport, Versions
from checker.report.views.progress import asking_text, progress_text
from checker.report.views.verdicts import scenario_lines, summary_line
from checker.verify.plan import Task
from checker.verify.replay import Seen, see
from checker.verify.results import CheckResult, CheckStarted

NAPKIN = library.open_program(Path(__file__).with_name("napkin.layout"))
EVIDENCE = Evidence((Support((("placed => seen",),), ()),), ())
NONE = {"vacuous": 0, "rejected": 0, "internal-error": 0}
VERSIONS = {"tool": "mapproof 9", "solver": "z3 9"}


def region(kind: int, base: int, chunks: int, access: int = 0) -> dict[str, int]:
    return {"kind": kind, "base": base, "spot": 0, "chunks": chunks, "access": access}


OVERLAP = Valuation(
    {"slots": (region(0, 0x2000, 4, 3), region(1, 0x10000, 1, 4), region(0, 0x4000, 1), region(0, 0, 1))},
    {"gap": 0x2000},
    {("laid", "start", None): 0x12000},
)
UNPLACED = Valuation({"slots": (region(1, 0, 1),)}, {"gap": 0}, {("laid", "start", None): 0x10000})


def findings() -> list[CheckResult]:
    """A proof, an expected and an unexpected refutation, and no answer, of the four checks in the file."""
    assert isinstance(NAPKIN, library.Program)
    task = Task(NAPKIN, 0, (0, 1, 2, 3))
    proved, overlap, unplaced, open_ = task.checks
    results = [
        Result(
            proved,
            Proved(Evidence((Support((("placed => seen",),), ()),), ()), "abcd"),
            Cost(effort=7, seconds=0.25),
        ),
        Result(overlap, Refuted(OVERLAP), Cost(effort=8, seconds=1.5)),
        Result(unplaced, Refuted(UNPLACED), Cost(effort=9, seconds=0.125)),
        Result(open_, Unknown("ran out of effort"), Cost(seconds=10.0)),
    ]
    name = replace(NAPKIN, name="napkin.layout")
    whole = replace(task, program=name)
    return [CheckResult(whole, index, result, seen=seen(whole, result)) for index, result in enumerate(results)]


def seen(task: Task, result: Result) -> Seen | None:
    found = result.counterexample
    return None if found is None else see(task.subject, result.check, found)


TEXT = """\
napkin.layout: napkin
  proved   rom_placed(laid)                    0.25 s
  refuted  apart(laid)                         1.50 s  as expected
           4 regions: region 0 at 0x12000 and region 2 at 0x14000 overlap
napkin.layout:60: refuted  ram_placed(laid)                    0.12 s  expected proved
      counterexample: `slots` of 1 region
        region  [base, end)  chunks   size  kind  access  laid puts it at
             0  0x0..0x2000       1  8 KiB  RAM   -       no address
        given gap = 0 bytes
        laid chose start = 0x10000
      why: region 0: `each s in placed where s.kind == RAM: s.placed` does not hold: s.placed is false
      the map keeps what is assumed:
        small  the napkin's other side
napkin.layout:63: unknown  apart(laid) assuming roomy(gap)    10.00 s  expected proved-to-bound
      ran out of effort

"""

OVERLAP_IN_FULL = """\
  refuted  apart(laid)                         1.50 s  as expected
      counterexample: `slots` of 4 regions
        region  [base, end)       chunks    size  kind  access      laid puts it at
             0  0x2000..0xa000         4  32 KiB  ROM   READ|WRITE  0x12000..0x1a000
             1  0x10000..0x12000       1   8 KiB  RAM   0x4         no address
             2  0x4000..0x6000         1   8 KiB  ROM   -           0x14000..0x16000
             3  0x0..0x2000            1   8 KiB  ROM   -           0x16000..0x18000
        given gap = 8 KiB
        laid chose start = 0x12000
        laid: 0x12000 to 0x1a000, lowest first
          region 0 |################################################|
          region 2 |            ############                        |
      why: region 0 at 0x12000 and region 2 at 0x14000 overlap
      the map keeps what is assumed:
        small  the napkin's other side
      effort 8, obligations -
"""


def test_what_is_as_expected_takes_a_line_and_what_is_not_is_shown_in_full() -> None:
    assert plain(scenario_lines(findings())) == TEXT


def test_verbose_shows_every_counterexample_in_full_and_what_a_proof_rests_on() -> None:
    text = plain(scenario_lines(findings(), Detail.FULL))
    assert OVERLAP_IN_FULL in text
    assert (
        "rom_placed(laid)                    0.25 s\n      invariant placed => seen\n      effort 7, obligations abcd\n"
    ) in text


def test_an_unfinished_search_and_a_check_that_nobody_wrote_say_so() -> None:
    finding = findings()[3]
    check = replace(finding.result.check, label="exact_arithmetic(laid)", written=False, expected=p.Expected.PROVED)
    searched = replace(
        finding, result=replace(finding.result, check=check, outcome=ProvedToBound(2, "ran out of effort"))
    )
    assert plain(scenario_lines([searched])) == (
        "napkin.layout: napkin\n"
        "napkin.layout:63: proved-to-bound 2  exact_arithmetic(laid)    10.00 s  expected proved"
        "  (asked by the checker)\n"
        "      ran out of effort\n"
        "\n"
    )


def test_the_last_line_counts() -> None:
    assert summary_line(findings(), 12.0, "mapproof 9").text == (
        "4 checks: 1 proved, 2 refuted, 1 unknown; 2 NOT as expected (12.00 s, mapproof 9)"
    )
    assert summary_line(findings()[:2], 2.0, "mapproof 9").text == (
        "2 checks: 1 proved, 1 refuted; all as expected (2.00 s, mapproof 9)"
    )


def test_the_last_line_does_not_say_all_where_something_could_not_be_read() -> None:
    wrong = Diagnostic("C001", "cannot read\nx.layout", help="name a file")
    assert summary_line(findings()[:2], 2.0, "mapproof 9", [wrong, wrong]).text == (
        "2 checks: 1 proved, 1 refuted; as expected; NOT all was done: cannot read x.layout [C001], and 1 more"
        " (2.00 s, mapproof 9)"
    )
    assert summary_line([], 2.0, "mapproof 9", [wrong]).text == (
        "0 checks; NOT all was done: cannot read x.layout [C001] (2.00 s, mapproof 9)"
    )


def test_json_tells_the_same() -> None:
    report = json.loads(render(VerifyReport(findings(), [], 12.0, ExitStatus.NOT_AS_EXPECTED, Versions(**VERSIONS))))
    assert json.loads(json.dumps(report)) == report
    assert report["summary"] == {
        "checks": 4,
        "as_expected": 2,
        "not_as_expected": 2,
        "verdicts": {"proved": 1, "proved-to-bound": 0, "refuted": 2, "unknown": 1, **NONE},
        "seconds": 12.0,
        "exit_status": 1,
        **VERSIONS,
    }
    shown = report["results"][1]["counterexample"]
    assert shown["map"][0] == {
        "kind": 0,
        "base": "0x2000",
        "spot": "0x0",
        "chunks": 4,
        "access": "0x3",
        "placed": False,
    }
    assert shown["layouts"]["laid"]["regions"][1]["spot"] is None
    assert shown["layouts"]["laid"]["exported"] == [0, 1, 2, 3]
    assert shown["choices"] == [{"run": "laid", "name": "start", "region": None, "value": "0x12000"}]
    assert shown["violation"] == {
        "rule": "apart",
        "regions": [0, 2],
        "explanation": "region 0 at 0x12000 and region 2 at 0x14000 overlap",
    }
    assert report["results"][3]["expected"] == "proved-to-bound"


def test_progress_says_how_far_it_is_and_what_is_being_done() -> None:
    task = findings()[0].task
    assert progress_text(1, 4, 2.4, [CheckStarted(task, 1)]) == "1/4 checks, 2 s; napkin: apart(laid)"
    assert progress_text(4, 4, 9.0, []) == "4/4 checks, 9 s"
    assert asking_text(3, 7, 61.5, "cvc5") == "3/7 statements, 62 s; asking cvc5"
