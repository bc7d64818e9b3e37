"""Random well-typed algorithms over the `MemoryMap` of spec/uefi.layout: every statement, every operator.

They load without a diagnostic. No expression is constant where it could be folded into something that does not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from hypothesis import strategies as st

NUMBERS = {"u8": 8, "u16": 16, "u32": 32, "u64": 64}
SIZES = ("bytes", "pages")
ADDRESSES = ("pa", "va")
WORDS = (*NUMBERS, *SIZES, *ADDRESSES)
TYPES = (*WORDS, "bool", "MemoryType", "MemoryAttribute")
KINDS = ("RESERVED", "LOADER_DATA", "BOOT_SERVICES_CODE", "RUNTIME_SERVICES_DATA", "CONVENTIONAL", "MMIO")
FLAGS = ("UC", "WB", "RP", "XP", "RO", "RUNTIME")
FIELDS = {"type": "MemoryType", "phys_addr": "pa", "num_pages": "pages", "attribute": "MemoryAttribute"}
READABLE = {
    "pa": ("phys_addr", "phys_end"),
    "va": ("virt_addr", "virt_end"),
    "bytes": ("size",),
    "pages": ("num_pages",),
    "bool": ("runtime", "boot_services", "placed", "exported", "dropped"),
    "MemoryType": ("type",),
    "MemoryAttribute": ("attribute",),
}
EXTENDED = """record Extended extends Descriptor {
    serial: u32
    mark tagged
    derive far: pa = phys_end + 4K
}

list ExtendedMap of Extended

"""
FUNCTIONS = """def is_low(region: Descriptor, limit: pa = 4G): bool = region.phys_end <= limit and region.runtime

def lowered(at: va, size: bytes, page: bytes): va = align_down(at -% size, page)

def scaled(number: u64, by: u64): u64 = number *% by

"""
MORE = {"u32": ("serial",), "bool": ("tagged",), "pa": ("far",)}
"""What regions of a record that extends `Descriptor` have beside."""
ADDRESS_STEPS = ("4K", "2M", "0x1000", "PMD_SIZE", "EFI_PAGE", "3K")


@dataclass
class Writer:
    """Writes one algorithm. ``scope`` holds the variables in sight: name, type, and whether it may be assigned to."""

    random: Random
    size: int
    scope: list[tuple[str, str, bool]] = field(default_factory=list)
    count: int = 0
    region: str | None = None
    whole: bool = False
    """Tell whether no region may be split."""
    splits: bool = False
    pieces: bool = False
    """Tell whether regions may be pieces, so that nothing can be chosen for each."""
    extended: bool = False
    """Tell whether the map's record extends the one of spec/uefi.layout."""

    def fresh(self, prefix: str) -> str:
        """A name that is used nowhere yet."""
        self.count += 1
        return f"{prefix}{self.count}"

    def one(self, *options: str) -> str:
        """One of the options."""
        return self.random.choice(options)

    # --- expressions

    def literal(self, kind: str) -> str:
        """A constant of a type."""
        if kind == "bool":
            return self.one("true", "false")
        if kind == "MemoryType":
            return self.one(*KINDS, "MemoryType.PERSISTENT", "11")
        if kind == "MemoryAttribute":
            return self.one(*FLAGS, "RUNTIME | WB", "MemoryAttribute.NV", "0x8")
        if kind in ADDRESSES:
            window = ("EFI_WINDOW.start", "EFI_WINDOW.end") if kind == "va" else ()
            return self.one("0x10_0000", "0xffff_ffff_ffff_f000", "3G", "0", *window)
        if kind == "bytes":
            return self.one("0", "1", "4K", "2M", "64G", "EFI_PAGE", "EFI_WINDOW.size")
        return self.one(
            "0", "1", "2", "7", "255", *(("0x1_0000", "1_000_000") if kind in ("u32", "u64", "pages") else ())
        )

    def variable(self, kind: str) -> str:
        """Something of a type that is no constant. The first variables of an algorithm have every type."""
        names = [name for name, known, _ in self.scope if known == kind]
        if self.region is not None:
            fields = (*READABLE.get(kind, ()), *(MORE.get(kind, ()) if self.extended else ()))
            names += [f"{self.region}.{name}" for name in fields] * 2
        return self.random.choice(names)

    def expression(self, kind: str, depth: int = 3) -> str:
        """An expression of a type, fit to be an operand."""
        if depth <= 0 or self.random.random() < 0.15:
            return self.variable(kind)
        if self.random.random() < 0.1:
            condition, rest = self.expression("bool", depth - 1), self.expression(kind, depth - 1)
            return f"(if {condition} then {self.expression(kind, depth - 1)} else {rest})"
        if kind == "bool":
            return f"({self.boolean(depth - 1)})"
        if kind == "MemoryType":
            return self.one(self.variable(kind), f"({self.expression('u32', depth - 1)} as MemoryType)")
        if kind == "MemoryAttribute":
            return f"({self.flags(depth - 1)})"
        return f"({self.word(kind, depth - 1)})"

    def boolean(self, depth: int) -> str:
        """A condition."""
        ordered, region = self.one(*WORDS), self.one(*TYPES)
        options: list[Callable[[], str]] = [
            lambda: f"{self.expression('bool', depth)} {self.one('and', 'or', '=>')} {self.expression('bool', depth)}",
            lambda: f"not {self.expression('bool', depth)}",
            lambda: (
                f"{self.expression(ordered, depth)} {self.one('<', '<=', '>', '>=')} {self.expression(ordered, depth)}"
            ),
            lambda: f"{self.expression(ordered, depth)} {self.one('<', '<=', '>', '>=')} {self.literal(ordered)}",
            lambda: f"{self.expression(region, depth)} {self.one('==', '!=')} {self.expression(region, depth)}",
            lambda: f"{self.expression('MemoryAttribute', depth)} has {self.one(*FLAGS, '(WB | RUNTIME)')}",
            lambda: f"{self.expression('MemoryType', depth)} in {{{self.one(*KINDS)}, {self.one(*KINDS)}}}",
            lambda: f"{self.expression(self.one(*ADDRESSES), depth)} aligned {self.one(*ADDRESS_STEPS)}",
            lambda: f"{self.expression('bytes', depth)} aligned {self.one(*ADDRESS_STEPS)}",
            lambda: self.literal("bool"),
            lambda: f"is_low({self.region})" if self.region is not None else "not true",
        ]
        return self.random.choice(options)()

    def flags(self, depth: int) -> str:
        """Flags."""
        left = self.expression("MemoryAttribute", depth)
        return self.one(
            f"{left} {self.one('|', '&', '^')} {self.expression('MemoryAttribute', depth)}",
            f"{left} {self.one('|', '&', '^')} {self.one(*FLAGS)}",
            f"{left} & ~{self.one(*FLAGS)}",
            f"~{left}",
            f"{self.literal('u64')} as MemoryAttribute",
        )

    def word(self, kind: str, depth: int) -> str:
        """A number, a size or an address."""
        address = kind in ADDRESSES
        other = "bytes" if address else kind
        value = self.expression(kind, depth)
        bits = NUMBERS.get(kind, 64)
        steps = ADDRESS_STEPS if kind in ("bytes", *ADDRESSES) else ("2", "7", "8")
        options: list[Callable[[], str]] = [
            lambda: f"{value} {self.one('+', '-', '+%', '-%')} {self.expression(other, depth)}",
            lambda: f"{value} {self.one('+', '-', '+%', '-%')} {self.literal(other)}",
            lambda: f"{value} {self.one('<<', '<<%', '>>')} {self.random.randrange(bits)}",
            lambda: f"{value} {self.one('&', '|', '^')} {self.literal(other)}",
            lambda: f"~{value}",
            lambda: f"{self.one('align_down', 'align_up')}({value}, {self.one(*steps)})",
            lambda: f"{self.one('min', 'max')}({value}, {self.expression(kind, depth)})",
            lambda: self.convert(kind, depth),
        ]
        if not address:
            options += [
                lambda: f"{value} {self.one('*', '*%')} {self.one('0', '3', '255')}",
                lambda: f"{self.one('2', '10')} {self.one('*', '*%')} {value}",
                lambda: f"{value} {self.one('/', '%')} {self.one('1', '7', '16') if kind != 'bytes' else '3'}",
            ]
        if kind == "bytes":
            distance = self.one(*ADDRESSES)
            options += [
                lambda: f"{self.expression('pages', depth)} {self.one('*', '*%')} EFI_PAGE",
                lambda: f"{self.expression(distance, depth)} % {self.one(*ADDRESS_STEPS)}",
                lambda: f"{self.expression(distance, depth)} {self.one('-', '-%')} {self.expression(distance, depth)}",
            ]
        if kind == "va":
            options.append(lambda: f"lowered({value}, {self.expression('bytes', depth)}, {self.one(*ADDRESS_STEPS)})")
        if kind == "u64":
            options.append(lambda: f"scaled({value}, {self.one('3', '1_000')})")
            options.append(lambda: f"{self.expression('bytes', depth)} / {self.one('4K', 'PMD_SIZE')}")
        return self.random.choice(options)()

    def convert(self, kind: str, depth: int) -> str:
        """A conversion from another type."""
        source = self.one(*WORDS, "MemoryType")
        return f"{self.expression(source, depth)} {self.one('as', 'as%')} {kind}"

    # --- statements

    def block(self, depth: int, least: int = 0) -> list[str]:
        """Statements, indented, with their own scope."""
        outer = list(self.scope)
        lines: list[str] = []
        for _ in range(self.random.randint(least, 3)):
            lines += self.statement(depth)
        if self.region is not None and self.random.random() < 0.25:
            lines.append(self.one("continue", "break") if self.whole else self.one("continue", "break", self.split()))
        self.scope = outer
        return [f"    {line}" for line in lines]

    def statement(self, depth: int) -> list[str]:
        """One statement."""
        self.size -= 1
        options = [self.declare, self.assign, self.assign, self.compound]
        if self.region is None or not self.pieces:
            options.append(self.choose)
        if self.region is not None:
            options += [self.act, self.act, self.set_field]
        if depth > 0 and self.size > 0:
            options += [lambda: self.conditional(depth)] * 2 + [self.repeated]
        return self.random.choice(options)()

    def declare(self) -> list[str]:
        """A variable or a name for a value."""
        kind, word = self.one(*TYPES), self.one("let", "var")
        value = self.expression(kind)
        name = self.fresh("v")
        self.scope.append((name, kind, word == "var"))
        typed = f": {kind}" if word == "var" or self.random.random() < 0.5 else ""
        return [f"{word} {name}{typed} = {value}"]

    def target(self, kinds: tuple[str, ...]) -> tuple[str, str]:
        """A variable that may be assigned to, and its type."""
        return self.random.choice([(name, kind) for name, kind, mutable in self.scope if mutable and kind in kinds])

    def assign(self) -> list[str]:
        """A plain assignment."""
        name, kind = self.target(TYPES)
        return [f"{name} = {self.random.choice((self.expression, self.literal))(kind)}"]

    def compound(self) -> list[str]:
        """An assignment with an operator."""
        name, kind = self.target((*WORDS, "MemoryAttribute"))
        operator = self.one("|=", "&=") if kind == "MemoryAttribute" else self.one("+=", "-=", "+%=", "-%=", "|=", "&=")
        other = "bytes" if kind in ADDRESSES else kind
        constant = operator in ("|=", "&=") and kind != "MemoryAttribute"
        value = self.literal if constant else self.random.choice((self.expression, self.literal))
        return [f"{name} {operator} {value(other)}"]

    def choose(self) -> list[str]:
        """A free choice."""
        kind, name = self.one("va", "bytes", "u32", "bool"), self.fresh("c")
        if kind == "bool":
            self.scope.append((name, kind, False))
            return [f"choose {name}: bool"]
        bounds = {"va": "EFI_WINDOW.start .. EFI_WINDOW.end", "bytes": "4K .. 4G", "u32": "0 .. 100"}[kind]
        step = self.one("", f" aligned {'8' if kind == 'u32' else '2M'}")
        self.scope.append((name, kind, False))
        return [f"choose {name}: {kind} in {bounds}{step}"]

    def split(self) -> str:
        """The end of a region's turn by which it is split."""
        self.splits = True
        cuts = ", ".join(self.expression("pa") for _ in range(self.random.randint(1, 2)))
        return f"split {self.region} at {cuts}"

    def act(self) -> list[str]:
        """Something done to the region."""
        return [
            self.one(
                f"place {self.region} at {self.expression('va')}",
                *(f"{word} {self.region}" for word in ("export", "drop", "unplace")),
            )
        ]

    def set_field(self) -> list[str]:
        """A field of the region written."""
        fields = {**FIELDS, "serial": "u32", "tagged": "bool"} if self.extended else FIELDS
        name = self.one(*fields)
        kind = fields[name]
        if kind in ("pa", "pages") and self.random.random() < 0.4:
            other = "bytes" if kind == "pa" else "pages"
            if self.random.random() < 0.2:
                return [f"{self.region}.{name} {self.one('&=', '|=')} {self.literal(other)}"]
            return [f"{self.region}.{name} {self.one('+=', '-=', '+%=', '-%=')} {self.expression(other)}"]
        return [f"{self.region}.{name} = {self.expression(kind)}"]

    def repeated(self) -> list[str]:
        """Something that is done again."""
        options = [self.assign, self.compound] + ([self.act, self.set_field] if self.region is not None else [])
        lines = [f"    {line}" for _ in range(self.random.randint(1, 2)) for line in self.random.choice(options)()]
        return [f"while {self.expression('bool')} up to {self.one('0', '1', '3')} {{", *lines, "}"]

    def conditional(self, depth: int) -> list[str]:
        """An `if`, perhaps with `else`."""
        lines = [f"if {self.expression('bool')} {{", *self.block(depth - 1)]
        if self.random.random() < 0.3:
            lines += [f"}} else if {self.expression('bool')} {{", *self.block(depth - 1)]
        if self.random.random() < 0.5:
            lines += ["} else {", *self.block(depth - 1)]
        return [*lines, "}"]

    def walk(self) -> list[str]:
        """A pass."""
        self.region = self.fresh("r")
        before = self.fresh("p") if self.random.random() < 0.2 else ""
        where = f" where {self.expression('bool', 2)}" if self.random.random() < 0.5 else ""
        named = f" with previous {before}" if before else ""
        head = f"for {self.region} in {self.one('', 'reversed ')}map{named}{where} {{"
        self.whole = bool(before)
        lines = [head, *(self.merge(before) if before else ()), *self.block(2, least=1), "}"]
        self.whole = False
        self.region, self.pieces = None, self.splits
        return lines

    def merge(self, before: str) -> list[str]:
        """Something done to the region before."""
        test = self.one(f"{before}.visited", f"not {before}.runtime", f"{before}.phys_end == {self.region}.phys_addr")
        write = self.one(
            f"{before}.num_pages +%= {self.region}.num_pages", f"{before}.type = {self.literal('MemoryType')}"
        )
        return [f"    if {test} {{", f"        {write}", f"        {self.one(f'keep {before}', 'continue')}", "    }"]

    def algorithm(self) -> str:
        """The whole module."""
        lines: list[str] = []
        self.extended = self.random.random() < 0.3
        for kind in TYPES:
            name = self.fresh("v")
            self.scope.append((name, kind, True))
            lines.append(f"var {name}: {kind} = {self.literal(kind)}")
        for _ in range(self.random.randint(1, 3)):
            for _ in range(self.random.randint(0, 2)):
                lines += self.statement(1)
            lines += self.walk()
        body = "".join(f"    {line}\n" for line in lines)
        head = f"use uefi, x86_64\n\n{FUNCTIONS}{EXTENDED if self.extended else ''}"
        return f"{head}algorithm generated(map: {'ExtendedMap' if self.extended else 'MemoryMap'}) {{\n{body}}}\n"


@st.composite
def programs(draw: st.DrawFn) -> str:
    """The text of a module with one well-typed algorithm over `MemoryMap`; it uses spec/uefi and spec/x86_64."""
    seed, size = draw(st.integers(0, 1 << 32)), draw(st.integers(0, 30))
    return Writer(Random(seed), size).algorithm()
