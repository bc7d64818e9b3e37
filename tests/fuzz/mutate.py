"""Texts and bytes with a few things done to them that a hostile hand, or a bad cable, might do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

MOST = 1 << 20
"""Bytes of an input at most: the most that a `.layout` file may have, and a thousand times a usual memory map."""

TOKEN = re.compile(r'"[^"\n]*"|[A-Za-z0-9_]+|[<>=!]=|=>|\.\.|[-+*<&|]{1,2}%?=?|\s+|.', re.DOTALL)

NUMBERS = (
    *("0", "1", "2", "63", "64", "65", "0xfff", "4096", "4095", "0x7fffffff", "0x80000000", "0xffffffff", "4294967296"),
    *("9223372036854775807", "0x8000000000000000", "0xfffffffffffff000", "0xffffffffffffffff", "18446744073709551616"),
    *("-1", "-0x1", "1e400", "1.5", "0x", "0b1", "0o7", "00", "1_000", "1__0", "4K", "16E", "1Z", "NaN", "Infinity"),
    *("9" * 30, "9" * 4300, "9" * 5000, "0x" + "f" * 17, "0x" + "f" * 100_000, "\u0663", "\u00b2", "\uff11"),
)
"""Numbers at the edges of words, of notations, and of what converting them costs."""

_PLAIN = 18
"""How many of them, from the first, are numbers in every notation."""

STRINGS = (
    *(
        "\0",
        "\ufeff",
        "\r",
        "\r\n",
        "\t",
        "\x1b[2J",
        "\u202e",
        "\u2028",
        "\x85",
        "\ud7ff",
        "\U0010ffff",
        "\ufffd",
        "%s",
    ),
    *('"', "'", "\\", "#", "{", "}", "{r}", "{{", "(", "[", "]", ")", "@", ";", "0x", "..", "null", "\N{DIGIT ZERO}"),
    *("x" * 300, "x" * 70_000, " " * 70_000, "\n" * 3000, "\\" * 2000, "é" * 1000, "\u0301" * 1000, "constructor"),
)
"""Texts that are seldom meant."""

BYTES = (
    *(b"\0", b"\0\0\0\0", b"\xff", b"\xff\xff\xff\xff\xff\xff\xff\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"),
    *(b"\xc3", b"\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r\n", b"\n", b"\x1b[", b"=3D", b"=\n", b"\x1a"),
)
"""Bytes that are no text, or that say how text is written."""

_KIN = (
    *(("==", "!=", "<", "<=", ">", ">="), ("+", "-", "+%", "-%", "*", "*%"), ("<<", "<<%", ">>"), ("&", "|")),
    *(
        ("=", "+=", "-=", "+%=", "-%="),
        ("and", "or", "=>"),
        ("true", "false"),
        ("export", "drop"),
        ("break", "continue"),
    ),
    *(("bytes", "pages", "pa", "va", "u64", "u32", "u8"), ("phys_addr", "phys_end"), ("virt_addr", "virt_end")),
    *(
        ("runtime", "placed", "boot_services", "exported", "dropped"),
        ("proved", "refuted", "vacuous"),
        ("before", "next"),
    ),
)
"""Words and signs that may stand in one another's place."""

_FEW = (1, 1, 1, 2, 3, 5)
_TIMES = (2, 2, 2, 3, 3, 5, 10, 10, 30, 100, 300, 1000, 5000, 20_000, MOST)
_DEPTHS = (1, 2, 5, 20, 50, 99, 100, 101, 200, 390, 1000, 5000, 19_000)


def bent(data: bytes, chance: Random, other: bytes) -> bytes:
    """Bytes with a few of them changed; pieces of ``other`` may get in."""
    if chance.random() < 0.02:
        return chance.randbytes(chance.randrange(300))
    made = bytearray(data)
    for _ in range(chance.choice(_FEW)):
        at = chance.randrange(len(made) + 1)
        length = chance.choice((1, 2, 4, 8, 16, 40, 48, 200))
        piece = made[at : at + length]
        match chance.randrange(12):
            case 0 | 1 if at < len(made):
                made[at] ^= 1 << chance.randrange(8)
            case 2:
                made[at : at + 1] = chance.randbytes(1)
            case 3:
                del made[at : at + length]
            case 4:
                del made[at:]
            case 5:
                made[at:at] = chance.choice(BYTES)
            case 6:
                made[at : at + 8] = int(chance.choice(NUMBERS[:_PLAIN]), 0).to_bytes(9, "little")[:8]
            case 7:
                start = chance.randrange(len(other) + 1)
                made[at : at + chance.choice((0, length))] = other[start : start + chance.choice((length, 2000))]
            case 8:
                made[at:at] = piece * min(chance.choice(_TIMES), MOST // max(1, len(piece)))
            case 9:
                made = made.replace(b"\n", b"\r\n" if chance.random() < 0.5 else chance.choice((b"\r", b"", b"\n\n")))
            case 10:
                start = chance.randrange(len(made) + 1)
                made[start : start + length] = piece
            case 11:
                made[at:at] = chance.choice(STRINGS).encode("utf-8", "surrogatepass")
    return bytes(made[:MOST])


def reworded(text: str, chance: Random, other: str, vocabulary: Sequence[str]) -> str:
    """A text with a few words left out, doubled, nested, or replaced: by others of the text, of ``other``, of
    ``vocabulary``, and by such as are seldom meant."""
    words = TOKEN.findall(text)
    for _ in range(chance.choice(_FEW)):
        if not words:
            break
        here, there = chance.randrange(len(words)), chance.randrange(len(words))
        span = chance.choice((1, 2, 5, 20, 100))
        match chance.randrange(14):
            case 0:
                del words[here : here + span]
            case 1:
                words[here] += words[here]
            case 2:
                words[here], words[there] = words[there], words[here]
            case 3:
                words[here] = words[there]
            case 4:
                words[here] = chance.choice(STRINGS)
            case 5:
                stretch = words[here : here + span]
                words[here:here] = stretch * min(chance.choice(_TIMES), MOST // max(1, sum(map(len, stretch))))
            case 6:
                left, right = chance.choice(
                    ("()", "{}", "[]", ("not ", ""), ("if true { ", " }"), ("~", ""), ("(", ""))
                )
                depth = chance.choice(_DEPTHS)
                words[here] = left * depth + words[here] + right * depth
            case 7:
                foreign = TOKEN.findall(other)
                start = chance.randrange(len(foreign) + 1)
                words[here : here + chance.choice((0, span))] = foreign[start : start + span]
            case 8:
                words[here] = chance.choice(vocabulary)
            case 9:
                _put_alike(words, chance, str.isalpha, vocabulary)
            case 10:
                _put_alike(words, chance, str.isdigit, NUMBERS)
            case _:
                _exchange(words, chance)
    return "".join(words)[:MOST]


def exchanged(text: str, chance: Random) -> str:
    """A text with a word or two replaced by others of their kind, or a line left out or moved: it may still be good."""
    words = TOKEN.findall(text)
    for _ in range(chance.choice((1, 1, 1, 2))):
        if words:
            _exchange(words, chance)
    return "".join(words)


def _exchange(words: list[str], chance: Random) -> None:
    match chance.randrange(8):
        case 0:
            lines = "".join(words).splitlines(keepends=True)
            taken = lines.pop(chance.randrange(len(lines)))
            if chance.random() < 0.5:
                lines.insert(chance.randrange(len(lines) + 1), taken)
            words[:] = TOKEN.findall("".join(lines))
        case 1:
            _put_alike(words, chance, str.isdigit, NUMBERS[:_PLAIN])
        case 2:
            _put_alike(words, chance, str.isdigit, ())
        case 3 | 4 | 5:
            kin = chance.choice(_KIN)
            _put(words, chance, [index for index, word in enumerate(words) if word in kin], kin)
        case _:
            _put_alike(words, chance, str.isalpha, ())


def _put_alike(words: list[str], chance: Random, kind: Callable[[str], bool], others: Sequence[str]) -> None:
    """Put one of ``others``, by default a word of the text, in the place of a word known by its first character."""
    places = [index for index, word in enumerate(words) if kind(word[:1])]
    _put(words, chance, places, others or [words[place] for place in places])


def _put(words: list[str], chance: Random, places: Sequence[int], others: Sequence[str]) -> None:
    if places:
        words[chance.choice(places)] = chance.choice(others)
