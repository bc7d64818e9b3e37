"""The files by which editors colour `.layout` text. They are made of the words of the grammar: `python -m
tests.lsp.test_syntax_files` writes them anew."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lark import Token
from lark.lexer import PatternStr

from checker.base.diagnostic import Source
from checker.language.syntax.mistakes import ITEMS
from checker.language.syntax.parse import parser
from checker.lsp.hover import BUILT_IN
from checker.program.types import BUILTIN
from tests.helpers.places import MODELS, ROOT, SPEC

TEXTMATE = ROOT / "editors" / "vscode" / "layout.tmLanguage.json"
VIM = ROOT / "editors" / "vim" / "syntax" / "layout.vim"

OPERATORS = {"and", "or", "not", "has", "aligned", "in", "as"}
CONSTANTS = {"true", "false"}


def words() -> set[str]:
    """The words of the grammar."""
    found = set()
    for terminal in parser().terminals:
        if isinstance(terminal.pattern, PatternStr):
            found.add(terminal.pattern.value)
        elif terminal.name[0] == "_" or terminal.name in ("RULE", "AS"):
            found |= set(re.findall(r"[a-z]+", terminal.pattern.value.split("\\b")[0]))
    return {word for word in found if word.isalpha()}


AHEAD = {
    **dict.fromkeys(("algorithm", "assumption", "def", "handover", "property"), r"\s+\w+\s*\("),
    **dict.fromkeys(("const", "derive", "enum", "flags", "given"), r"\s+\w+\s*:"),
    **dict.fromkeys(("layout", "list"), r"\s+\w+\s+of\b"),
    **dict.fromkeys(("before", "next"), r"\s+\w+\s+in\b"),
    "with": r"\s+\w+\s+in\b|\s+previous\b",
    **dict.fromkeys(("arriving", "expect", "mark", "pass", "record", "scenario"), r"\s+\w+"),
    **dict.fromkeys(("assuming", "at", "below", "check", "prefer"), r"\s+[\w(~]"),
    "window": r"\s+\w+\s*:|\s+of\b",
    **dict.fromkeys(("extends", "of"), r"\s+\w+"),
    "apart": r"\s+by\b",
    "from": r'\s*"',
    "like": r"\s+\w+\s+except\b",
    "except": r"\s+\w+\s*:",
    "placed": r"\s+at\b",
    "repeat": r"\s+\w+\s*\(",
}
"""What follows the words that are names elsewhere."""


def groups() -> dict[str, list[str]]:
    """The words by what they are for: as TextMate calls it."""
    declaring = {*ITEMS, "use"}
    control = words() - declaring - OPERATORS - CONSTANTS
    return {
        "keyword.declaration": sorted(declaring),
        "keyword.control": sorted(control),
        "keyword.operator.word": sorted(OPERATORS),
        "constant.language": sorted(CONSTANTS),
        "support.type": sorted(BUILTIN),
        "support.function": sorted(BUILT_IN),
    }


def textmate() -> str:
    """The grammar for editors that take those of TextMate."""
    patterns = [
        {"name": "comment.line.number-sign.layout", "match": "#.*$"},
        {"name": "string.quoted.double.layout", "match": '"[^"]*"'},
        {"name": "constant.numeric.layout", "match": r"\b(?:0x[0-9a-fA-F_]+|[0-9][0-9_]*[KMGTPE]?)\b"},
    ]
    for name, group in groups().items():
        always = [word for word in group if word not in AHEAD]
        matches = [rf"\b(?:{'|'.join(always)})\b"] if always else []
        for ahead in dict.fromkeys(AHEAD[word] for word in group if word in AHEAD):
            alike = [word for word in group if AHEAD.get(word) == ahead]
            matches.append(rf"\b(?:{'|'.join(alike)})\b(?={ahead})")
        patterns += [{"name": f"{name}.layout", "match": rf"(?<!\.){match}"} for match in matches]
    patterns.append({"name": "keyword.operator.layout", "match": r"<<%?|>>|=>|[-+*]%?=?|[<>=!]=?|[/%&|^~]=?|\.\."})
    grammar = {
        "name": "mapproof layout",
        "scopeName": "source.layout",
        "fileTypes": ["layout"],
        "patterns": patterns,
    }
    return json.dumps(grammar, indent=2) + "\n"


_VIM_GROUPS = {
    "keyword.declaration": ("layoutDeclaration", "Keyword"),
    "keyword.control": ("layoutStatement", "Statement"),
    "keyword.operator.word": ("layoutOperator", "Operator"),
    "constant.language": ("layoutConstant", "Boolean"),
    "support.type": ("layoutType", "Type"),
    "support.function": ("layoutFunction", "Function"),
}


def vim() -> str:
    """The syntax file for Vim and Neovim."""
    lines = [
        '" Words of the grammar: made by python -m tests.lsp.test_syntax_files',
        'if exists("b:current_syntax")',
        "  finish",
    ]
    lines.append("endif")
    for name, group in groups().items():
        always = [word for word in group if word not in AHEAD]
        lines += [f"syntax keyword {_VIM_GROUPS[name][0]} {' '.join(always)}"] if always else []
        for word in (word for word in group if word in AHEAD):
            ahead = AHEAD[word].replace(r"\b", ">").replace(r"[\w(~]", "[A-Za-z0-9_(~]")
            lines.append(rf"syntax match {_VIM_GROUPS[name][0]} /\v\.@<!<{word}>({ahead})@=/")
    lines += [
        r"syntax match layoutNumber /\<\%(0x[0-9a-fA-F_]\+\|[0-9][0-9_]*[KMGTPE]\?\)\>/",
        r'syntax region layoutText start=/"/ end=/"/ oneline',
        r"syntax match layoutComment /#.*$/",
    ]
    linked = {
        **dict(_VIM_GROUPS.values()),
        "layoutNumber": "Number",
        "layoutText": "String",
        "layoutComment": "Comment",
    }
    lines += [f"highlight default link {group} {to}" for group, to in linked.items()]
    return "\n".join([*lines, 'let b:current_syntax = "layout"']) + "\n"


MADE = {TEXTMATE: textmate, VIM: vim}


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
def test_a_file_is_what_the_grammar_makes_of_it(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == MADE[path]()


@pytest.mark.parametrize(
    "path", [*sorted(SPEC.glob("*.layout")), *sorted(MODELS.rglob("*.layout"))], ids=lambda path: path.stem
)
def test_words_are_coloured_where_the_parser_takes_them_for_words(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    coloured = {start for start, name in scan(text) if name.startswith(("keyword.", "constant.language"))}
    compare(text, coloured)


@pytest.mark.skipif(shutil.which("vim") is None, reason="there is no vim")
def test_vim_colours_the_same_words(tmp_path: Path) -> None:
    model, told = MODELS / "kexec-hazards.layout", tmp_path / "told"
    text = model.read_text(encoding="utf-8")
    script = f"""
        set nocompatible
        set runtimepath^={VIM.parents[1]}
        syntax on
        edit {model}
        let told = []
        for line in range(1, line('$'))
          for column in range(1, col([line, '$']) - 1)
            call add(told, line . ' ' . column . ' ' . synIDattr(synID(line, column, 1), 'name'))
          endfor
        endfor
        call writefile(told, '{told}')
        quitall!
    """
    (tmp_path / "script.vim").write_text(script, encoding="utf-8")
    command = ["vim", "-u", "NONE", "-i", "NONE", "-n", "-es", "-S", str(tmp_path / "script.vim")]
    subprocess.run(command, timeout=60, check=True, stdin=subprocess.DEVNULL)
    starts = Source("", text).line_starts
    words = {group for name, (group, _) in _VIM_GROUPS.items() if name.startswith(("keyword.", "constant."))}
    places = (row.split(" ") for row in told.read_text(encoding="utf-8").splitlines())
    coloured = {starts[int(line) - 1] + int(column) - 1 for line, column, name in places if name in words}
    compare(text, coloured)


def compare(text: str, coloured: set[int]) -> None:
    """Hold the places that are coloured as words against those of the parser's words."""
    said = list(parser().parse_interactive(text, start="module").iter_parse())
    keywords = {token.start_pos or 0 for token in said if _is_word(token)}
    names = {token.start_pos or 0 for token in said if token.type == "NAME"}
    assert {text[start : start + 20] for start in keywords - coloured} == set()
    assert {text[start : start + 20] for start in names & coloured} == set()


def _is_word(token: Token) -> bool:
    return str(token).isalpha() and token.type not in ("NAME", "INTEGER", "STRING")


def scan(text: str) -> list[tuple[int, str]]:
    """Colour a text as editors do: the first match from where the last one ended, of the first pattern that has it."""
    patterns = [(each["name"], re.compile(each["match"], re.MULTILINE)) for each in json.loads(textmate())["patterns"]]
    found, at = [], 0
    while True:
        matches = [
            (match.start(), order, name, match.end())
            for order, (name, pattern) in enumerate(patterns)
            if (match := pattern.search(text, at))
        ]
        if not matches:
            return found
        start, _, name, end = min(matches)
        found.append((start, name))
        at = max(end, start + 1)


if __name__ == "__main__":
    for path, make in MADE.items():
        path.write_text(make(), encoding="utf-8")
