"""A new member of a union is something that the type checker tells to every place that has to know it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.places import ROOT

STATEMENT = '''
@frozen
class Lift(StatementNode, parts=()):
    """New."""

    region: str

    @property
    def effects(self) -> Effects:
        """Nothing."""
        return Effects(reads=(), writes=(), binds=(), assigns=(), leaves=(), chooses=False)


'''
FORMULA = '''
@frozen
class Never(FormulaNode, parts=()):
    """New."""

    span: Span = field(compare=False, repr=False)

    @property
    def lists(self) -> tuple[str, ...]:
        """None."""
        return ()


'''
EXPRESSION = '''
@frozen
class Old(ExpressionNode, parts=()):
    """New."""

    type: Type


'''


def complaints(folder: Path) -> set[str]:
    """The modules in which mypy finds something to say of a copy of the package."""
    command = [sys.executable, "-m", "mypy", "--no-incremental", "checker"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280, check=False)
    return set(re.findall(r"^checker/(.*?)\.py:\d+: error:", said.stdout, re.MULTILINE))


def add(path: Path, before: str, text: str) -> None:
    """Put a class before a union, and make it a member."""
    old = path.read_text(encoding="utf-8")
    assert old.count(f"\n{before} = ") == 1
    name = text.partition("class ")[2].partition("(")[0]
    path.write_text(old.replace(f"\n{before} = ", f"{text}\n{before} = {name} | "), encoding="utf-8")


@pytest.mark.slow
def test_every_place_that_has_to_know_a_new_member_is_named(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    shutil.copytree(ROOT / "checker", tmp_path / "checker")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    add(tmp_path / "checker/program/statements.py", "Statement", STATEMENT)
    add(tmp_path / "checker/program/formulas.py", "Formula", FORMULA)
    add(tmp_path / "checker/program/expressions.py", "Expr", EXPRESSION)
    assert complaints(tmp_path) == {
        "interpret/evaluate",
        "interpret/execute",
        "interpret/judge",
        "prove/proof/goals",
        "prove/search/unroll",
        "prove/system/turn",
        "prove/terms/encode",
        "verify/attack/attack",
        "verify/mutation/words",
    }


@pytest.mark.slow
def test_a_class_that_says_nothing_of_itself_is_named(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    shutil.copytree(ROOT / "checker", tmp_path / "checker")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    add(tmp_path / "checker/program/statements.py", "Statement", "\nclass Bare(StatementNode):\n    pass\n\n\n")
    assert "program/statements" in complaints(tmp_path)
