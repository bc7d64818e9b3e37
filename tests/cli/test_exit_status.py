"""What the command tells the shell: one row of the table, one run of the real command."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from checker.base.exit_status import PRECEDENCE, ExitStatus, worst
from tests.helpers.command import mapproof, program


def verify(tmp_path: Path, checks: str, *options: str, sabotage: str = "") -> tuple[int, str]:
    (tmp_path / "cells.layout").write_text(program(checks))
    done = mapproof("verify", "cells.layout", "--no-cache", *options, cwd=tmp_path, sabotage=sabotage)
    return done.returncode, done.stdout


def test_every_verdict_as_expected_is_0(tmp_path: Path) -> None:
    status, text = verify(tmp_path, "check low(shelf) check none(shelf) expect refuted check odd(shelf) expect vacuous")
    assert (status, "all as expected" in text) == (0, True)


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        ("check none(shelf)", "refuted"),
        ("check odd(shelf)", "vacuous"),
        ("check low(shelf) expect refuted", "proved"),
        ("assuming never(cells) { check low(shelf) }", "vacuous"),
    ],
)
def test_a_verdict_that_is_not_as_expected_is_1(tmp_path: Path, check: str, verdict: str) -> None:
    status, text = verify(tmp_path, check)
    assert status == 1
    assert re.search(rf"^cells\.layout:\d+: {verdict}", text, re.MULTILINE)
    assert "1 NOT as expected" in text


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("verify", "--no-such-option"), "No such option"),
        (("verify", "--jobs", "0"), "Invalid value"),
        (("no-such-command",), "No such command"),
        (("verify", "no-such-model"), "error[C002]"),
        (("verify", "no-such-file.layout"), "error[C001]"),
        (("verify", "empty.layout"), "error[C004]"),
        (("verify", "cells.layout", "--property", "nothing-called-so"), "error[C004]"),
        (("verify", "broken.layout"), "broken.layout:1:8: error[L"),
        (("verify", "folder"), "error[C003]"),
        (("run", "cells.layout:pour", "map.json"), "error[C005]"),
        (("run", "cells.layout", "map.json"), "error[C008]"),
        (("run", "linux-x86-reversed", "no-such-map"), "error[M130]"),
        (("fmt", "broken.layout"), "broken.layout:1:8: error[L"),
    ],
)
def test_a_wrong_command_line_or_input_is_2(tmp_path: Path, arguments: tuple[str, ...], code: str) -> None:
    (tmp_path / "empty.layout").write_text("# nothing here\n")
    (tmp_path / "broken.layout").write_text("record { }\n")
    fields = "record Cell { placed at spot: va  colour: u8 }"
    text = program("check low(shelf)").replace("record Cell { placed at spot: va  base: pa }", fields)
    (tmp_path / "cells.layout").write_text(text.replace("c.base < 4K and c.base > 8K", "c.spot > 4K"))
    (tmp_path / "map.json").write_text('{"regions": [{"type": 1, "phys_addr": 0, "num_pages": 1, "attribute": 0}]}')
    (tmp_path / "folder").mkdir()
    done = mapproof(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert code in done.stderr
    assert done.stdout == ""


def test_out_of_time_is_undecided_which_is_3(tmp_path: Path) -> None:
    slow = "import checker.prove as p, time; p.decide = lambda *a: time.sleep(60)"
    status, text = verify(tmp_path, "check low(shelf)", "--timeout", "0.2", sabotage=slow)
    assert status == 3
    assert ": unknown  low(shelf)" in text
    assert "out of time: 0.2 s" in text


def test_proved_only_to_a_bound_is_3(tmp_path: Path) -> None:
    lie = (
        "import checker.prove as p\n"
        "p.decide = lambda s, checks, *a: (p.Result(c, p.ProvedToBound(4, 'no proof')) for c in checks)"
    )
    status, text = verify(tmp_path, "check low(shelf)", sabotage=lie)
    assert status == 3
    assert ": proved-to-bound 4  low(shelf)" in text


def test_a_counterexample_that_does_not_replay_is_4(tmp_path: Path) -> None:
    sabotage = "from checker.verify import replay as r; r.breaks = lambda *a: False"
    status, text = verify(tmp_path, "check none(shelf) expect refuted", sabotage=sabotage)
    assert status == 4
    assert ": internal-error" in text


def test_a_proof_that_the_interpreter_breaks_is_4(tmp_path: Path) -> None:
    lie = (
        "import checker.prove as p\n"
        "from checker.prove import Evidence, Proved, Result\n"
        "p.decide = lambda s, checks, *a: (Result(c, Proved(Evidence((), ()), '')) for c in checks)"
    )
    status, text = verify(tmp_path, "check none(shelf) expect refuted", sabotage=lie)
    assert status == 4
    assert ": internal-error" in text
    assert "the interpreter contradicts the proof" in text
    assert "counterexample: " in text


def test_a_prover_that_crashes_is_4(tmp_path: Path) -> None:
    status, text = verify(
        tmp_path, "check low(shelf)", sabotage="import checker.prove as p; p.decide = lambda *a: 1 / 0"
    )
    assert status == 4
    assert "ZeroDivisionError" in text


def test_a_command_that_crashes_is_4_and_says_so_in_one_line() -> None:
    done = mapproof("models", sabotage="import checker.library as l; l.models = lambda: 1 / 0")
    assert done.returncode == 4
    assert done.stderr.startswith("mapproof: internal error: ZeroDivisionError: division by zero; please report")
    assert done.stderr.count("\n") == 1


def test_a_broken_file_among_good_ones_counts_more_than_their_verdicts(tmp_path: Path) -> None:
    (tmp_path / "broken.layout").write_text("record { }\n")
    (tmp_path / "cells.layout").write_text(program("check none(shelf)"))
    done = mapproof("verify", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert ": refuted" in done.stdout
    assert "broken.layout:1:8" in done.stderr
    assert "1 NOT as expected; NOT all was done: broken.layout:1:8: " in done.stdout


def test_where_several_statuses_apply_the_one_that_casts_doubt_on_more_counts() -> None:
    assert PRECEDENCE == (130, 143, 4, 2, 1, 3, 0)
    assert set(PRECEDENCE) == set(ExitStatus)
    assert all(worst([later, earlier]) is earlier for earlier, later in combinations(PRECEDENCE, 2))
    assert worst([]) is ExitStatus.AS_EXPECTED
