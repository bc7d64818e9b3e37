"""A unified diff, applied to the files of a tree in memory, or taken back if they have it already: nothing is written.

A hunk has to fit where it says, or at one other place alone, as after changes above it. Nothing is guessed beyond that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from checker.base.codes import SourceCode
from checker.base.diagnostic import Diagnostic, Rejected, Source, Span, reject
from checker.base.files import read, why
from checker.base.values import frozen

MOST_BYTES = 4 << 20
"""The most bytes of a patch, or of a file that it changes."""

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@.*")
_HELP = "make it with `git diff` or `diff -u` against the very tree"


@frozen
class _Hunk:
    """A part of a patch: the line where it begins, what is there before and after, and its place in the patch; and the
    line where it begins after it."""

    start: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    span: Span
    start_after: int

    @property
    def back(self) -> _Hunk:
        """The part that takes this one back."""
        return _Hunk(self.start_after, self.after, self.before, self.span, self.start)


@frozen
class Patched:
    """The files of a tree that a patch changes, by their paths, as they are on its other side: with it, or before it if
    the tree has it already; of a file that is not there then nothing is left."""

    texts: dict[str, str]
    is_in_tree: bool = False

    @property
    def side(self) -> str:
        """The word for what the tree on the other side of the patch is: with it or without."""
        return "without" if self.is_in_tree else "with"

    @property
    def edition(self) -> str:
        """The same of a file."""
        return "without the patch" if self.is_in_tree else "as patched"


def apply_patch(tree: Path, patch: Path, given: bytes | None = None) -> Patched | Diagnostic:
    """Return what a patch changes of a tree, or, of a tree that has it already, what it has changed. ``given`` are the
    bytes of the patch if it is no file. Files that the tree does not have are passed over, as long as it has one: a
    patch is about more than the layout, and a tree may be a part of one."""
    try:
        source = Source(str(patch), _read(patch) if given is None else _text(patch, given))
        found = ((_found(tree, name), hunks) for name, hunks in _files(source).items())
        changed = {path: hunks for path, hunks in found if path is not None}
        if not changed:
            help = "name the folder in which the files of the patch are: `arch`, `drivers` and so on stand there"
            raise reject(SourceCode.BAD_PATCH, f"no file of it is in {tree}", Span(source, 0, 0), help)
        there = {path: _read(path) for path in changed}
    except Rejected as rejected:
        return rejected.diagnostic
    made = _all_applied(there, changed)
    if not isinstance(made, Diagnostic):
        return Patched(made)
    before = _all_applied(there, {path: [each.back for each in hunks] for path, hunks in changed.items()})
    return made if isinstance(before, Diagnostic) else Patched(before, is_in_tree=True)


def _all_applied(there: Mapping[Path, str], changed: Mapping[Path, Sequence[_Hunk]]) -> dict[str, str] | Diagnostic:
    """Apply the hunks of each file to its text."""
    try:
        return {str(path): _applied(there[path], hunks, path) for path, hunks in changed.items()}
    except Rejected as rejected:
        return rejected.diagnostic


def _found(tree: Path, name: str) -> Path | None:
    """Return the file of a tree that a patch names: below a folder as `a/` and `b/` are, or as it is."""
    ways = (tree / name.partition("/")[2], tree / name)
    return next((way for way in ways if way.is_file()), None)


def _read(path: Path) -> str:
    try:
        data = read(path, MOST_BYTES + 1)
    except OSError as error:
        raise Rejected(Diagnostic(SourceCode.BAD_PATCH, f"cannot read {path}: {why(error)}", help=_HELP)) from None
    return _text(path, data)


def _text(path: Path, data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Rejected(Diagnostic(SourceCode.BAD_PATCH, f"{path} is larger than {MOST_BYTES} bytes", help=_HELP))
    return data.decode("ascii", errors="replace").replace("\r\n", "\n")


def _files(source: Source) -> dict[str, list[_Hunk]]:
    """Take a patch apart: the hunks of each file. Raises `Rejected`."""
    lines = source.text.split("\n")
    found: dict[str, list[_Hunk]] = {}
    old = name = ""
    at = 0
    while at < len(lines):
        line = lines[at]
        span = Span(source, source.line_starts[at], source.line_starts[at] + len(line))
        at += 1
        if line.startswith("--- "):
            old = line
        elif line.startswith("+++ ") and old:
            names = [each[4:].split("\t")[0].strip() for each in (line, old)]
            name = next((each for each in names if each != "/dev/null"), "")
            if name.startswith("/") or ".." in Path(name).parts:
                raise reject(SourceCode.BAD_PATCH, f"`{name}` is not inside of the tree", span, _HELP)
            found.setdefault(name, [])
        elif (head := _HUNK.fullmatch(line)) is not None and name:
            counts = int(head[2] or 1), int(head[4] or 1)
            before: list[str] = []
            after: list[str] = []
            while (len(before), len(after)) != counts and at < len(lines):
                inner = lines[at]
                at += 1
                if inner[:1] in (" ", "") or inner.startswith("-"):
                    before.append(inner[1:])
                if inner[:1] in (" ", "") or inner.startswith("+"):
                    after.append(inner[1:])
                if inner[:1] not in (" ", "", "+", "-", "\\"):
                    raise reject(SourceCode.BAD_PATCH, "a hunk is shorter than it says", span, _HELP)
            if (len(before), len(after)) != counts:
                raise reject(SourceCode.BAD_PATCH, "a hunk is not as long as it says", span, _HELP)
            found[name].append(_Hunk(int(head[1]), tuple(before), tuple(after), span, int(head[3])))
    if not any(found.values()):
        if not source.text.strip():
            help = "`git diff` prints nothing where nothing is changed: say against what, as in `git diff HEAD~1`"
            raise reject(SourceCode.BAD_PATCH, "the patch is empty", Span(source, 0, 0), help)
        raise reject(SourceCode.BAD_PATCH, "there is no hunk of a unified diff", Span(source, 0, 0), _HELP)
    return found


def _applied(text: str, hunks: Sequence[_Hunk], path: Path) -> str:
    """Apply the hunks of a file, the last one first. Raises `Rejected`."""
    lines = text.split("\n")
    for hunk in reversed(hunks):
        length = len(hunk.before)
        # With no line before, the hunk stands behind the line that it names.
        start = hunk.start - 1 if length else hunk.start
        if tuple(lines[start : start + length]) != hunk.before:
            fits = _fitting(lines, hunk.before)
            if len(fits) != 1:
                raise reject(SourceCode.BAD_PATCH, _misfit(lines, hunk, path, len(fits)), hunk.span, _HELP)
            start = fits[0]
        lines[start : start + length] = hunk.after
    return "\n".join(lines)


def _fitting(lines: list[str], wanted: tuple[str, ...]) -> list[int]:
    """Return where some lines stand among others."""
    return [at for at in range(len(lines)) if tuple(lines[at : at + len(wanted)]) == wanted]


def _misfit(lines: list[str], hunk: _Hunk, path: Path, places: int) -> str:
    """Say why a hunk cannot be applied to a file: it fits in several places, it was applied before, or a line is
    another one."""
    if places:
        return f"a hunk fits at {places} places of {path}"
    if _fitting(lines, hunk.after):
        return f"a hunk does not fit {path}: it is applied already"
    there = lines[hunk.start - 1 :] + [""] * len(hunk.before)
    number, wanted = next((n, line) for n, line in enumerate(hunk.before) if line != there[n])
    return f"a hunk does not fit {path}: line {hunk.start + number} is not `{wanted.strip()}`"
