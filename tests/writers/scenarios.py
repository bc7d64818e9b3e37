"""Random scenarios of several kernels: small algorithms of the kind that kernels have, handed on in every way.

`tests.writers.programs` makes programs of every form, which seldom keep anything. The algorithms here are made from
few pieces (a cursor, a mark, a count, an early end), so that there is much for the prover to find, and much to be wrong
about. Which run gets its regions from where is chosen freely.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from checker import program as p
from checker.program import lower
from checker.program import types as t
from tests.writers.programs import ENUM, FLAGS, MAP, ORDERS, OTHER, RECORD, Maker, Seen, for_each, for_two

THIRD = "third_map"

CURSOR = p.Var(t.VA, "cursor")
END = p.Var(t.PA, "end")
FLAG = p.Var(t.BOOL, "flag")
COUNT = p.Var(t.U8, "count")
TRUE = p.Const(t.BOOL, 1)
LARGE = 0x20_0000


def field(name: str, region: str = "r") -> p.Field:
    kind = t.BOOL if name in p.MARKS else RECORD.type_of(name)
    return p.Field(kind, region, name)


def equals(left: p.Expr, right: p.Expr) -> p.Expr:
    return p.Compare(p.Rel.EQ, left, right, t.BOOL)


def negated(expr: p.Expr) -> p.Expr:
    return p.Not(expr, t.BOOL)


def both(left: p.Expr, right: p.Expr) -> p.Expr:
    return p.Logic(p.Junction.AND, left, right, t.BOOL)


def implies(left: p.Expr, right: p.Expr) -> p.Expr:
    return p.Logic(p.Junction.IMPLIES, left, right, t.BOOL)


@dataclass
class RunsMaker(Maker):
    """Makes one scenario of several runs. ``after_chains``: runs may get regions from the end of a chain, and there may
    be more than one chain."""

    after_chains: bool = False

    # --- algorithms

    def arith(self, op: p.Op, left: p.Expr, right: p.Expr, *, wraps: bool = True) -> p.Expr:
        return p.Arith(left.type, op, left, right, wraps, self.span())

    def length(self, region: str = "r") -> p.Expr:
        return p.Arith(t.BYTES, p.Op.MUL, field("num_pages", region), p.Const(t.BYTES, 4096), True, self.span())

    def has(self, bit: int, region: str = "r") -> p.Expr:
        return equals(self.arith(p.Op.AND, field("attribute", region), p.Const(FLAGS, bit)), p.Const(FLAGS, bit))

    def of_region(self, region: str = "r", *, marks: bool = True) -> p.Expr:
        """A condition about a region."""
        options: list[Callable[[], p.Expr]] = [
            lambda: equals(field("type", region), p.Const(ENUM, self.random.choice((0, 5)))),
            lambda: self.has(self.random.choice((1, 0x4000)), region),
            lambda: equals(field("num_pages", region), p.Const(t.PAGES, self.random.choice((0, 1)))),
            lambda: field("present", region),
            lambda: equals(field("tag", region), p.Const(t.U8, self.random.choice((0, 1, 255)))),
        ]
        if marks:
            options += [lambda: field(self.random.choice(("placed", "exported", "seen1")), region)] * 2
        made = self.random.choice(options)()
        return negated(made) if self.chance(0.4) else made

    def test(self) -> p.Expr:
        """A condition in a turn."""
        options: list[Callable[[], p.Expr]] = [
            lambda: FLAG,
            lambda: equals(COUNT, p.Const(t.U8, self.random.choice((1, 2)))),
            lambda: equals(field("phys_addr"), END),
            self.of_region,
            self.of_region,
            lambda: both(self.of_region(), FLAG),
        ]
        made = self.random.choice(options)()
        return negated(made) if self.chance(0.3) else made

    def places(self) -> tuple[p.Statement, ...]:
        where: p.Expr = self.random.choice(
            (CURSOR, CURSOR, field("virt_addr"), field("virt_addr"), p.Const(t.VA, 0xFFFF_FFEF_0000_0000))
        )
        if self.chance(0.1):
            return lower.unplace("r")
        if self.chance(0.2):
            where = self.arith(p.Op.ADD, where, p.Const(t.BYTES, LARGE))
        if self.chance(0.2):
            return lower.place("r", "flat", self.random.choice((END, field("phys_addr"))), RECORD.placed("flat"))
        return lower.place("r", "virt_addr", where)

    def moves(self) -> tuple[p.Statement, ...]:
        step = self.random.choice((self.length(), self.length(), p.Const(t.BYTES, LARGE)))
        op = self.random.choice((p.Op.ADD, p.Op.ADD, p.Op.SUB))
        moved = self.arith(op, CURSOR, step, wraps=self.chance(0.9))
        return (p.Assign("cursor", p.AlignDown(t.VA, moved, LARGE) if self.chance(0.3) else moved),)

    def writes(self) -> tuple[p.Statement, ...]:
        bits = p.Const(FLAGS, self.random.choice((1, 0x4000)))
        options: list[tuple[str, p.Expr]] = [
            ("attribute", self.arith(p.Op.OR, field("attribute"), bits)),
            ("attribute", bits),
            ("num_pages", p.AlignDown(t.PAGES, field("num_pages"), 2)),
            ("num_pages", self.arith(p.Op.ADD, field("num_pages"), p.Const(t.PAGES, 1), wraps=self.chance(0.7))),
            ("tag", self.arith(p.Op.ADD, field("tag"), p.Const(t.U8, 1))),
            ("tag", p.Const(t.U8, 0)),
            ("type", p.Const(ENUM, self.random.choice((0, 5)))),
            ("present", self.test()),
            ("seen1", self.random.choice((TRUE, self.test()))),
        ]
        name, value = self.random.choice(options)
        return (p.SetField("r", name, value),)

    def notes(self) -> tuple[p.Statement, ...]:
        after = self.arith(p.Op.ADD, field("phys_addr"), self.length())
        made = self.random.choice(
            (
                p.Assign("flag", TRUE),
                p.Assign("flag", self.of_region()),
                p.Assign("count", self.arith(p.Op.ADD, COUNT, p.Const(t.U8, 1))),
                p.Assign("end", after),
            )
        )
        return (made,)

    def plain_statement(self) -> tuple[p.Statement, ...]:
        kinds = [self.places] * 4 + [self.moves] * 3 + [self.notes] * 2 + [self.writes]
        if self.chance(0.15):
            self.exports = True
            return (p.Export("r"),)
        if self.chance(0.04):
            return lower.drop("r")
        return self.random.choice(kinds)()

    def turn(self) -> tuple[p.Statement, ...]:
        found: list[p.Statement] = []
        for _ in range(self.random.randint(1, 3)):
            inner = self.plain_statement()
            if self.chance(0.3):
                otherwise = self.plain_statement() if self.chance(0.4) else ()
                last: tuple[p.Statement, ...] = ()
                if self.chance(0.2):
                    last = (p.Leave(p.Exit.PASS if self.chance(0.5) else p.Exit.TURN),)
                inner = (p.If(self.test(), (*inner, *last), otherwise),)
            found += inner
        return tuple(found)

    def kernel_pass(self) -> p.Pass:
        where = TRUE if self.chance(0.45) else self.of_region()
        return p.Pass("r", self.chance(0.3), where, self.turn(), span=self.span())

    def algorithm(self, name: str) -> p.Algorithm:
        if self.chance(0.1):
            return super().algorithm(name)
        self.exports, self.chosen = False, 0
        parameters = (("p0", t.VA, None), ("p1", t.BOOL, None))
        start: list[p.Statement] = [
            p.Declare("cursor", t.VA, p.Var(t.VA, "p0")),
            p.Declare("flag", t.BOOL, p.Const(t.BOOL, 0)),
            p.Declare("count", t.U8, p.Const(t.U8, 0)),
            p.Declare("end", t.PA, p.Const(t.PA, 0)),
        ]
        body: list[p.Statement] = []
        for _ in range(self.random.choice((1, 1, 1, 2))):
            if self.chance(0.15):
                condition = self.random.choice((FLAG, p.Var(t.BOOL, "p1"), equals(COUNT, p.Const(t.U8, 1))))
                otherwise = (self.kernel_pass(),) if self.chance(0.6) else ()
                body.append(p.If(condition, (self.kernel_pass(),), otherwise))
            else:
                body.append(self.kernel_pass())
            if self.chance(0.2):
                low = p.Const(t.BYTES, 0)
                self.chosen += 1
                slide = p.Choose(f"c{self.chosen}", t.BYTES, low, p.Const(t.BYTES, 1 << 30), LARGE)
                moved = self.arith(p.Op.ADD, CURSOR, p.Var(t.BYTES, slide.name))
                body += [slide, p.Assign("cursor", moved)]
        return p.Algorithm(name, RECORD, MAP, parameters, (*start, *body), None, self.exports, self.span())

    # --- scenarios

    def handover(self, name: str) -> p.Handover:
        if self.chance(0.1):
            return super().handover(name)
        where = TRUE if self.chance(0.5) else self.of_region("h")
        widths = []
        for name_of_field, kind in RECORD.inputs:
            whole = max(8, t.width(kind))
            if name_of_field == "tag" or not self.chance(0.06):
                widths.append((name_of_field, 8 if self.chance(0.05) else whole))
        travel = self.random.choice((p.Travel.FORWARD, p.Travel.FORWARD, p.Travel.BACKWARD, p.Travel.ANYHOW))
        return p.Handover(name, "h", where, tuple(widths), travel, None, self.span())

    def arguments(self, algorithm: p.Algorithm, given: tuple[tuple[str, t.Type], ...]) -> tuple[p.Expr, ...]:
        seen = Seen(given)
        return tuple(
            p.Var(t.VA, "x") if kind == t.VA and self.chance(0.8) else self.expr(kind, seen, 1)
            for _, kind, _ in algorithm.parameters
        )

    def runs(self, given: tuple[tuple[str, t.Type], ...]) -> tuple[tuple[p.GivenMap, ...], list[p.Run]]:
        maps = [p.GivenMap(MAP, RECORD)]
        if self.chance(0.4):
            maps.append(p.GivenMap(OTHER, RECORD, p.Likeness(MAP, "l", self.of_region("l", marks=False))))
            if self.after_chains and self.chance(0.3):
                like = p.Likeness(self.random.choice((MAP, OTHER)), "l", self.of_region("l", marks=False))
                maps.append(p.GivenMap(THIRD, RECORD, like))
        runs: list[p.Run] = []
        algorithms = [self.algorithm("one"), self.algorithm("two")]
        same = [self.arguments(each, given) for each in algorithms]

        def add(name: str, source: str, *, handed: p.Handover | None, chained: bool = False) -> None:
            which = self.random.choice((0, 0, 1)) if not handed else self.random.choice((0, 1, 1))
            arguments = same[which] if self.chance(0.8) else self.arguments(algorithms[which], given)
            runs.append(p.Run(name, algorithms[which], source, handed, arguments, chained))

        add("first", MAP, handed=None)
        for each, name in zip(maps[1:], ("again", "yet"), strict=False):
            add(name, each.name, handed=None)
            if self.chance(0.8):
                runs[-1] = replace(runs[0], name=name, source=each.name)
        shared = self.handover("h")
        for number in range(self.random.choice((1, 1, 2) if len(runs) == 1 else (0, 0, 1, 2))):
            if self.chance(0.15):
                add(f"k{number}", self.random.choice(maps).name, handed=None)
                continue
            sources = [run.name for run in runs if self.after_chains or not run.chained]
            handover = shared if self.chance(0.6) else self.handover("g")
            chained = self.chance(0.25) and (self.after_chains or not any(run.chained for run in runs))
            add(f"k{number}", self.random.choice(sources), handed=handover, chained=chained)
        return tuple(maps), runs

    def quantified(self, names: object, scalars: Seen) -> p.ForAll:
        every = list(names)  # type: ignore[call-overload]
        if self.chance(0.15):
            return super().quantified(every, scalars)
        everything = p.Regions(self.random.choice(every), "", TRUE)
        if self.chance(0.3):
            everything = p.Regions(everything.name, "x", self.of_region("x"))
        choice = self.random.randrange(10)
        if choice < 6:
            others = p.Regions(self.random.choice(every), "", TRUE)
            where = self.random.choice((TRUE, field("placed", "a"), self.of_region("a"), self.of_region("a")))
            name = self.random.choice(("virt_addr", "virt_addr", "virt_addr", "num_pages", "attribute", "exported"))
            same = equals(field(name, "a"), field(name, "b"))
            said = self.random.choice(
                (TRUE, same, same, implies(field("placed", "a"), both(field("placed", "b"), same)))
            )
            return for_two(everything, others, p.Relation.SAME, where, said, self.span())
        if choice < 8:
            where = self.random.choice((TRUE, field("placed"), self.of_region()))
            return for_each(everything, where, self.of_region(), self.span())
        order = self.random.choice(ORDERS)
        rel = self.random.choice((p.Rel.LE, p.Rel.LE, p.Rel.EQ, p.Rel.NE))
        said = p.Compare(rel, field("virt_addr", "a"), field("virt_addr", "b"), t.BOOL)
        where = self.random.choice((TRUE, both(field("placed", "a"), field("placed", "b"))))
        return for_two(everything, everything, order, where, said, self.span())


class SumsMaker(RunsMaker):
    """Makes algorithms that add up the same, or nearly the same, in several passes."""

    def algorithm(self, name: str) -> p.Algorithm:
        self.exports, self.chosen = False, 0
        steps = [self.length(), p.Const(t.BYTES, LARGE)]
        step, where = self.random.choice(steps), TRUE if self.chance(0.3) else self.of_region(marks=False)
        body: list[p.Statement] = []
        for _ in range(self.random.choice((2, 2, 3))):
            own = self.random.choice(steps) if self.chance(0.2) else step
            selected = self.of_region() if self.chance(0.2) else where
            op = self.random.choice((p.Op.ADD, p.Op.SUB))
            turn: tuple[p.Statement, ...] = (p.Assign("cursor", self.arith(op, CURSOR, own)),)
            if self.chance(0.5):
                turn = (*self.plain_statement(), *turn)
            if self.chance(0.2):
                turn = (p.If(self.of_region(), turn, ()),)
            body.append(p.Pass("r", self.chance(0.3), selected, turn, span=self.span()))
        start = (
            p.Declare("cursor", t.VA, p.Var(t.VA, "p0")),
            p.Declare("flag", t.BOOL, p.Const(t.BOOL, 0)),
            p.Declare("count", t.U8, p.Const(t.U8, 0)),
            p.Declare("end", t.PA, p.Const(t.PA, 0)),
        )
        parameters = (("p0", t.VA, None), ("p1", t.BOOL, None))
        return p.Algorithm(name, RECORD, MAP, parameters, (*start, *body), None, self.exports, self.span())


def sums_scenario(seed: int, assumed: float = 0.3) -> tuple[Maker, p.Scenario, dict[str, int]]:
    """A scenario of algorithms that add up the same in several passes, and the maker to draw maps from."""
    maker = SumsMaker(Random(seed))
    made, steps = maker.scenario(assumed)
    return maker, made, steps


def scenario(
    seed: int, assumed: float = 0.3, *, after_chains: bool = False
) -> tuple[Maker, p.Scenario, dict[str, int]]:
    """The scenario of a seed, and the maker to draw maps and values from."""
    maker = RunsMaker(Random(seed), after_chains=after_chains)
    made, steps = maker.scenario(assumed)
    return maker, made, steps
