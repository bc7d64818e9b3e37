"""Lines of a log as they were printed: terminal colours, mail quoting and wrapping taken away, positions kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_PREFIX = re.compile(
    r"""(?:
      [\s>"'|*=#]++                                                      # blanks, quoted mail, a box, JSON
    | [+-]\s*+(?=[^\s0-9+-])                                             # a line of a difference
    | &gt;|&quot;|&nbsp;
    | \\t
    | <[0-9]{1,3}>                                                      # printk level
    | \[[\s\\t]{0,12}[0-9]{1,10}\.[0-9]{1,9}(?:@[0-9]{1,4})?\]          # printk time
    | \[[\s\\t]{0,12}[TC][0-9]{1,9}\]                                   # thread or processor that printed
    | \[[\s]{0,12}(?:[0-9T.,/-]{8,12}\s?)?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?Z?\]  # a terminal's time
    | \[\S{2,5}\.?\ \S{2,5}\.?\ [\s0-9:]{1,16}\ [0-9]{4}\]              # dmesg -T
    | [^\W\d_]{3,5}\.?\ [\s0-9][0-9]\.?\ [0-9:]{8}(?:\.[0-9]{1,9})?\    # syslog, in whatever language
    | [0-9-]{10}[T\ ][0-9:.,+Z-]{8,24}\                                # journalctl -o short-iso
    | [0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?[:\ ]
    | \S{1,255}\ kernel(?:\[[0-9]{1,9}\])?:                             # the host, in both
    | [a-z]{3,8}\s{0,4}:[a-z]{3,7}\s{0,4}:                              # dmesg -x
    | (?:console|serial|tty\w{1,8}|com[0-9]|uart\w{0,4}):(?=\s)         # what collects the output of a board
    | \(XEN\)
    )*+""",
    re.VERBOSE | re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:\x1b|\\u001[bB]|\\x1[bB]|\\033)\[[0-9;?]{0,20}[A-Za-z]")
_DIGIT = re.compile("[0-9]")
_QUOTED_EQUALS = re.compile(r"=3D|=20$")

_LIKE_ASCII = dict.fromkeys(map(ord, "\t\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"), " ") | dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-"
)
"""Characters that stand for a blank or a hyphen where a text went through a page or a word processor."""

MAX_WRAPS = 2
"""The most further lines that a wrapped map line may take up."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be read: its text, where it starts in the source (characters), and where each character came from.

    ``origins`` is ``None`` as long as character ``i`` of the text is character ``start + i`` of the source.
    """

    text: str
    start: int
    origins: tuple[int, ...] | None = None

    def offset(self, position: int) -> int:
        """The place in the source of a position in the text; the end of the text is a position too."""
        if self.origins is None:
            return self.start + position
        if not self.origins:
            return self.start
        return self.origins[position] if position < len(self.origins) else self.origins[-1] + 1

    def tail(self, position: int) -> Line:
        """The line from ``position`` on."""
        origins = None if self.origins is None else self.origins[position:]
        return Line(self.text[position:], self.start + position, origins)

    def stripped(self) -> Line:
        """The line without blanks at its end."""
        length = len(self.text.rstrip())
        return Line(self.text[:length], self.start, self.origins and self.origins[:length])

    def joined(self, other: Line, glue: str) -> Line:
        """This line continued by another; ``glue`` stands for the line break between them."""
        mine = self.origins or tuple(range(self.start, self.start + len(self.text)))
        others = other.origins or tuple(range(other.start, other.start + len(other.text)))
        return Line(self.text + glue + other.text, self.start, mine + (other.offset(0),) * len(glue) + others)


@lru_cache(maxsize=2)
def body_start(text: str) -> int:
    """Find where a line begins after whatever the printer, syslog or a mail reader put before it."""
    match = _PREFIX.match(text)
    return match.end() if match else 0


def plain(text: str) -> str:
    """The text of ``cleaned``, fast for the many lines that there is nothing to clean in."""
    if "\t" in text or not text.isascii():
        text = text.translate(_LIKE_ASCII)
    if "\x1b" not in text and "=3D" not in text and "=20" not in text and "\\" not in text:
        return text
    return _QUOTED_EQUALS.sub(lambda found: "=" if found[0] == "=3D" else " ", _COLOUR.sub("", text))


def cleaned(line: Line) -> Line:
    """The line without colour codes, and with ``=3D`` of quoted-printable mail read as ``=``."""
    if len(plain(line.text)) == len(line.text):
        return Line(plain(line.text), line.start, line.origins)
    line = Line(line.text.translate(_LIKE_ASCII), line.start, line.origins)
    text: list[str] = []
    origins: list[int] = []
    position = 0
    marks = [(*found.span(), "") for found in _COLOUR.finditer(line.text)]
    marks += [(*found.span(), "=" if found[0] == "=3D" else " ") for found in _QUOTED_EQUALS.finditer(line.text)]
    for start, end, replacement in sorted(marks):
        if start < position:
            continue
        text += [line.text[position:start], replacement]
        origins += [line.offset(at) for at in range(position, start)] + [line.offset(start)] * len(replacement)
        position = end
    text.append(line.text[position:])
    origins += [line.offset(at) for at in range(position, len(line.text))]
    return Line("".join(text), line.start, tuple(origins))


def continuations(line: Line, following: Line) -> tuple[Line, ...]:
    """Return the ways in which ``line`` may go on in ``following``: mailers break at a blank, terminals anywhere,
    quoted-printable at ``=``."""
    if line.text.endswith("="):
        return (Line(line.text[:-1], line.start, line.origins and line.origins[:-1]).joined(following, ""),)
    rest = following.tail(body_start(following.text))
    return line.joined(rest, " "), line.joined(rest, "")


def outline(text: str) -> str:
    """The text with all digits alike: two times of a log have one outline."""
    return _DIGIT.sub("0", text)


def behind_prefix(prefix: str, following: str) -> int:
    """Find where a line that goes on with a row begins: behind a prefix of the same shape as that of the row's first
    line, or behind one that is known."""
    shape = outline(prefix)
    if prefix and outline(following[: len(prefix)]) == shape:
        return len(prefix)
    return body_start(following)
