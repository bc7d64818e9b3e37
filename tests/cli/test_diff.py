"""`mapproof diff`: two algorithms are proved to be alike, or shown where they differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.command import mapproof
from tests.helpers.in_process import run
from tests.helpers.places import ROOT
from tests.helpers.reading import annotations, sarif

PAIRS = "tests/data/fooling-pairs"


def pair(name: str) -> tuple[str, str]:
    return f"{PAIRS}/{name}.layout:one", f"{PAIRS}/{name}.layout:other"


def test_the_walks_of_linux_differ_on_a_map_of_two_regions_and_both_layouts_are_drawn() -> None:
    done = mapproof("diff", "linux-x86-forward", "linux-x86-reversed")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("linux-x86-forward and linux-x86-reversed: they differ on a map of 2 regions\n")
    drawn = [text for text in done.stdout.splitlines() if text.endswith("|")]
    assert [text.split("|")[0].strip() for text in drawn] == [
        "linux_x86_forward: region 1",
        "linux_x86_forward: region 0",
        "linux_x86_reversed: region 0",
        "linux_x86_reversed: region 1",
    ]


def test_the_closed_form_of_the_step_is_that_of_the_kernel() -> None:
    done = mapproof("diff", *pair("closed-form"), "--assuming", "")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "alike on every map, of any length" in done.stdout
    assert "nothing is assumed of the map" in done.stdout


def test_what_is_decided_to_a_bound_only_is_no_proof() -> None:
    done = mapproof("diff", *pair("hundredth-region"), "--bound", "3")
    assert done.returncode == 3
    assert "not decided: alike on every map of at most 3 regions" in done.stdout
    assert mapproof("diff", *pair("third-region"), "--bound", "2").returncode == 3


def test_nothing_placed_is_nothing_proved() -> None:
    done = mapproof("diff", *pair("nothing-placed"))
    assert done.returncode == 3
    assert "not compared: no map keeps what is assumed, or nothing is ever placed" in done.stdout


def test_an_order_of_one_region_is_no_difference() -> None:
    done = mapproof("diff", *pair("exported-alone"), "--assuming", "count(r in map where r.runtime) <= 1")
    assert done.returncode == 0, done.stdout
    assert "alike on every map, of any length" in done.stdout


def test_a_claim_that_is_not_decided_is_not_called_vacuous(tmp_path: Path) -> None:
    """The order is that of one region, and an invariant for the addresses is not found."""
    text = "use uefi\n" + "".join(
        f"algorithm {name}(map: MemoryMap) {{\n"
        "    var base: va = 0xffff_ffff_0000_0000\n"
        f"    for region in {order}map where region.runtime {{\n"
        "        base -%= region.size\n"
        "        place region at base\n"
        "        export region\n"
        "    }\n"
        "}\n"
        for name, order in (("one", ""), ("other", "reversed "))
    )
    (tmp_path / "pair.layout").write_text(text)
    words = (f"{tmp_path}/pair.layout:one", f"{tmp_path}/pair.layout:other")
    done = mapproof("diff", *words, "--assuming", "count(r in map) <= 1", "--bound", "2")
    assert done.returncode == 3
    assert "not decided: alike on every map of at most 2 regions" in done.stdout


def test_of_two_algorithms_of_one_name_it_is_said_whose_each_is(tmp_path: Path) -> None:
    for name, address, export in (("old", "0", "export region "), ("new", "4K", "")):
        (tmp_path / f"{name}.layout").write_text(
            "use uefi\nalgorithm stack(map: MemoryMap) {\n"
            f"    for region in map {{ {export}place region at {address} }}\n}}\n"
        )
    old, new = str(tmp_path / "old.layout"), str(tmp_path / "new.layout")
    done = mapproof("diff", old, new)
    assert done.stdout.splitlines()[1:3] == [f"  stack is that of {old}", f"  stack_2 is that of {new}"]
    assert "`stack_2` does not say what it exports" in done.stderr
    assert "is that of" not in mapproof("diff", *pair("one-choice")).stdout


def test_quiet_tells_of_equal_algorithms_in_a_line() -> None:
    done = mapproof("diff", *pair("one-choice"), "-q")
    assert done.returncode == 0
    assert done.stdout.endswith(": alike on every map, of any length\n")
    assert done.stdout.count("\n") == 1


def test_json_has_the_claims_and_the_map() -> None:
    said = json.loads(mapproof("diff", *pair("third-region"), "--format", "json").stdout)
    assert (said["alike"], said["exit_status"]) == (False, 1)
    (claim,) = said["results"]
    assert claim["verdict"] == "refuted"
    assert len(claim["counterexample"]["map"]) == 3
    assert set(claim["counterexample"]["layouts"]) == {"one", "other"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("linux-x86-forward", "linux-x86-backward"), "C002"),
        (("missing.layout", "linux-x86-forward"), "C001"),
        (("linux-x86-forward:walk", "linux-x86-forward"), "C005"),
        (("linux-x86-forward", "linux-x86-reversed", "--assuming", "sorted(map"), "L005"),
        (("linux-x86-forward", "linux-x86-reversed", "--assuming", "nothing_such"), "L103"),
        (("linux-x86-forward", f"{PAIRS}/marked-by-one.layout:one"), "C030"),
        (("models", "linux-x86-reversed"), "C005"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_remedy(words: tuple[str, ...], code: str) -> None:
    done = mapproof("diff", *words)
    assert done.returncode == 2
    assert f"error[{code}]" in done.stderr
    assert "help: " in done.stderr
    assert done.stdout == ""


def test_an_assumption_is_no_way_to_slip_in_a_claim(tmp_path: Path) -> None:
    """What follows an assumption is read too, and changes nothing of what is asked."""
    done = mapproof("diff", *pair("third-region"), "--assuming", "not_empty check true")
    assert done.returncode == 1


def test_services_are_told_of_a_difference_at_an_algorithm_that_is_in_a_file(tmp_path: Path) -> None:
    model = (ROOT / "models" / "linux-x86-forward.layout").read_text(encoding="utf-8")
    (tmp_path / "a.layout").write_text(model, encoding="utf-8")
    reports = ("--output", "github=-", "--output", "sarif=s.sarif")
    done = run(tmp_path, "diff", "a.layout", "linux-x86-reversed", *reports)
    assert done.status == 1
    (annotation,) = annotations(done.stdout)
    algorithm = next(number for number, line in enumerate(model.splitlines(), 1) if line.startswith("algorithm "))
    assert (annotation.about["file"], annotation.about["line"]) == ("a.layout", str(algorithm))
    (result,) = sarif((tmp_path / "s.sarif").read_text())["results"]
    places = [each["physicalLocation"] for each in (*result["locations"], *result["relatedLocations"])]
    assert {each["artifactLocation"]["uri"] for each in places} == {"a.layout"}


def test_services_are_told_of_no_file_where_there_is_none(tmp_path: Path) -> None:
    models = ("linux-x86-forward", "linux-x86-reversed")
    (annotation,) = annotations(run(tmp_path, "diff", *models, "--format", "github").stdout)
    assert (annotation.about, annotation.command) == ({"title": "refuted [V001]"}, "error")
    done = run(tmp_path, "diff", *models, "--assuming", "sorted(map", "--output", "sarif=-")
    assert done.status == 2
    (note,) = sarif(done.stdout)["invocations"][0]["toolExecutionNotifications"]
    assert note["descriptor"]["id"] == "L005"
