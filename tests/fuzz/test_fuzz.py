"""Some seconds of fuzzing, and everything that was ever found; `python -m tests.fuzz` takes as long as one likes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .campaign import campaign
from .corpus import REGRESSIONS
from .targets import TARGETS, Target
from .watch import Watch

SECONDS = 10.0
"""For all targets together."""
SHARES = sum(target.share for target in TARGETS)
LEAST = 20
"""Inputs that are tried of each target however busy the machine is: among them are good ones and bad ones."""

FOUND = sorted(path for path in REGRESSIONS.iterdir() if path.is_file())


@pytest.fixture(scope="module")
def watch() -> Iterator[Watch]:
    with Watch({target.name: target for target in TARGETS}) as watch:
        yield watch


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_hostile_input_is_answered(target: Target) -> None:
    tally = campaign([target], SECONDS * target.share / SHARES, least=LEAST)[target.name]
    assert not tally.findings, "\n".join(map(str, tally.findings))
    assert tally.inputs >= LEAST
    assert len(tally.answers) > 1, "always the same answer"


@pytest.mark.parametrize("name", [path.name for path in FOUND])
def test_what_was_found_once_is_answered(watch: Watch, name: str) -> None:
    seen = watch.see(name.partition(".")[0], (REGRESSIONS / name).read_bytes())
    assert seen.fault is None, seen
