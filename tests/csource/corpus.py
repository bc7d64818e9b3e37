"""The small programs in C, each about one rule, with the numbers and the maps that they are run on."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.oracles.compiled import Library, compile_library

PROGRAMS = Path(__file__).parent / "programs"
SHIM = (PROGRAMS / "shim.h").read_text(encoding="utf-8")

CALLS = 240
"""How often each program that takes numbers is called."""

MAPS = 80
"""The maps on which each program that walks over one is run."""

FIELDS = ("type", "pad", "phys_addr", "virt_addr", "num_pages", "attribute")
"""The fields of a descriptor, as they stand in memory."""

EDGES = (
    *range(10),
    *(15, 16, 100, 127, 128, 200, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF),
    *(0x100000000, 0x1FFFFF, 0x200000, (1 << 52) - 1, 1 << 52, (1 << 63) - 1, 1 << 63, (1 << 64) - 4096, (1 << 64) - 1),
)

Region = dict[str, int]
"""A descriptor by its fields."""

_TYPES: dict[str, type[ctypes._SimpleCData[int]]] = {"u64": ctypes.c_uint64, "u32": ctypes.c_uint32}

_HEAD = re.compile(r"/\*\n \* (?P<rule>.+)\n \* otherwise: (?P<right>.+) => (?P<wrong>.+)\n \*/\n")

_AT_FILE_LEVEL = re.compile(
    r"^(?:static|typedef|enum)\b[^;={]*?(\w+)(?=\s*(?:;|=|\())|^static [^;]*?\b(\w+);$", re.MULTILINE
)

_MACROS = set(re.findall(r"^#define (\w+)", SHIM, re.MULTILINE))


class Descriptor(ctypes.Structure):
    """A descriptor in memory: efi_memory_desc_t."""

    _fields_ = [(name, ctypes.c_uint32 if name in ("type", "pad") else ctypes.c_uint64) for name in FIELDS]


@dataclass(frozen=True)
class Program:
    """A program about one rule; its state lives from call to call.

    ``otherwise`` is the text of a twin that breaks the rule, and so tells the rule apart.
    """

    name: str
    rule: str
    text: str
    otherwise: str

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The types and names of the numbers that it is called with."""
        found = re.search(rf"^u64 {self.name}\((.*)\)$", self.text, re.MULTILINE)
        assert found, self.name
        return tuple((kind, name) for kind, name in (each.split(" ") for each in found[1].split(", ")))

    def calls(self) -> list[tuple[int, ...]]:
        """Draw the numbers of each call."""
        random = Random(self.name)
        sizes = [8 * ctypes.sizeof(_TYPES[kind]) for kind, _ in self.parameters]
        return [tuple(_number(random, size) for size in sizes) for _ in range(CALLS)]

    def maps(self) -> list[list[Region]]:
        """Draw maps of few regions, the first of which has none."""
        random = Random(self.name)
        return [[_region(random) for _ in range(random.randrange(1, 7) if number else 0)] for number in range(MAPS)]


def _number(random: Random, size: int) -> int:
    """Draw an edge, a number near one, or any of as many bits as may be."""
    kind = random.randrange(4)
    if kind == 0:
        return random.randrange(10)
    if kind == 1:
        return int(random.choice(EDGES) + random.randrange(-2, 3)) % (1 << size)
    return random.getrandbits(random.randrange(1, size + 1))


def _region(random: Random) -> Region:
    return {
        "type": random.choice((3, 4, 5, 6, 7, 7, _number(random, 32))),
        "pad": 0,
        "phys_addr": _number(random, 64),
        "virt_addr": 0,
        "num_pages": random.choice((random.randrange(8), _number(random, 64))),
        "attribute": _number(random, 64),
    }


def programs(kind: str) -> dict[str, Program]:
    """Read the programs that take numbers (`calls`), or those that walk over a map (`walks`), by name."""
    return {path.stem: _read(path) for path in sorted((PROGRAMS / kind).glob("*.c"))}


def _read(path: Path) -> Program:
    whole = path.read_text(encoding="utf-8")
    head = _HEAD.match(whole)
    assert head, f"{path.name} does not say what it is about"
    text = whole[head.end() :]
    right = re.compile(rf"(?<!\w){re.escape(head['right'])}(?!\w)")
    assert right.search(text), f"{path.name} has no `{head['right']}`"
    return Program(path.stem, head["rule"], text, right.sub(lambda _: head["wrong"], text))


def compiled(found: Sequence[Program], folder: Path) -> Library:
    """Make one library of all programs and their twins, whose names end in `_otherwise`."""
    texts = (part for program in found for part in _parts(program))
    return compile_library("\n".join((SHIM, "efi_memory_desc_t *map_begin, *map_end;", *texts)), folder)


def _parts(program: Program) -> Iterator[str]:
    for ending, text in (("", program.text), ("_otherwise", program.otherwise)):
        yield _apart(text, program.name, ending)
        yield from (f"#undef {name}" for name in set(re.findall(r"^#define (\w+)", text, re.MULTILINE)) - _MACROS)


def _apart(text: str, name: str, ending: str) -> str:
    """Give what a text knows at its file's level names of its own, so that one file can hold all."""
    members = [word for found in re.findall(r"^enum \w+ \{(.*)\}", text, re.MULTILINE) for word in found.split(",")]
    known = {name, *(one or other for one, other in _AT_FILE_LEVEL.findall(text))}
    known |= {member.split("=")[0].strip() for member in members} | set(re.findall(r"^enum (\w+)", text, re.MULTILINE))
    for word in known:
        new = f"{name}{ending}" if word == name else f"{word}_of_{name}{ending}"
        text = re.sub(rf"\b{word}\b", new, text)
    return text


def answers(library: Library, program: Program, ending: str = "") -> list[int]:
    """Return what a compiled program says, call by call, its state fresh at first."""
    kinds = [_TYPES[kind] for kind, _ in program.parameters]
    function = library.function(f"{program.name}{ending}", kinds, ctypes.c_uint64)
    library.reset()
    return [int(function(*call)) for call in program.calls()]


def layouts(library: Library, program: Program, ending: str = "") -> list[list[Region]]:
    """Return what a compiled program makes of each map, its state fresh for each."""
    return [walked(library, f"{program.name}{ending}", regions) for regions in program.maps()]


def walked(library: Library, name: str, regions: Sequence[Region]) -> list[Region]:
    """Run a function that walks over a map, its state fresh, and return the map as it is then."""
    memory = (Descriptor * len(regions))(*(Descriptor(**region) for region in regions))
    begin = ctypes.addressof(memory)
    library.reset()
    library.pointer("map_begin").value = begin
    library.pointer("map_end").value = begin + ctypes.sizeof(memory)
    library.function(name, (), None)()
    return [{field: getattr(each, field) for field in FIELDS} for each in memory]
