"""Certificates as values: what was changed since is noticed when they are read. tests/cli/test_recheck.py has the
commands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from checker import library
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.prove import Limits
from checker.verify.certificate import Certificate, certify, read_certificate, read_claims
from checker.verify.plan import plan
from checker.verify.results import CheckResult
from checker.verify.run import Options, prove

CELLS = """
record Cell { placed at spot: va  base: pa }
list Cells of Cell
layout Shelf of Cells
algorithm fill(cells: Cells) { for cell in cells { place cell at 4K } }
property low(shelf: Shelf) = each c in shelf where c.placed: c.spot < 8K
property none(shelf: Shelf) = each c in shelf: not c.placed
scenario s { given cells: Cells let shelf = fill(cells) check low(shelf) check none(shelf) expect refuted }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a program and its certificate."""
    return certified(tmp_path)


def certified(folder: Path) -> Path:
    (folder / "cells.layout").write_text(CELLS)
    program = library.open_program(folder / "cells.layout")
    assert not isinstance(program, Diagnostic), program
    findings = [
        CheckResult(task, index, result)
        for task in plan([program])
        for index, result in enumerate(prove(task, Options(limits=Limits())))
    ]
    in_order = sorted(findings, key=lambda each: each.order)
    (folder / "c.json").write_bytes(certify(in_order, (), Limits(), {"tool": "t", "solver": "s"}, folder))
    return folder


def whole(folder: Path) -> Certificate:
    found = read_certificate(folder / "c.json")
    assert isinstance(found, Certificate), found
    return found


def test_what_is_written_is_read_certificate(folder: Path) -> None:
    told = read_claims(whole(folder), folder)
    assert not isinstance(told, Diagnostic), told
    assert [claim.verdict.value for claim in whole(folder).files[0].claims] == ["proved", "refuted"]


def test_a_certificate_that_was_changed_is_noticed(folder: Path) -> None:
    text = (folder / "c.json").read_text()
    (folder / "c.json").write_text(text.replace('"refuted"', '"vacuous"'))
    found = read_certificate(folder / "c.json")
    assert isinstance(found, Diagnostic)
    assert found.code is CommandCode.ALTERED


def test_sources_that_were_changed_are_noticed(folder: Path) -> None:
    (folder / "cells.layout").write_text(CELLS.replace("4K", "5K"))
    told = read_claims(whole(folder), folder)
    assert isinstance(told, Diagnostic)
    assert told.code is CommandCode.OUTDATED


def test_no_check_can_be_left_out_or_put_elsewhere(folder: Path) -> None:
    made = whole(folder)
    for claims in (made.files[0].claims[:1], made.files[0].claims[::-1], made.files[0].claims * 2, []):
        other = replace(made, files=[replace(made.files[0], claims=claims)])
        (folder / "c.json").write_bytes(msgspec.json.encode(other.sealed()))
        told = read_claims(whole(folder), folder)
        assert isinstance(told, Diagnostic)
        assert told.code is CommandCode.OUTDATED
