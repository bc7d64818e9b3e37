"""A printer that is not known, described by its user: the columns of its rows.

A description is a row in which fields in braces stand for what varies, `{type} {phys:x}-{last:x} {pages} {attr:x}`, and
all else is what the printer always prints; blanks are any number of blanks. Numbers are decimal unless they begin with
``0x`` or the field says ``:x``. A region needs its type, its first address, its size in one of the ways there are, and
its attributes.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.base.values import frozen
from checker.memmap.descriptor import ATTRIBUTES, PAGE_SIZE, TYPES, U32_MAX, U64_MAX, Descriptor, Format
from checker.memmap.remedies import remedy
from checker.memmap.text.row_grammar import BLANKS, Fault, Grammar, LineFormat, ParsedRow, Piece, from_match

_FORMAT = Format("columns")

_NAMES = {
    "index": "the number of the row, from 0",
    "type": "the memory type, a number or a name",
    "phys": "the first address",
    "virt": "the virtual address",
    "pages": "pages of 4 KiB",
    "bytes": "the size in bytes",
    "end": "the first address behind the region",
    "last": "the last address of the region",
    "attr": "the attributes, a number or names",
    "": "anything",
}
"""The fields of a description, and what each holds."""

_SIZES = ("pages", "bytes", "end", "last")
_FIELD = re.compile(r"\{(\w*)(?::([xd]))?\}")
_TYPE_WORD = r"[A-Za-z][A-Za-z0-9_/()-]*(?: [A-Za-z][A-Za-z0-9_/()-]*){0,4}"
_WORDS = r"[A-Za-z][A-Za-z0-9_]*(?:(?: *[|,+] *| +)[A-Za-z][A-Za-z0-9_]*)*"


def _folded(name: str) -> str:
    """The name of a type or an attribute without what printers write in different ways."""
    return re.sub("^efi|memory|type|services?|[^a-z0-9]", "", name.lower())


_TYPES = {_folded(name): number for name, number in TYPES.items()} | {
    name: number
    for number, names in enumerate(
        (
            ("reserved", "rsvd"),
            ("ldrcode",),
            ("ldrdata",),
            ("bscode", "bootcode"),
            ("bsdata", "bootdata"),
            ("rtcode", "runcode"),
            ("rtdata", "rundata"),
            ("conventional", "available", "conv", "convmem", "free"),
            ("unusable",),
            ("acpireclaim", "acpirecl", "acpirec"),
            ("acpinvs", "acpimemnvs", "acpinonvolatile"),
            ("mmio", "mappedio", "io"),
            ("mmioport", "mappedioportspace", "mmioportspace", "ioport", "ioports"),
            ("palcode", "pal"),
            ("persistent", "pmem"),
            ("unaccepted",),
        )
    )
    for name in names
}
_ATTRIBUTES = {name.lower(): bit for name, bit in ATTRIBUTES.items()} | {
    "run": ATTRIBUTES["RUNTIME"],
    "rt": ATTRIBUTES["RUNTIME"],
    "mr": ATTRIBUTES["MORE_RELIABLE"],
    "cc": ATTRIBUTES["CPU_CRYPTO"],
    "hp": ATTRIBUTES["HOT_PLUGGABLE"],
}


_LONGEST = 1024
"""Characters of a line in which a row is looked for."""


@frozen
class _Field:
    name: str
    hexadecimal: bool

    @property
    def piece(self) -> Piece:
        """The pattern of the field, in a group of its own if it has a name."""
        number = "(?:0x)?[0-9A-Fa-f]{1,16}" if self.hexadecimal else "0x[0-9A-Fa-f]{1,16}|[0-9]{1,20}"
        if not self.name:
            return Piece(".{0,200}?", _NAMES[""])
        if self.name in ("type", "attr"):
            number = f"{number}(?![A-Za-z0-9])|{_TYPE_WORD if self.name == 'type' else _WORDS}"
        return Piece(f"({number})", _NAMES[self.name], r"[\w|]*")


def described(text: str) -> LineFormat | Diagnostic:
    """The format that a description describes, or what is wrong with the description."""
    source = Source("--columns", text)
    pieces: list[Piece] = []
    fields: list[_Field] = []
    position = 0
    for match in _FIELD.finditer(text):
        pieces += _literal(text[position : match.start()])
        position = match.end()
        if match[1] not in _NAMES:
            message = f"there is no field `{match[1]}`"
            return _problem(Span(source, *match.span()), message)
        field = _Field(match[1], match[2] == "x")
        if field.name and any(each.name == field.name for each in fields):
            return _problem(Span(source, *match.span()), f"the field `{match[1]}` is there twice")
        fields.append(field)
        pieces.append(field.piece)
    pieces += _literal(text[position:])
    named = [each for each in fields if each.name]
    names = {each.name for each in named}
    missing = [name for name in ("type", "phys", "attr") if name not in names]
    if names.isdisjoint(_SIZES):
        missing.append("pages")
    if missing or not pieces:
        message = f"the description has no {' and no '.join(f'`{{{name}}}`' for name in missing)}"
        return _problem(Span(source, 0, len(text)), message)
    return _format(Grammar(*pieces), named, pieces)


def _literal(text: str) -> list[Piece]:
    """The pieces of what is always printed; blanks are any number of them."""
    found = []
    for part in re.findall(r"\s+|\S+", text):
        found.append(BLANKS if part.isspace() else Piece(re.escape(part), f"`{part}`", ""))
    return found


def _format(grammar: Grammar, fields: list[_Field], pieces: list[Piece]) -> LineFormat:
    """The format of rows of this grammar. A line holds a row if one stands in it, or else the first word that the
    printer always prints: then it is a damaged one."""
    whole = re.compile(r"(?<!\w)" + grammar.strict.pattern)
    words = (piece.pattern for piece in pieces if re.search("[A-Za-z]{2}", piece.pattern) and piece.expects[:1] == "`")
    mark = re.compile(next(words, "(?!)"))

    def find(text: str) -> int:
        found = whole.search(text[:_LONGEST]) or mark.search(text[:_LONGEST])
        return found.start() if found else -1

    def convert(match: re.Match[str]) -> ParsedRow | Fault:
        values: dict[str, int] = {}
        for group, field in enumerate(fields, 1):
            value = _value(match, group, field)
            if isinstance(value, Fault):
                return value
            values[field.name] = value
        pages = _pages(match, fields, values)
        if isinstance(pages, Fault):
            return pages
        entry = Descriptor(values["type"], values["phys"], pages, values["attr"], values.get("virt", 0))
        return ParsedRow(entry, _FORMAT, values.get("index"))

    return LineFormat((grammar,), find, convert)


def _value(match: re.Match[str], group: int, field: _Field) -> int | Fault:
    """The value of a field: a number, or a name of a type, or names of attributes."""
    text = match[group].strip()
    if re.fullmatch("0x[0-9A-Fa-f]+|[0-9A-Fa-f]+" if field.hexadecimal else "0x[0-9A-Fa-f]+|[0-9]+", text):
        value = int(text, 16 if field.hexadecimal or text.startswith("0x") else 10)
        most = U32_MAX if field.name == "type" else U64_MAX
        if value > most:
            return from_match(MapCode.OUT_OF_RANGE, match, group, f"`{field.name}` is at most {most:#x}")
        return value
    if field.name == "type":
        known = _TYPES.get(_folded(text))
        if known is None:
            return from_match(MapCode.UNKNOWN_TYPE, match, group, f"`{text[:60]}` is not a memory type")
        return known
    value = 0
    for word in re.split(r"[\s|,+]+", text):
        bit = _ATTRIBUTES.get(word.lower().removeprefix("efi_memory_"))
        if bit is None:
            return from_match(MapCode.UNKNOWN_ATTRIBUTE, match, group, f"`{word[:60]}` is not an attribute")
        value |= bit
    return value


def _pages(match: re.Match[str], fields: list[_Field], values: dict[str, int]) -> int | Fault:
    """The number of pages, by what the row says of the size; a fault if it says it twice, and otherwise."""
    sizes = {name: values[name] for name in _SIZES if name in values}
    counted: dict[str, int] = {}
    for name, value in sizes.items():
        size = {
            "pages": value * PAGE_SIZE,
            "bytes": value,
            "end": (value - values["phys"]) & U64_MAX,
            "last": (value + 1 - values["phys"]) & U64_MAX,
        }[name]
        group = 1 + [each.name for each in fields].index(name)
        if size % PAGE_SIZE:
            message = f"the region is {size:#x} bytes long, which is not a whole number of pages (0x1000 bytes)"
            return from_match(MapCode.PARTIAL_PAGE, match, group, message)
        counted[name] = size // PAGE_SIZE
        if len(set(counted.values())) > 1:
            return from_match(MapCode.PAGES_DISAGREE, match, group, "the size is another one than the row said before")
    return next(iter(counted.values()))


def _problem(span: Span, message: str) -> Diagnostic:
    return Diagnostic(MapCode.BAD_COLUMNS, message, span, help=remedy(MapCode.BAD_COLUMNS))
