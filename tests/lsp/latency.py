"""The time from a key to the messages, in a file of 300 lines: `python -m tests.lsp.latency [--write]`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.helpers.editor import Editor, long_text, processor_time
from tests.helpers.places import DATA

RECORD = DATA / "lsp-latency.txt"
KEYS = 20


def measured(editor: Editor, path: Path, text: str, line: int) -> str:
    """A row: what a key costs that is pressed in a line."""
    lines = text.splitlines(keepends=True)
    taken, before = [], processor_time(editor.process.pid)
    for number in range(KEYS):
        began = time.monotonic()
        wrong = editor.type(path, "".join([*lines[:line], "# ", "x" * number, "\n", *lines[line:]]))
        taken.append(1000 * (time.monotonic() - began))
        assert not wrong
    processor = 1000 * (processor_time(editor.process.pid) - before) / KEYS
    taken.sort()
    return f"{line:>4}  {taken[0]:>5.0f}  {taken[KEYS // 2]:>6.0f}  {processor:>9.0f}"


def record() -> Iterator[str]:
    """The whole table."""
    text = long_text()
    count = len(text.splitlines())
    yield f"From a key to the messages, in a file of {count} lines, in ms: of {KEYS} keys the fastest and the median on"
    yield "the clock, and what the server takes of a processor for each. Items that the key is not in are not parsed"
    yield "again, and those before it keep their meaning."
    load = f"{os.cpu_count()} processors had a load of {os.getloadavg()[0]:.1f}"
    yield f"On the clock it takes longer where others work: {load}."
    yield ""
    yield "line  least  median  processor"
    with TemporaryDirectory() as folder:
        editor = Editor("--no-verify")
        path = Path(folder) / "long.layout"
        assert not editor.open(path, text)
        for line in (2, count // 4, count // 2, 3 * count // 4, count - 2):
            yield measured(editor, path, text, line)
        editor.close()


def main() -> None:
    """Show the table, or write it."""
    told = "\n".join(record()) + "\n"
    if "--write" in sys.argv:
        RECORD.write_text(told, encoding="utf-8")
    sys.stdout.write(told)


if __name__ == "__main__":
    main()
