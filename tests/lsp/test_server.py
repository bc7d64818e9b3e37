"""The language server, driven by a client that speaks the protocol over pipes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types

from tests.helpers.command import HARD, PREFIX, mapproof, program
from tests.helpers.editor import Editor, children, is_running, long_text, processor_time
from tests.helpers.places import MODELS

REVERSED = MODELS / "linux-x86-reversed.layout"
TEXT = REVERSED.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    editor = Editor("--no-verify")
    yield editor
    assert editor.close() == 0


@pytest.fixture(scope="module")
def judge() -> Iterator[Editor]:
    """An editor that asks for verdicts."""
    editor = Editor()
    yield editor
    assert editor.close() == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def place(text: str, word: str) -> tuple[int, int]:
    """The line and the column of the first place of a word, from 0."""
    line = next(number for number, each in enumerate(text.splitlines()) if word in each)
    return line, text.splitlines()[line].index(word)


def test_what_is_wrong_is_told_as_one_types(editor: Editor, folder: Path) -> None:
    path = folder / "typing.layout"
    assert editor.open(path, TEXT) == []
    (wrong,) = editor.type(path, TEXT.replace("cursor > before", "cursor > befor"))
    assert (wrong.code, wrong.source) == ("L103", "mapproof")
    assert wrong.message == "unknown name `befor`\ndid you mean `before` or `below`?"
    assert (wrong.range.start.line, wrong.range.start.character, wrong.range.end.character) == (15, 24, 29)
    assert editor.type(path, TEXT) == []


def test_what_is_wrong_with_one_item_hides_nothing_of_another(editor: Editor, folder: Path) -> None:
    path = folder / "several.layout"
    lines = "const A: u64 = a\nconst B: u64 = A\nconst C: u64 = 1M\nconst D: pages = C\n"
    assert [(each.code, each.range.start.line) for each in editor.open(path, lines)] == [("L103", 0), ("L201", 3)]


def test_an_error_in_a_file_that_is_used_is_told_where_it_is_used(editor: Editor, folder: Path) -> None:
    used, path = folder / "base.layout", folder / "user.layout"
    used.write_text("const A: u64 = nothing\n", encoding="utf-8")
    (wrong,) = editor.open(path, "use uefi, base\nconst B: u64 = A\n")
    assert (wrong.code, wrong.range.start.line, wrong.range.start.character) == ("L103", 0, 10)
    assert wrong.related_information is not None
    assert wrong.related_information[0].location.uri == used.as_uri()
    # What is open counts, not what is saved.
    editor.open(used, "const A: u64 = 7\n")
    editor.wait(lambda: editor.told[path.as_uri()][-1] == [])


def test_a_word_is_explained_by_its_declaration_and_what_is_written_above_it(editor: Editor) -> None:
    editor.open(REVERSED, TEXT)
    said = editor.at("textDocument/hover", REVERSED, *place(TEXT, "fits(first)"))
    assert "property fits(layout: Layout, w: window of va = EFI_WINDOW) =" in said.contents.value
    assert "Every region that has an address lies inside the window." in said.contents.value


def test_a_broken_text_is_explained_as_it_was(editor: Editor, folder: Path) -> None:
    path = folder / "broken.layout"
    editor.open(path, TEXT)
    broken = TEXT.replace("if cursor < EFI_WINDOW.start { continue }", "if cursor < EFI_WINDOW. {{{")
    assert [each.code for each in editor.type(path, broken)] == ["L005"]
    said = editor.at("textDocument/hover", path, *place(broken, "PMD_SIZE"))
    assert "`bytes`, value 2 MiB (`0x200000`)" in said.contents.value
    line, column = place(broken, "EFI_WINDOW. {")
    offered = editor.at("textDocument/completion", path, line, column + len("EFI_WINDOW."))
    assert [each.label for each in offered] == ["start", "end", "size"]


def test_a_name_leads_to_its_declaration_in_another_file(editor: Editor) -> None:
    editor.open(REVERSED, TEXT)
    found = editor.at("textDocument/definition", REVERSED, *place(TEXT, "PMD_SIZE"))
    assert (Path(found.uri.removeprefix("file://")).name, found.range.start.line) == ("x86_64.layout", 6)


def test_columns_are_counted_as_the_protocol_has_it(editor: Editor, folder: Path) -> None:
    path = folder / "astral.layout"
    text = 'use uefi\nproperty p(l: Layout) from "\U0001f40d" = each r in l: q\n'
    (wrong,) = editor.open(path, text)
    # The snake is one character and two units of UTF-16.
    assert wrong.range.start.character == text.splitlines()[1].index(": q") + 2 + 1
    column = wrong.range.start.character - 3
    said = editor.at("textDocument/hover", path, 1, column)
    assert "a layout" in said.contents.value


def test_a_name_is_changed_everywhere_or_nowhere(editor: Editor, folder: Path) -> None:
    path = folder / "rename.layout"
    editor.open(path, TEXT)
    where = place(TEXT, "cursor: va")
    done = editor.at("textDocument/rename", path, *where, newName="top")
    (edits,) = done.changes.values()
    assert len(edits) == TEXT.count("cursor") - TEXT.count(
        "# Overflow: a warning, no address, and the cursor"
    ) - TEXT.count("they move the cursor")
    with pytest.raises(Exception, match="already names"):
        editor.at("textDocument/rename", path, *where, newName="region")


def test_what_is_not_saved_yet_can_be_renamed_in(editor: Editor) -> None:
    uri = "untitled:Untitled-1"
    item = types.TextDocumentItem(uri, "layout", 1, TEXT)
    editor._until_told(uri, lambda: editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item)))
    line, character = place(TEXT, "cursor: va")
    asked = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
    assert editor.ask("textDocument/definition", asked).uri == uri
    done = editor.ask("textDocument/rename", {**asked, "newName": "top"})
    assert list(done.changes) == [uri]
    assert len(done.changes[uri]) > 5


def test_a_file_is_formatted(editor: Editor, folder: Path) -> None:
    path = folder / "format.layout"
    editor.open(path, "const A:u64=1\n")
    (edit,) = editor.about("textDocument/formatting", path, options={"tabSize": 4, "insertSpaces": True})
    assert edit.new_text == "const A: u64 = 1\n"


def test_the_remedy_of_a_message_is_offered_as_a_change(editor: Editor, folder: Path) -> None:
    path = folder / "remedy.layout"
    (wrong,) = editor.open(path, TEXT.replace("cursor > before", "cursor > befor"))
    start, end = ({"line": each.line, "character": each.character} for each in (wrong.range.start, wrong.range.end))
    (action,) = editor.about(
        "textDocument/codeAction", path, range={"start": start, "end": end}, context={"diagnostics": []}
    )
    assert (action.title, action.edit.changes[path.as_uri()][0].new_text) == ("write `before`", "before")


def test_verdicts_come_by_themselves_with_the_counterexample(judge: Editor, folder: Path) -> None:
    path = folder / "verdicts.layout"
    assert judge.open(path, program("check low(shelf) check none(shelf) check odd(shelf) expect vacuous")) == []

    assert lenses(judge, path) == [f"{each}(shelf): is being decided" for each in ("low", "none", "odd")]
    proved, refuted, vacuous = decided(judge, path)
    assert (proved, vacuous) == ("low(shelf): proved", "odd(shelf): vacuous")
    assert refuted.startswith("none(shelf): refuted, expected proved: 1 region, ")
    judge.wait(lambda: judge.told[path.as_uri()][-1])
    (wrong,) = judge.told[path.as_uri()][-1]
    assert (wrong.code, wrong.source) == ("refuted", "mapproof verify")
    shown = judge.about("textDocument/codeLens", path)[1].command
    said = judge.ask("workspace/executeCommand", {"command": shown.command, "arguments": list(shown.arguments)})
    assert "counterexample: `cells` of 1 region" in said
    assert judge.messages[-1] == said


def test_a_verdict_on_other_texts_is_none_on_these(judge: Editor, folder: Path) -> None:
    used, path = folder / "shelves.layout", folder / "checked.layout"
    used.write_text(PREFIX, encoding="utf-8")
    judge.open(used, PREFIX)
    judge.open(path, "use shelves\nscenario s { given cells: Cells let shelf = fill(cells) check low(shelf) }\n")
    assert decided(judge, path) == ["low(shelf): proved"]
    # The file that is used is changed in the editor, and not saved.
    judge.type(used, PREFIX.replace("place cell at 4K", "place cell at 8K"))
    assert lenses(judge, path) == ["low(shelf): is being decided"]
    (now,) = decided(judge, path)
    assert now.startswith("low(shelf): refuted, expected proved: 1 region, ")
    judge.shut(path)
    judge.shut(used)


def lenses(editor: Editor, path: Path) -> list[str]:
    """The titles above the checks of a file."""
    return [each.command.title for each in editor.about("textDocument/codeLens", path)]


def decided(editor: Editor, path: Path) -> list[str]:
    """The titles above the checks of a file, once it is decided."""
    while any("is being" in each for each in lenses(editor, path)):
        seen = editor.refreshed
        editor.wait(lambda: editor.refreshed > seen)  # noqa: B023  # it is waited for here
    return lenses(editor, path)


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="asks the system for processes")
def test_what_is_being_decided_blocks_nothing_and_ends_with_the_text_or_the_server(folder: Path) -> None:
    editor, path = Editor(), folder / "hard.layout"
    assert editor.open(path, HARD) == []
    working = processes(editor)
    began = time.monotonic()
    said = editor.at("textDocument/hover", path, *place(HARD, "apart(shelf: Shelf)"))
    assert "property apart" in said.contents.value
    assert time.monotonic() - began < 2
    editor.type(path, HARD + "# more\n")
    assert gone(working)
    working = processes(editor)
    os.kill(editor.process.pid, signal.SIGKILL)
    assert editor.ended() == -signal.SIGKILL
    assert gone(working)


def processes(editor: Editor) -> tuple[int, int]:
    """The process that decides, once there is one, and the one in which it has something proved."""
    server = editor.process.pid
    editor.wait(lambda: any(map(children, children(server))))
    (deciding,) = children(server)
    (proving,) = children(deciding)
    return deciding, proving


def gone(working: tuple[int, ...]) -> bool:
    """Tell whether processes are gone soon."""
    until = time.monotonic() + 5
    while (left := any(map(is_running, working))) and time.monotonic() < until:
        time.sleep(0.01)
    return not left


def test_without_its_extra_the_command_says_what_to_install() -> None:
    done = mapproof("lsp", sabotage="import sys; sys.modules['pygls'] = None")
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[C090]: the language server is not installed" in done.stderr
    assert "help: pip install '.[lsp]' in the clone of mapproof" in done.stderr


def test_a_key_is_answered_at_once_in_a_file_of_300_lines_and_so_is_ctrl_c(folder: Path) -> None:
    """In processor time: other tests run beside this one. The key is in the middle: what stands before it is not read
    again. `tests.lsp.latency` measures the time on the clock, at all places."""
    editor = Editor("--no-verify")
    path, text = folder / "long.layout", long_text()
    assert len(text.splitlines()) >= 300
    assert editor.open(path, text) == []
    head, tail = text[: len(text) // 2], text[len(text) // 2 :]
    began = processor_time(editor.process.pid)
    for number in range(10):
        wrong = editor.type(
            path, head + tail.replace("(map: MemoryMap)", "(map: Memory)" if number % 2 else "(map: MemoryMap)", 1)
        )
        assert [each.code for each in wrong] == (["L106"] if number % 2 else [])
    taken = processor_time(editor.process.pid) - began
    assert not editor.about("textDocument/codeLens", path)
    assert taken / 10 < 0.1
    began = time.monotonic()
    editor.process.send_signal(signal.SIGINT)
    assert editor.ended() == 130
    assert time.monotonic() - began < 2
