"""docs/schema: the published schemas are those of the code, and what every command says keeps to them.

`python -m tests.report.test_schema` writes the schemas anew.
"""

from __future__ import annotations

import json
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

import checker
from checker.report.counterexamples import counterexample_files
from checker.report.shapes import SHAPES
from tests.helpers.command import MAP, mapproof, program
from tests.helpers.places import CAPTURES, ROOT

SCHEMAS = ROOT / "docs" / "schema"


def schema(name: str) -> dict[str, Any]:
    """The schema of a command's report, as it is to be published."""
    made = _flush(msgspec.json.schema(SHAPES[name]))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"mapproof {name}", **made}


def _flush(part: Any) -> Any:
    """A part of a schema with its descriptions flush left: versions of msgspec leave docstrings as they are, or not."""
    match part:
        case dict():
            return {key: _flush(value) for key, value in part.items()}
        case str():
            return cleandoc(part)
        case list():
            return [_flush(each) for each in part]
        case _:
            return part


def text(name: str) -> str:
    return json.dumps(schema(name), indent=1) + "\n"


@pytest.mark.parametrize("name", SHAPES)
def test_a_published_schema_is_that_of_the_code(name: str) -> None:
    assert (SCHEMAS / f"{name}.json").read_text() == text(name)


def test_no_schema_is_published_of_anything_else() -> None:
    assert {path.stem for path in SCHEMAS.iterdir()} == set(SHAPES)


@cache
def counterexample() -> Any:
    """The file of the counterexample in a program that a folder has as `bad.layout`."""
    opened = checker.load_text(program("check none(shelf) check odd(shelf)"), name="bad.layout")
    assert isinstance(opened, checker.Program)
    findings = checker.verify(opened, properties=["none"])
    assert not isinstance(findings, checker.Diagnostic)
    (data,) = counterexample_files(findings, Path(), "mapproof").values()
    return json.loads(data)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.layout").write_text(program("check low(shelf)"))
    (tmp_path / "bad.layout").write_text(program("check none(shelf) check odd(shelf)"))
    (tmp_path / "wrong.layout").write_text("const SIZE: bytes = 4K\nconst SIZE: bytes = 8K\n")
    (tmp_path / "map.json").write_text(MAP)
    (tmp_path / "kept.json").write_text(json.dumps(counterexample()))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("verify", "verify good.layout bad.layout wrong.layout"),
        ("verify", "verify --cross-check cvc5 good.layout"),
        ("diff", "diff linux-x86-forward linux-x86-reversed"),
        ("diff", "diff linux-x86-forward good.layout"),
        ("recheck-external", "recheck --external nowhere"),
        ("budget", "budget good.layout"),
        ("budget", "budget good.layout --property low"),
        ("mutate", "mutate good.layout"),
        ("mutate", "mutate bad.layout --list"),
        ("mutate", "mutate nowhere.layout"),
        ("identify", f"identify {CAPTURES / 'q35-512m-mixed32-6.1'}"),
        ("identify", "identify map.json"),
        ("identify-many", f"identify {CAPTURES}"),
        ("compare", f"compare {CAPTURES / 'pc-384m-2m-6.1'} {CAPTURES / 'shaped-esrt-mok-6.12'}"),
        ("compare", "compare map.json wrong.layout"),
        ("run", "run linux-x86-reversed map.json"),
        ("run", "run nothing-called-so map.json"),
        ("check", f"check --handover {CAPTURES / 'shaped-esrt-mok-6.12'}"),
        ("check", "check --handover map.json"),
        ("check-map", "check map.json"),
        ("check-map", "check nowhere.json"),
        ("check-maps", "check ."),
        ("check-against", "check map.json --against linux-x86-forward"),
        ("check-against", "check map.json --against nowhere"),
        ("where", "where map.json 0x1000 0xfffffffeff000000 --model linux-x86-reversed"),
        ("where", "where map.json"),
        ("doctor", "doctor"),
        ("cache", "cache --cache kept"),
        ("cache", "cache clear --cache map.json"),
        ("models", "models"),
        ("fmt", "fmt --check good.layout wrong.layout"),
        ("explain", "explain L2 M342"),
        ("explain", "explain L305"),
        ("show", "show map.json --model linux-x86-reversed"),
        ("show", "show good.layout"),
        ("replay", "replay kept.json map.json"),
    ],
)
@pytest.mark.slow
def test_what_a_command_says_keeps_to_its_schema(name: str, command: str, folder: Path) -> None:
    said = json.loads(mapproof(*command.split(), "--format", "json", cwd=folder).stdout)
    Draft202012Validator.check_schema(schema(name))
    assert [error.message for error in Draft202012Validator(schema(name)).iter_errors(said)] == []


def test_what_does_not_keep_to_a_schema_is_noticed() -> None:
    assert list(Draft202012Validator(schema("doctor")).iter_errors({"solvers": [{"solver": 1}]}))


def test_the_file_of_a_counterexample_keeps_to_its_schema() -> None:
    assert [
        error.message for error in Draft202012Validator(schema("counterexample")).iter_errors(counterexample())
    ] == []


@pytest.mark.slow
def test_recheck_says_what_verify_says(folder: Path) -> None:
    mapproof("verify", "good.layout", "--certificate", "c.json", cwd=folder)
    said = json.loads(mapproof("recheck", "c.json", "--format", "json", cwd=folder).stdout)
    assert [error.message for error in Draft202012Validator(schema("verify")).iter_errors(said)] == []


def refresh() -> None:
    SCHEMAS.mkdir(exist_ok=True)
    for name in SHAPES:
        (SCHEMAS / f"{name}.json").write_text(text(name))


if __name__ == "__main__":
    refresh()
