"""`mapproof explain`: a page, a list, or the codes that may have been meant."""

from __future__ import annotations

from checker.base.codes import REGISTRY
from checker.base.exit_status import ExitStatus
from tests.helpers.command import mapproof


def test_a_code_is_explained_with_its_example_and_its_remedy() -> None:
    said = mapproof("explain", "m342").stdout
    assert said.startswith("M342: regions are at another address in the new kernel\n\n")
    assert "\n    $ mapproof check --handover old.json new.json\n" in said
    assert "error[M342]" in said
    assert said.splitlines()[-1].startswith("To mend it: ")


def test_the_beginning_of_several_lists_them() -> None:
    listed = [line.split("  ")[0] for line in mapproof("explain", "L2", "C").stdout.splitlines()]
    assert listed == [code for code in REGISTRY if code[:2] == "L2" or code[0] == "C"]


def test_a_code_that_there_is_not_is_refused_with_those_that_are_near() -> None:
    done = mapproof("explain", "L305")
    assert done.returncode == ExitStatus.WRONG_INPUT
    assert done.stderr.startswith("error[C015]: there is no code `L305`\n  help: did you mean ")
    assert done.stdout == ""
