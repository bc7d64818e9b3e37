"""``verify --certificate`` and ``recheck`` by the real command: what was changed since is noticed."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checker.base.diagnostic import Diagnostic
from checker.prove import Verdict
from checker.verify.certificate import Certificate, Rechecking, read_certificate, read_claims
from checker.verify.run import Options
from tests.helpers.command import mapproof, program
from tests.helpers.in_process import run

CHECKS = "check low(shelf) check none(shelf) expect refuted"


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a program, and its certificate in another folder of it."""
    folder = tmp_path_factory.mktemp("certified")
    (folder / "cells.layout").write_text(program(CHECKS))
    (folder / "kept").mkdir()
    done = mapproof("verify", "cells.layout", "--certificate", "kept/cells.json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def copy(certified: Path, tmp_path: Path) -> Path:
    """A copy of it that can be changed."""
    for path in certified.rglob("*.*"):
        (tmp_path / path.relative_to(certified)).parent.mkdir(exist_ok=True)
        (tmp_path / path.relative_to(certified)).write_bytes(path.read_bytes())
    return tmp_path


def certificate(folder: Path) -> Certificate:
    found = read_certificate(folder / "kept" / "cells.json")
    assert not isinstance(found, Diagnostic), found
    return found


@pytest.mark.slow
def test_what_was_certified_is_confirmed_from_anywhere(copy: Path) -> None:
    done = mapproof("recheck", str(copy / "kept" / "cells.json"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 proved, 1 refuted; all as expected" in done.stdout
    told = json.loads(mapproof("recheck", "cells.json", "--format", "json", cwd=copy / "kept").stdout)
    assert [each["verdict"] for each in told["results"]] == ["proved", "refuted"]


def test_another_solver_can_be_asked(copy: Path) -> None:
    done = mapproof("recheck", "kept/cells.json", "--cross-check", "cvc5", cwd=copy)
    assert done.returncode == 0, done.stderr
    assert "confirmed by cvc5" in done.stdout


def test_a_changed_source_is_noticed(copy: Path) -> None:
    path = copy / "cells.layout"
    path.write_text(path.read_text() + "# nothing but a comment\n")
    done = mapproof("recheck", "kept/cells.json", cwd=copy)
    assert done.returncode == 2
    assert "other sources than were certified: cells" in done.stderr
    path.unlink()
    done = mapproof("recheck", "kept/cells.json", cwd=copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot read cells.layout" in done.stderr


@pytest.mark.slow
def test_a_changed_module_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "shelves.layout").write_text("const HIGH: va = 8K\n")
    (tmp_path / "cells.layout").write_text(f"use shelves\n{program(CHECKS)}")
    assert mapproof("verify", "cells.layout", "--certificate", "c.json", cwd=tmp_path).returncode == 0
    assert mapproof("recheck", "c.json", cwd=tmp_path).returncode == 0
    (tmp_path / "shelves.layout").write_text("const HIGH: va = 9K\n")
    done = mapproof("recheck", "c.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "other sources than were certified: shelves" in done.stderr


def test_any_byte_that_is_changed_is_noticed_or_does_no_harm(certified: Path, tmp_path: Path) -> None:
    """As ``recheck`` reads it; bytes that only stand between words make no difference."""
    whole = certificate(certified)
    data = (certified / "kept" / "cells.json").read_bytes()
    changed = tmp_path / "changed.json"
    rng = random.Random(4)
    refused = 0
    for _ in range(1000):
        place = rng.randrange(len(data))
        changed.write_bytes(data[:place] + bytes([data[place] ^ rng.randrange(1, 256)]) + data[place + 1 :])
        found = read_certificate(changed)
        assert isinstance(found, Diagnostic) or found == whole
        refused += isinstance(found, Diagnostic)
    assert refused > 500


def changes(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    """Every place in a value with something else to put there."""
    match value:
        case dict() | list():
            keys = list(value) if isinstance(value, dict) else list(range(len(value)))
            inner = [change for key in keys for change in changes(value[key], (*path, key))]
            return [*inner, ((*path, keys[-1]), ...)] if keys else inner
        case bool():
            return [(path, not value)]
        case int():
            return [(path, value + 1)]
        case str():
            return [(path, value + "0"), (path, "proved" if value == "refuted" else "refuted")]
    return [(path, 1)]


def with_change(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    made = json.loads(json.dumps(value))
    place = made
    for key in path[:-1]:
        place = place[key]
    if new is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = new
    return made


def test_who_knows_how_to_seal_gains_nothing(copy: Path) -> None:
    """Each value in turn is changed or left out, and the digest made anew: what is then confirmed is still true."""
    path = copy / "kept" / "cells.json"
    data = json.loads(path.read_text())
    true = [claim["verdict"] for claim in data["files"][0]["claims"]]
    outcomes = Counter[str]()
    for place, new in changes(data):
        try:
            made = msgspec.json.decode(json.dumps(with_change(data, place, new)), type=Certificate)
        except msgspec.DecodeError:
            outcomes["unreadable"] += 1
            continue
        path.write_bytes(msgspec.json.encode(made.sealed()))
        found = read_certificate(path)
        told = found if isinstance(found, Diagnostic) else read_claims(found, path.parent)
        if isinstance(told, Diagnostic):
            outcomes["not about these sources"] += 1
            continue
        tasks, claims = told
        results = [result for task in tasks for result in Rechecking(claims)(task, Options(limits=made.limits))]
        for result, verdict in zip(sorted(results, key=lambda each: each.check.span.start), true, strict=True):
            assert result.verdict in (verdict, Verdict.REJECTED, Verdict.UNKNOWN), place
            outcomes[result.verdict] += result.verdict != verdict
        outcomes["confirmed"] += [result.verdict for result in results] == true
    assert outcomes["rejected"] > 10, outcomes
    assert min(outcomes["unreadable"], outcomes["not about these sources"], outcomes["confirmed"]) > 5, outcomes


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no certificate"),
        (b"\x00\xff", "is no certificate"),
        (b"[" * 1_000_000, "is no certificate"),
        (b"{}", "missing required field `format`"),
        (b'{"regions": []}', "is no certificate"),
    ],
    ids=["nothing", "bytes", "depth", "empty", "map"],
)
def test_what_is_no_certificate_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "c.json").write_bytes(data)
    done = mapproof("recheck", "c.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_certificate_has_a_size_that_can_be_raised(copy: Path) -> None:
    done = mapproof("recheck", "kept/cells.json", "--limit", "certificate-bytes=1000", cwd=copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert "more than 1000 bytes in a certificate" in done.stderr
    assert "--limit certificate-bytes=N" in done.stderr
    assert mapproof("recheck", "kept/cells.json", "--limit", "certificate-bytes=100000", cwd=copy).returncode == 0


def test_a_file_without_an_end_is_refused() -> None:
    done = mapproof("recheck", "/dev/zero")
    assert done.returncode == 2
    assert "more than 16777216 bytes in a certificate" in done.stderr


@pytest.mark.parametrize(
    ("others", "options"),
    [
        (("nope.layout",), ()),
        (("cells.layout", "nope.layout"), ()),
        (("cells.layout",), ("--property", "low", "--property", "lou")),
        (("idle.layout", "cells.layout"), ()),
    ],
    ids=["nothing", "a file less", "a check less", "a scenario less"],
)
def test_a_certificate_stays_where_not_everything_was_decided(
    copy: Path, others: tuple[str, ...], options: tuple[str, ...]
) -> None:
    before = (copy / "kept" / "cells.json").read_bytes()
    (copy / "idle.layout").write_text(program(""))
    done = mapproof("verify", *others, *options, "--certificate", "kept/cells.json", cwd=copy)
    assert done.returncode == 2
    assert "kept/cells.json is not written: not everything that was asked for was decided" in done.stderr
    assert (copy / "kept" / "cells.json").read_bytes() == before
    assert [path.name for path in (copy / "kept").iterdir()] == ["cells.json"]


def test_a_certificate_stays_where_the_checker_was_wrong(copy: Path) -> None:
    (copy / "kept" / "cells.json").write_text("old")
    sabotage = "from checker.verify import replay as r; r.breaks = lambda *a: False"
    done = mapproof("verify", "cells.layout", "--certificate", "kept/cells.json", cwd=copy, sabotage=sabotage)
    assert done.returncode == 4
    assert (copy / "kept" / "cells.json").read_text() == "old"


def test_a_certificate_is_written_where_a_verdict_is_not_as_expected(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program("check low(shelf) check none(shelf)"))
    assert mapproof("verify", "cells.layout", "--certificate", "c.json", cwd=tmp_path).returncode == 1
    assert mapproof("recheck", "c.json", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nowhere/c.json", "there is no folder nowhere"),
        ("/proc/c.json", "nothing can be made in /proc: No such file or directory"),
        ("/dev/full", "it is no plain file"),
    ],
)
def test_where_a_certificate_cannot_be_written_nothing_is_begun(tmp_path: Path, path: str, reason: str) -> None:
    (tmp_path / "cells.layout").write_text(program(CHECKS))
    done = mapproof("verify", "cells.layout", "--certificate", path, "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (done.returncode, report["results"], report["summary"]["exit_status"]) == (2, [], 2)
    assert [each["code"] for each in report["diagnostics"]] == ["C014"]
    assert f"error[C014]: cannot write {path}: {reason}\n  help: " in done.stderr


def test_a_certificate_that_cannot_be_written_in_the_end_leaves_the_old_one(copy: Path) -> None:
    before = (copy / "kept" / "cells.json").read_bytes()
    full = "import os\ndef replace(*paths): raise OSError(28, os.strerror(28))\nos.replace = replace"
    done = mapproof("verify", "cells.layout", "--certificate", "kept/cells.json", cwd=copy, sabotage=full)
    assert done.returncode == 2
    assert (
        "1 proved, 1 refuted; as expected; NOT all was done: cannot write kept/cells.json: No space left" in done.stdout
    )
    assert "error[C014]: cannot write kept/cells.json: No space left on device\n  help: " in done.stderr
    assert (copy / "kept" / "cells.json").read_bytes() == before
    assert [path.name for path in (copy / "kept").iterdir()] == ["cells.json"]


def test_only_some_checks_can_be_certified(tmp_path: Path) -> None:
    (tmp_path / "cells.layout").write_text(program(f"{CHECKS} check odd(shelf) expect vacuous"))
    wanted = ("--property", "low", "--property", "none")
    assert mapproof("verify", "cells.layout", *wanted, "--certificate", "c.json", cwd=tmp_path).returncode == 0
    done = mapproof("recheck", "c.json", cwd=tmp_path)
    assert done.returncode == 0
    assert "2 checks: 1 proved, 1 refuted" in done.stdout
    assert "only checks called `low` or `none`" in done.stderr


def test_nothing_is_said_twice_of_a_file(copy: Path) -> None:
    path = copy / "kept" / "cells.json"
    found = certificate(copy)
    again = replace(found.files[0], file=f"./{found.files[0].file}")
    path.write_bytes(msgspec.json.encode(replace(found, files=[*found.files, again]).sealed()))
    done = mapproof("recheck", "kept/cells.json", cwd=copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert "two parts about the same file" in done.stderr


def test_what_does_not_hold_is_rejected_with_1(copy: Path) -> None:
    path = copy / "kept" / "cells.json"
    found = certificate(copy)
    emptied = [replace(support, loops=tuple(() for _ in support.loops)) for support in found.files[0].supports]
    made = replace(found, files=[replace(found.files[0], supports=emptied)])
    path.write_bytes(msgspec.json.encode(made.sealed()))
    done = mapproof("recheck", "kept/cells.json", cwd=copy)
    assert done.returncode == 1
    assert ": rejected  low(shelf)" in done.stdout
    assert "proved: this is not so: end, low follows" in done.stdout


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--baseline", "known.json", "--fail-on", "unknown"), "--baseline and --fail-on"),
        (("--write-baseline", "known.json"), "--write-baseline"),
        (("--executor", "dask"), "--executor"),
        (("--executor", "local", "--attack", "3", "--stop"), "--executor and --attack and --stop"),
    ],
)
def test_options_that_mean_nothing_to_others_are_refused(tmp_path: Path, options: tuple[str, ...], named: str) -> None:
    done = run(tmp_path, "recheck", "bundle", "--external", *options)
    assert (done.status, done.stdout) == (2, "")
    assert f"--external has others check statements: leave {named} out" in done.stderr
    assert not (tmp_path / "known.json").exists()
