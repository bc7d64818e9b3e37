"""Random typed scenarios, built as trees: every statement, operator and formula, within what the encoding can express.

The tree is made directly, not from text: that is quick, and reaches forms that the language would fold away. Names are
few, so that blocks use the same name for different things. All chance comes from one seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from random import Random

from checker import program as p
from checker.base.diagnostic import Source, Span
from checker.interpret import Values
from checker.interpret.evaluate import Environment, in_formula
from checker.program import lower, walk
from checker.program import types as t
from checker.program.valuation import Column

ENUM = t.Enumeration("Kind", 32, (("A", 0), ("B", 5), ("C", 11)))
FLAGS = t.Flags("Attribute", 64, (("X", 1), ("Y", 0x4000), ("Z", 1 << 63)))
LOW = t.Flags("Low", 32, (("X", 1), ("Y", 0x4000)))

RECORD = p.Record(
    "Descriptor",
    (
        ("type", ENUM),
        ("phys_addr", t.PA),
        ("virt_addr", t.VA),
        ("num_pages", t.PAGES),
        ("attribute", FLAGS),
        ("tag", t.U8),
        ("low", LOW),
        ("present", t.BOOL),
        ("flat", t.PA),
        ("seen1", t.BOOL),
        (p.placed_by("flat"), t.BOOL),
    ),
    "virt_addr",
    ("seen1", p.placed_by("flat")),
)

EXTENT = p.Extent("phys_addr", "num_pages", 4096)

NUMBERS = (t.U8, t.U16, t.U32, t.U64, t.PA, t.VA, t.BYTES, t.PAGES)
KINDS: tuple[t.Type, ...] = (*NUMBERS, ENUM, FLAGS, LOW, t.BOOL)
WORDS: tuple[t.Type, ...] = (FLAGS, LOW)
STEPS = (1, 2, 3, 8, 1000, 0x1000, 0x3000, 0x10_0000, 0x20_0000, 1 << 30)
MASKS = (0, 1, 0xFFF, 0xFFFF_F000, 0x0F0F_00F1, 0x7FE0_1000, 0xFFFF_FFFF_FFE0_0000, 0x8000_0000_0000_0001)
MAP, OTHER = "map", "other"
ORDERS = (p.Relation.ANY, p.Relation.BEFORE, p.Relation.NEXT)
"""How the two regions of a pair may stand to each other."""


def for_each(regions: p.Regions, where: p.Expr, body: p.Expr, span: Span) -> p.ForAll:
    """Something said of every region ``r``."""
    return p.ForAll((p.Binder("r", regions),), p.Relation.ANY, where, body, None, span)


def for_two(
    regions: p.Regions, others: p.Regions, relation: p.Relation, where: p.Expr, body: p.Expr, span: Span
) -> p.ForAll:
    """Something said of every two regions ``a`` and ``b``."""
    return p.ForAll((p.Binder("a", regions), p.Binder("b", others)), relation, where, body, None, span)


@dataclass(frozen=True)
class Seen:
    """What an expression may look at."""

    scalars: tuple[tuple[str, t.Type], ...] = ()
    regions: tuple[str, ...] = ()
    exact: bool = False
    """Whether it stands in a formula."""

    def with_region(self, *names: str) -> Seen:
        return Seen(self.scalars, names, self.exact)


@dataclass
class Maker:
    """Makes one scenario."""

    random: Random
    size: int = 25
    spans: int = 0
    chosen: int = 0
    exports: bool = False
    splits: bool = False
    """Tell whether regions are split; then nothing is chosen in passes."""
    befores: bool = False
    ends: bool = False
    """Tell whether what is checked is about what runs end with."""
    totals: bool = False
    """Tell whether totals are compared in what is checked."""
    rooms: bool = False
    """Tell whether addresses are chosen in passes that have room beside what is placed."""
    """Tell whether passes look at the region before, and write to it."""
    source: Source = field(default_factory=lambda: Source("generated", " " * 4096))

    def span(self) -> Span:
        """A place of its own for everything that may be reported."""
        self.spans += 1
        return Span(self.source, self.spans % 4000, self.spans % 4000 + 1)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # --- values

    def value(self, kind: t.Type, step: int = 1) -> int:
        """A value of a type, mostly where things change; a multiple of ``step``."""
        bits = t.width(kind)
        if isinstance(kind, t.Boolean):
            return self.random.randrange(2)
        if isinstance(kind, t.Enumeration):
            return self.random.choice((0, 5, 11, self.random.randrange(1 << 32)))
        top = 1 << bits
        power = 1 << self.random.randrange(bits)
        edge = self.random.choice((0, 1, 2, top - 1, top - 0x1000, power - 1, power, power + 1, power + 0x1000))
        large = self.random.choice((0x20_0000 - 0x1000, 0x20_0000, 0x20_1000, 0x3F_F000, 0xFFFF_FFEF_0000_0000))
        value = self.random.choice((edge, large, self.random.randrange(top), self.random.randrange(16)))
        if kind is t.PAGES and self.chance(0.6):
            value = self.random.choice((0, 1, 2, 511, 512, 513, 1 << 24, 1 << 52, (1 << 52) - 1))
        return value % top // step * step

    def constant(self, kind: t.Type) -> p.Const:
        return p.Const(kind, self.value(kind))

    # --- expressions

    def leaf(self, kind: t.Type, seen: Seen) -> p.Expr:
        options: list[p.Expr] = [
            p.Var(k, name, name.partition(".")[0] if "." in name else "") for name, k in seen.scalars if k == kind
        ]
        for region in seen.regions:
            options += [p.Field(k, region, name) for name, k in RECORD.fields if k == kind] * 2
            if kind == t.BOOL:
                options += [p.Field(t.BOOL, region, mark) for mark in p.MARKS]
        return self.random.choice(options) if options and self.chance(0.85) else self.constant(kind)

    def expr(self, kind: t.Type, seen: Seen, depth: int = 3) -> p.Expr:
        if depth <= 0 or self.chance(0.2):
            return self.leaf(kind, seen)
        if self.chance(0.08):
            test = self.expr(t.BOOL, seen, depth - 1)
            return p.IfElse(kind, test, self.expr(kind, seen, depth - 1), self.expr(kind, seen, depth - 1))
        if isinstance(kind, t.Boolean):
            return self.condition(seen, depth - 1)
        if isinstance(kind, t.Flags):
            return self.word(kind, seen, depth - 1)
        if isinstance(kind, t.Enumeration):
            return self.convert(kind, self.random.choice((t.U8, t.U32, t.U64)), seen, depth - 1)
        return self.number(kind, seen, depth - 1)

    def condition(self, seen: Seen, depth: int) -> p.Expr:
        choice = self.random.randrange(8)
        if choice == 0:
            return p.Not(self.expr(t.BOOL, seen, depth), t.BOOL)
        if choice in (1, 2):
            junction = self.random.choice(list(p.Junction))
            return p.Logic(junction, self.expr(t.BOOL, seen, depth), self.expr(t.BOOL, seen, depth), t.BOOL)
        kind = self.random.choice(KINDS)
        rels = list(p.Rel) if isinstance(kind, t.Integer) else [p.Rel.EQ, p.Rel.NE]
        left = self.expr(kind, seen, depth)
        right = self.expr(kind, seen, depth) if self.chance(0.6) else self.constant(kind)
        if choice == 3 and isinstance(kind, t.Integer):
            step = self.random.choice([s for s in STEPS if s >> t.width(kind) == 0])
            left, right = p.Arith(kind, p.Op.MOD, left, p.Const(kind, step), True, self.span()), p.Const(kind, 0)
            rels = [p.Rel.EQ]
        return p.Compare(self.random.choice(rels), left, right, t.BOOL)

    def word(self, kind: t.Flags, seen: Seen, depth: int) -> p.Expr:
        left = self.expr(kind, seen, depth)
        match self.random.randrange(5):
            case 0:
                return p.Complement(kind, left)
            case 1:
                other = LOW if kind == FLAGS else FLAGS
                return p.Convert(kind, self.expr(other, seen, depth), self.chance(0.5), self.span())
            case _:
                op = self.random.choice((p.Op.AND, p.Op.OR, p.Op.XOR))
                right = self.expr(kind, seen, depth) if self.chance(0.5) else self.constant(kind)
                return p.Arith(kind, op, left, right, True, self.span())

    def convert(self, kind: t.Type, source: t.Type, seen: Seen, depth: int) -> p.Expr:
        return p.Convert(kind, self.expr(source, seen, depth), self.chance(0.5), self.span())

    def number(self, kind: t.Integer, seen: Seen, depth: int) -> p.Expr:
        bits, steps = kind.width, [s for s in STEPS if s >> kind.width == 0]
        match self.random.randrange(12):
            case 0 | 1 | 2 | 3:
                op = self.random.choice((p.Op.ADD, p.Op.SUB))
                other = t.BYTES if kind.is_address else kind
                right = self.expr(other, seen, depth)
                return p.Arith(kind, op, self.expr(kind, seen, depth), right, self.chance(0.7), self.span())
            case 4:
                if kind is t.BYTES and self.chance(0.5):
                    pages = self.expr(t.PAGES, seen, depth)
                    return p.Arith(kind, p.Op.MUL, pages, p.Const(t.BYTES, 4096), self.chance(0.5), self.span())
                factor = p.Const(kind, self.random.choice((0, 1, 2, 3, 255)))
                operands = [self.expr(kind, seen, depth), factor]
                self.random.shuffle(operands)
                return p.Arith(kind, p.Op.MUL, operands[0], operands[1], self.chance(0.6), self.span())
            case 5:
                op = self.random.choice((p.Op.DIV, p.Op.MOD))
                by = p.Const(kind, self.random.choice(steps))
                return p.Arith(kind, op, self.expr(kind, seen, depth), by, True, self.span())
            case 6:
                amount = p.Const(t.U64, self.random.randrange(min(bits, 14)))
                op = self.random.choice((p.Op.SHL, p.Op.SHR))
                wraps = op is p.Op.SHR or self.chance(0.7)
                return p.Arith(kind, op, self.expr(kind, seen, depth), amount, wraps, self.span())
            case 7:
                op = self.random.choice((p.Op.AND, p.Op.OR, p.Op.XOR))
                mask = p.Const(kind, self.random.choice(MASKS) % (1 << bits))
                operands = [self.expr(kind, seen, depth), mask]
                self.random.shuffle(operands)
                return p.Arith(kind, op, operands[0], operands[1], True, self.span())
            case 8 | 9:
                return p.AlignDown(kind, self.expr(kind, seen, depth), self.random.choice(steps))
            case 10:
                return p.Complement(kind, self.expr(kind, seen, depth))
            case _:
                return self.convert(kind, self.random.choice((*NUMBERS, ENUM)), seen, depth)

    # --- statements

    def unused(self, scope: list[tuple[str, t.Type, bool]]) -> str:
        used = {name for name, _, _ in scope}
        return next(name for name in (f"v{i}" for i in range(100)) if name not in used)

    def statements(self, scope: list[tuple[str, t.Type, bool]], region: str | None, depth: int) -> list[p.Statement]:
        """A block; what it declares is gone at its end."""
        inner, found = list(scope), list[p.Statement]()
        for _ in range(self.random.randint(0 if depth < 2 else 1, 3)):
            found += self.statement(inner, region, depth)
        if region is not None and self.chance(0.15):
            found.append(p.Leave(p.Exit.PASS if self.chance(0.5) else p.Exit.TURN))
        elif region is not None and self.splits and self.chance(0.25):
            found.append(self.split(Seen(tuple((name, kind) for name, kind, _ in inner), (region,)), region))
        return found

    def split(self, seen: Seen, region: str) -> p.Split:
        """A region split at addresses that may be in it."""
        start = p.Field(t.PA, region, "phys_addr")
        moving = [name for name, kind in seen.scalars if kind == t.PA]

        def address() -> p.Expr:
            if moving and self.chance(0.5):
                return p.Var(t.PA, self.random.choice(moving))
            if self.chance(0.3):
                return self.expr(t.PA, seen, 1)
            distance = p.Const(t.BYTES, self.random.choice((0, 1, 4096, 4096, 8192, 0x2800, 0x20_0000)))
            return p.Arith(t.PA, p.Op.ADD, start, distance, True, self.span())

        return p.Split(region, EXTENT, tuple(address() for _ in range(self.random.randint(1, 2))))

    def statement(
        self, scope: list[tuple[str, t.Type, bool]], region: str | None, depth: int
    ) -> tuple[p.Statement, ...]:
        self.size -= 1
        seen = Seen(tuple((name, kind) for name, kind, _ in scope), () if region is None else (region,))
        choice = self.random.randrange(12 if region is None else 20)
        assignable = [(name, kind) for name, kind, mutable in scope if mutable]
        if choice < 2:
            kind = self.random.choice(KINDS)
            made = p.Declare(self.unused(scope), kind, self.expr(kind, seen))
            scope.append((made.name, kind, True))
            return (made,)
        if self.rooms and region is not None and choice in (2, 13, 14, 15):
            return self.choose_beside(scope, region)
        if choice == 2 and (region is None or not self.splits):
            return (self.choose(scope, seen),)
        if choice < 6 and depth > 0 and self.size > 0:
            condition = self.expr(t.BOOL, seen)
            if assignable and self.chance(0.25):
                again = tuple(self.again(assignable, region, seen) for _ in range(self.random.randint(1, 3)))
                return lower.repeat(condition, self.random.randint(0, 3), again, self.span())
            then = self.statements(scope, region, depth - 1)
            return (p.If(condition, tuple(then), tuple(self.statements(scope, region, depth - 1))),)
        if choice < 12 and assignable:
            name, kind = self.random.choice(assignable)
            return (p.Assign(name, self.expr(kind, seen)),)
        if region is None:
            made = p.Declare(self.unused(scope), t.VA, self.expr(t.VA, seen))
            scope.append((made.name, t.VA, True))
            return (made,)
        if choice < 16:
            place = self.random.choice(("virt_addr", "virt_addr", "flat"))
            if self.chance(0.1):
                return lower.unplace(region, RECORD.placed(place))
            return lower.place(region, place, self.expr(RECORD.type_of(place), seen), RECORD.placed(place))
        if choice == 16:
            self.exports = True
            return (p.Export(region),)
        if choice == 17:
            return lower.drop(region)
        placing = {*RECORD.placements, *RECORD.placed_marks}
        name, kind = self.random.choice([f for f in RECORD.fields if f[0] not in placing])
        return (p.SetField(region, name, self.expr(kind, seen)),)

    def again(self, assignable: list[tuple[str, t.Type]], region: str | None, seen: Seen) -> p.Statement:
        """What may be done more than once in a turn: a variable or a field gets a value."""
        if region is not None and self.chance(0.4):
            name, kind = self.random.choice([f for f in RECORD.fields if f[0] not in RECORD.placements])
            return p.SetField(region, name, self.expr(kind, seen, 2))
        name, kind = self.random.choice(assignable)
        return p.Assign(name, self.expr(kind, seen, 2))

    def room(self, region: str) -> p.Clearance:
        """Room for a region, whose size may be anything that its fields say."""
        pages = p.Field(t.PAGES, region, "num_pages")
        size: p.Expr = p.Arith(t.BYTES, p.Op.MUL, pages, p.Const(t.BYTES, 4096), False, self.span())
        if self.chance(0.3):
            size = self.expr(t.BYTES, Seen((), (region,), exact=True), 2)
        places = [("virt_addr", p.PLACED), ("flat", p.placed_by("flat"))]
        return p.Clearance(region, tuple(places[: self.random.randint(1, 2)]), size)

    def choose_beside(self, scope: list[tuple[str, t.Type, bool]], region: str) -> tuple[p.Statement, ...]:
        """An address beside other regions, of few so that they are in each other's way, at which the region is put."""
        self.chosen += 1
        low = p.Const(t.VA, self.random.choice((0, 0x1000, 0xFFFF_FFEF_0000_0000, (1 << 64) - 0x2000)))
        high = p.Const(t.VA, min((1 << 64) - 1, low.value + (1 << self.random.randrange(1, 26))))
        alignment = self.random.choice((1, 1, 4096))
        made = p.Choose(f"c{self.chosen}", t.VA, low, high, alignment, self.room(region))
        scope.append((made.name, t.VA, False))
        place = lower.place(region, "virt_addr", p.Var(t.VA, made.name), p.PLACED)
        return (made, *(place if self.chance(0.8) else ()))

    def choose(self, scope: list[tuple[str, t.Type, bool]], seen: Seen) -> p.Choose:
        kind = self.random.choice((t.VA, t.BYTES, t.U8, t.U32))
        self.chosen += 1
        if self.chance(0.2):
            either = lower.choose_truth(f"c{self.chosen}")
            scope.append((either.name, either.type, False))
            return either
        low = self.expr(kind, seen, 1)
        high: p.Expr = self.expr(kind, seen, 1)
        if self.chance(0.8):
            step = t.BYTES if kind.is_address else kind
            high = p.Arith(kind, p.Op.ADD, low, p.Const(step, 1 + self.value(step)), True, self.span())
        alignment = self.random.choice([s for s in (1, 1, 3, 8, 4096) if s >> kind.width == 0])
        made = p.Choose(f"c{self.chosen}", kind, low, high, alignment)
        scope.append((made.name, kind, False))
        return made

    def walk(self, scope: list[tuple[str, t.Type, bool]]) -> p.Pass:
        region = self.random.choice(("r", "region"))
        seen = Seen(tuple((name, kind) for name, kind, _ in scope), (region,))
        where = p.Const(t.BOOL, 1) if self.chance(0.4) else self.expr(t.BOOL, seen, 2)
        made = p.Pass(region, self.chance(0.4), where, tuple(self.statements(scope, region, 2)), span=self.span())
        made = replace(made, body=self.in_turn(made.body, scope, region))
        if self.befores and self.chance(0.3):
            numbers = [
                n for n, kind in RECORD.inputs if isinstance(kind, t.Integer) and n not in walk.writes(made.body)
            ]
            return replace(made, key=self.random.choice(numbers)) if numbers else made
        return made

    def in_turn(
        self, body: tuple[p.Statement, ...], scope: Sequence[tuple[str, t.Type, bool]], region: str
    ) -> tuple[p.Statement, ...]:
        """Mostly, a turn that takes the next place from a cursor, before or after all else: where regions come to lie
        tells then in which order they had their turns. What else is drawn stays as it would be without."""
        outer, self.random = self.random, Random(self.spans)
        cursors = [name for name, kind, mutable in scope if mutable and kind == t.VA]
        if cursors and not self.splits and self.chance(0.85):
            cursor = p.Var(t.VA, self.random.choice(cursors))
            pages = p.Field(t.PAGES, region, "num_pages")
            size = p.Arith(t.BYTES, p.Op.MUL, pages, p.Const(t.BYTES, 4096), True, self.span())
            step: p.Expr = self.random.choice((size, p.Const(t.BYTES, 4096)))
            way = self.random.choice((p.Op.ADD, p.Op.SUB))
            move = p.Assign(cursor.name, p.Arith(t.VA, way, cursor, step, True, self.span()))
            place = lower.place(region, "virt_addr", cursor, p.PLACED)
            taken = (move, *place) if self.chance(0.5) else (*place, move)
            body = (*taken, *body) if _ends(body) or self.chance(0.5) else (*body, *taken)
        self.random = outer
        return body

    def walks(self, scope: list[tuple[str, t.Type, bool]]) -> tuple[p.Statement, ...]:
        """A pass, mostly one that looks at the region before."""
        made = self.walk(scope)
        if not self.befores or self.chance(0.3):
            return (made,)
        seen = Seen(tuple((name, kind) for name, kind, _ in scope), (made.variable, "q"))
        visited = p.Field(t.BOOL, "q", p.VISITED)
        condition = self.expr(t.BOOL, seen, 2)
        if self.chance(0.5):
            condition = p.Logic(p.Junction.AND, visited, condition, t.BOOL)
        then: list[p.Statement] = []
        for _ in range(self.random.randint(0, 2)):
            name, kind = self.random.choice([f for f in RECORD.fields if f[0] != "virt_addr"])
            if name != made.key:
                then.append(p.SetField(self.random.choice(("q", "q", made.variable)), name, self.expr(kind, seen, 2)))
        kept = self.span()
        if self.chance(0.5):
            then.append(p.Leave(p.Exit.TURN, span=kept))
        first = p.If(condition, tuple(then), ())
        body = (*made.body, first) if self.chance(0.3) and not _ends(made.body) else (first, *made.body)
        kinds = dict(RECORD.fields)
        whole = replace(made, body=body)
        return lower.with_previous(whole, "q", frozenset({kept}), lambda name: kinds.get(name, t.BOOL))

    def body(self, scope: list[tuple[str, t.Type, bool]], depth: int) -> list[p.Statement]:
        """Top-level statements, with passes among them."""
        scope, found = list(scope), []
        for _ in range(self.random.randint(1, 2)):
            for _ in range(self.random.randint(0, 2)):
                found += self.statement(scope, None, 1)
            if depth and self.chance(0.35):
                seen = Seen(tuple((name, kind) for name, kind, _ in scope))
                condition = self.expr(t.BOOL, seen, 2)
                otherwise = self.body(scope, depth - 1) if self.chance(0.6) else []
                found.append(p.If(condition, tuple(self.body(scope, depth - 1)), tuple(otherwise)))
            else:
                found += self.walks(scope)
        return found

    def algorithm(self, name: str) -> p.Algorithm:
        self.exports, self.chosen = False, 0
        parameters = (("p0", t.VA, None), ("p1", self.random.choice(KINDS), None))
        scope: list[tuple[str, t.Type, bool]] = [(n, k, False) for n, k, _ in parameters]
        start = [p.Declare("cursor", t.VA, self.expr(t.VA, Seen(tuple((n, k) for n, k, _ in scope)), 1))]
        scope.append(("cursor", t.VA, True))
        body = (*start, *self.body(scope, 1))
        return p.Algorithm(name, RECORD, MAP, parameters, body, None, self.exports, self.span())

    # --- formulas

    def regions(self, name: str, scalars: Seen) -> p.Regions:
        if self.chance(0.7):
            return p.Regions(name, "", p.Const(t.BOOL, 1))
        return p.Regions(name, "x", self.expr(t.BOOL, scalars.with_region("x"), 2))

    def condition_about(self, region: str, scalars: Seen) -> p.Expr:
        return p.Const(t.BOOL, 1) if self.chance(0.3) else self.expr(t.BOOL, scalars.with_region(region), 2)

    def quantified(self, names: Sequence[str], scalars: Seen) -> p.ForAll:
        regions, choice = self.regions(self.random.choice(names), scalars), self.random.randrange(7)
        if choice < 3:
            where = self.condition_about("r", scalars)
            body = self.expr(t.BOOL, scalars.with_region("r"))
            return for_each(regions, where, body, self.span())
        body = self.expr(t.BOOL, scalars.with_region("a", "b"))
        if choice == 3:
            others = self.regions(self.random.choice(names), scalars)
            where = self.condition_about("a", scalars)
            return for_two(regions, others, p.Relation.SAME, where, body, self.span())
        order = self.random.choice(ORDERS)
        where = p.Const(t.BOOL, 1) if self.chance(0.3) else self.expr(t.BOOL, scalars.with_region("a", "b"), 2)
        return for_two(regions, regions, order, where, body, self.span())

    def numbered(self, formula: p.ForAll, scalars: Seen) -> p.ForAll:
        """Now and then, the formula said of each number below a bound as well, or of two. What else is drawn stays as
        it would be without."""
        outer, self.random = self.random, Random(self.spans)
        within = scalars.with_region(*(formula.variables if formula.within else formula.variables[:1]))
        indices: list[p.Index] = []
        while self.chance(0.4 if indices else 0.2) and len(indices) < 2:
            kind = self.random.choice((t.PAGES, t.PAGES, t.U64, t.U8, t.BYTES))
            indices.append(p.Index(f"k{len(indices)}", kind, self.expr(kind, within, 2)))
            within = replace(within, scalars=(*within.scalars, (indices[-1].variable.name, kind)))
        if indices:
            everything = replace(within, regions=formula.variables)
            where = p.Logic(p.Junction.AND, formula.where, self.expr(t.BOOL, within, 2), t.BOOL)
            junction = self.random.choice(tuple(p.Junction))
            body = p.Logic(junction, formula.body, self.expr(t.BOOL, everything, 2), t.BOOL)
            formula = replace(formula, where=where, body=body, indices=tuple(indices))
        self.random = outer
        return formula

    def total(self, name: str, scalars: Seen) -> p.TotalAtMost:
        kind = self.random.choice((t.BYTES, t.PAGES, t.U64, t.U8))
        where = self.condition_about("r", scalars)
        everything = p.Regions(name, "", p.Const(t.BOOL, 1))
        amount = self.expr(kind, scalars.with_region("r"))
        return p.TotalAtMost(everything, "r", where, amount, self.value(t.U64), self.span())

    def compared(self, names: Sequence[str], scalars: Seen) -> p.TotalsAtMost:
        """Some totals of one kind, in maps and layouts, that are at most something together."""
        kind = self.random.choice((t.BYTES, t.PAGES, t.U64, t.U8))
        totals = []
        for _ in range(self.random.randint(1, 3)):
            where = self.condition_about("r", scalars)
            amount: p.Expr = p.Const(kind, 1)
            if self.chance(0.7):
                amount = self.expr(kind, scalars.with_region("r"))
            regions = p.Regions(self.random.choice(names), "", p.Const(t.BOOL, 1))
            totals.append(p.Total(regions, "r", where, amount, self.random.choice((1, -1))))
        bound = self.random.choice((0, 0, 1, -1, 2, self.value(kind), -self.value(kind)))
        return p.TotalsAtMost(tuple(totals), bound, self.span())

    def plain(self, scalars: Seen) -> p.Plain:
        return p.Plain(self.expr(t.BOOL, scalars), self.span())

    def aligned(self, map_name: str, name: str, step: int) -> p.ForAll:
        """An assumption that gives a field a scale."""
        kind = RECORD.type_of(name)
        remainder = p.Arith(t.BYTES, p.Op.MOD, p.Field(kind, "r", name), p.Const(t.BYTES, step), True, self.span())
        body = p.Compare(p.Rel.EQ, remainder, p.Const(t.BYTES, 0), t.BOOL)
        everything = p.Regions(map_name, "", p.Const(t.BOOL, 1))
        return for_each(everything, p.Const(t.BOOL, 1), body, self.span())

    # --- scenarios

    def handover(self, name: str) -> p.Handover:
        where = p.Const(t.BOOL, 1) if self.chance(0.3) else self.expr(t.BOOL, Seen((), ("h",), exact=True), 2)
        widths = []
        for field_name, kind in RECORD.inputs:
            if self.chance(0.85):
                whole = max(8, t.width(kind))
                widths.append((field_name, self.random.choice([w for w in (8, 16, 32) if w <= whole] + [whole] * 6)))
        return p.Handover(name, "h", where, tuple(widths), self.random.choice(list(p.Travel)), None, self.span())

    def runs(self, given: tuple[tuple[str, t.Type], ...]) -> tuple[tuple[p.GivenMap, ...], list[p.Run]]:
        """One kernel; two on one map, or on two maps that are alike; one after another, or any number of them."""
        seen = Seen(given)
        maps = [p.GivenMap(MAP, RECORD)]

        def run(name: str, source: str, algorithm: p.Algorithm, *, handed: bool, chained: bool = False) -> p.Run:
            arguments = tuple(self.expr(kind, seen, 2) for _, kind, _ in algorithm.parameters)
            return p.Run(name, algorithm, source, self.handover("h") if handed else None, arguments, chained)

        runs = [run("first", MAP, self.algorithm("one"), handed=False)]
        shape = self.random.randrange(20)
        if shape < 2:
            runs.append(run("second", MAP, self.algorithm("two"), handed=False))
        elif shape < 5:
            runs.append(run("second", "first", self.algorithm("two"), handed=True))
            if self.chance(0.3):
                runs.append(run("third", "second", runs[0].algorithm, handed=True))
        elif shape < 7:
            runs.append(run("last", "first", self.algorithm("two"), handed=True, chained=True))
        elif shape < 10:
            where = self.expr(t.BOOL, Seen(given, ("l",), exact=True), 2)
            maps.append(p.GivenMap(OTHER, RECORD, p.Likeness(MAP, "l", where)))
            algorithm = runs[0].algorithm if self.chance(0.7) else self.algorithm("two")
            again = run("again", OTHER, algorithm, handed=False)
            runs.append(replace(again, arguments=runs[0].arguments) if algorithm is runs[0].algorithm else again)
        return tuple(maps), runs

    def scenario(self, assumed: float = 0.5) -> tuple[p.Scenario, dict[str, int]]:
        """A scenario, and the alignment that it assumes of fields. ``assumed``: how often anything else is assumed."""
        given = (("x", t.VA), ("y", self.random.choice(KINDS)))
        scalars = Seen(given, exact=True)
        maps, runs = self.runs(given)
        steps: dict[str, int] = {}
        if self.chance(0.6):
            steps = {"phys_addr": 4096, "virt_addr": 4096}
            if self.chance(0.2):
                steps = {self.random.choice(("phys_addr", "virt_addr", "num_pages")): self.random.choice((2, 4096))}
        every = [each.name for each in maps]
        assumptions: list[p.Formula] = [self.aligned(m, name, step) for m in every for name, step in steps.items()]
        names = [*every, *(run.name for run in runs)]
        if self.chance(assumed):
            assumptions += [self.quantified(names, scalars) for _ in range(self.random.randrange(3))]
            assumptions += [self.total(self.random.choice(names), scalars) for _ in range(self.random.randrange(2))]
            assumptions += [self.plain(scalars) for _ in range(self.random.randrange(2))]
        count = self.random.randint(1, 3)
        goals: list[p.Formula] = [self.numbered(self.quantified(names, scalars), scalars) for _ in range(count)]
        goals += [self.plain(scalars)] if self.chance(0.2) else []
        if self.totals:
            goals = [self.compared(names, scalars), *([self.compared(names, scalars)] if self.chance(0.3) else [])]
        if self.ends:
            behind = Seen((*given, *(3 * self.ended(runs))), exact=True)
            goals = [self.plain(behind), self.quantified(names, behind)]
        check = p.Check(
            "goal",
            tuple(p.Conjunct("goal", None, goal) for goal in goals),
            tuple(p.Conjunct("assumption", None, formula) for formula in assumptions),
            p.Expected.PROVED,
            True,
            self.span(),
        )
        exact = tuple(
            p.Check("exact", p.ExactArithmetic(r.name), check.assumptions, p.Expected.PROVED, False, self.span())
            for r in runs
        )
        made = p.Scenario(
            "generated",
            maps,
            tuple(p.GivenScalar(name, kind) for name, kind in given),
            tuple(runs),
            (check, *exact),
            None,
            self.span(),
        )
        return made, steps

    def ended(self, runs: Sequence[p.Run]) -> tuple[tuple[str, t.Type], ...]:
        """What the variables of runs are when these have ended."""
        found = []
        for run in runs:
            kinds = {name: kind for name, kind, _ in run.algorithm.parameters}
            kinds |= {each.name: each.type for each in run.algorithm.body if isinstance(each, p.Declare | p.Choose)}
            found += [(p.final(run.name, name), kind) for name, kind in kinds.items() if "." not in name]
        return tuple(found)

    # --- maps

    def region(self, steps: Mapping[str, int], before: Values | None = None) -> dict[str, int]:
        region = {name: self.value(kind, steps.get(name, 1)) for name, kind in RECORD.inputs}
        if before is not None and self.chance(0.3):
            end = (before["phys_addr"] + 4096 * before["num_pages"]) % (1 << 64)
            step = steps.get("phys_addr", 1)
            region["phys_addr"] = self.random.choice((before["phys_addr"], end)) // step * step
        return region

    def reserved(self, count: int, near: Sequence[Values]) -> tuple[Values, ...]:
        """Entries of a list beside the map: here there is none."""
        return ()

    def columns(self, made: p.Scenario, rows: int, steps: Mapping[str, int], scalars: Values) -> dict[str, Column]:
        """The maps of a scenario; some regions share values, or touch each other; seldom, maps are not quite alike."""
        table: dict[str, list[Values | None]] = {each.name: [] for each in made.maps}
        for _ in range(rows):
            before = next((region for region in reversed(table[MAP]) if region is not None), None)
            region = self.region(steps, before)
            table[MAP].append(region)
            for each in made.maps[1:]:
                assert each.like is not None
                marked = {**region, **dict.fromkeys((*p.MARKS, *RECORD.marks), 0)}
                env = Environment(scalars, {each.like.variable: marked})
                other: Values | None = region
                if in_formula(each.like.where)(env) or self.chance(0.03):
                    other = self.random.choice(
                        (region, None, self.region(steps), {**region, "num_pages": steps.get("num_pages", 1)})
                    )
                    if other is not None and self.chance(0.3):
                        table[MAP][-1] = None
                table[each.name].append(other)
        return {name: tuple(column) for name, column in table.items()}


def scenario(seed: int, assumed: float = 0.5) -> tuple[Maker, p.Scenario, dict[str, int]]:
    """The scenario of a seed, and the maker to draw maps and values from."""
    maker = Maker(Random(seed))
    maker.size = maker.random.randint(4, 30)
    made, steps = maker.scenario(assumed)
    return maker, made, steps


def split_scenario(seed: int, assumed: float = 0.5) -> tuple[Maker, p.Scenario, dict[str, int]]:
    """The same with regions that are split, in small programs: each split makes three regions of one."""
    maker = Maker(Random(seed), splits=True)
    maker.size = maker.random.randint(4, 14)
    made, steps = maker.scenario(assumed)
    return maker, made, steps


def room_scenario(seed: int, assumed: float = 0.5) -> tuple[Maker, p.Scenario, dict[str, int]]:
    """The same with addresses that are chosen beside what is placed."""
    maker = Maker(Random(seed), rooms=True)
    maker.size = maker.random.randint(4, 12)
    made, steps = maker.scenario(assumed)
    return maker, made, steps


def ended_scenario(seed: int, assumed: float = 0.5) -> tuple[Maker, p.Scenario, dict[str, int]]:
    """The same with checks of what runs end with."""
    maker = Maker(Random(seed), ends=True)
    maker.size = maker.random.randint(4, 14)
    made, steps = maker.scenario(assumed)
    return maker, made, steps


def totals_scenario(seed: int, assumed: float = 0.5) -> tuple[Maker, p.Scenario, dict[str, int]]:
    """The same with checks that compare totals of maps and layouts, whose regions may be in pieces."""
    maker = Maker(Random(seed), totals=True, splits=seed % 4 == 0)
    maker.size = maker.random.randint(4, 14)
    made, steps = maker.scenario(assumed)
    return maker, made, steps


def previous_scenario(seed: int, assumed: float = 0.5) -> tuple[Maker, p.Scenario, dict[str, int]]:
    """The same with passes that look at the region before."""
    maker = Maker(Random(seed), befores=True)
    maker.size = maker.random.randint(4, 20)
    made, steps = maker.scenario(assumed)
    return maker, made, steps


def _ends(body: tuple[p.Statement, ...]) -> bool:
    return bool(body) and isinstance(body[-1], p.Leave)


def nodes(root: object) -> Iterator[object]:
    """Everything in a typed tree."""
    if isinstance(root, tuple):
        for part in root:
            yield from nodes(part)
    elif is_dataclass(root) and not isinstance(root, Span | type):
        yield root
        for item in fields(root):
            if item.name not in ("span", "type", "record"):
                yield from nodes(getattr(root, item.name))
