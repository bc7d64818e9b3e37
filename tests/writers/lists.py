"""Random scenarios with lists beside the map: those of `tests.writers.programs`, with passes over a list put into their
algorithms (alone, in the turn of a region, or around a pass over the map), and formulas across lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from checker import program as p
from checker.interpret import Values
from checker.program import types as t
from checker.program import walk
from tests.writers.programs import ENUM, Maker, Seen, for_each, for_two

RESERVED = "reserved"
ENTRY = p.Record("Entry", (("start", t.PA), ("length", t.PAGES), ("kind", ENUM), ("on", t.BOOL)), None)

Scope = list[tuple[str, t.Type, bool]]


class ListMaker(Maker):
    """Makes scenarios with a list beside the map."""

    inserted: int = 0
    entries: tuple[str, ...] = ()
    """The variables of the entries that what is made now may look at."""

    def leaf(self, kind: t.Type, seen: Seen) -> p.Expr:
        fields = [p.Field(k, entry, name) for entry in self.entries for name, k in ENTRY.fields if k == kind]
        return self.random.choice(fields) if fields and self.chance(0.4) else super().leaf(kind, seen)

    def unused(self, scope: Scope) -> str:
        if not self.inserted:
            return super().unused(scope)
        used = {name for name, _, _ in scope}
        return next(name for name in (f"w{self.inserted}_{i}" for i in range(100)) if name not in used)

    def choose(self, scope: Scope, seen: Seen) -> p.Statement:  # type: ignore[override]
        if not self.inserted:
            return super().choose(scope, seen)
        made = p.Declare(self.unused(scope), t.VA, self.expr(t.VA, seen))  # nothing is chosen beside a list
        scope.append((made.name, t.VA, True))
        return made

    # --- passes

    def over_entries(self, scope: Scope, region: str | None) -> p.Pass:
        """A pass over the list, alone or in the turn of a region; alone it may have a pass over the map in it."""
        self.inserted += 1
        variable = f"m{self.inserted}"
        self.entries = (variable,)
        seen = Seen(tuple((name, kind) for name, kind, _ in scope), () if region is None else (region,))
        where = p.Const(t.BOOL, 1) if self.chance(0.4) else self.expr(t.BOOL, seen, 2)
        inner = list(scope)
        body: list[p.Statement] = [each for _ in range(self.random.randint(1, 2)) for each in self.one(inner, region)]
        if region is None and self.chance(0.6):
            body.insert(self.random.randint(0, len(body)), self.walk(scope))
        if self.chance(0.2):
            body.append(p.Leave(p.Exit.PASS if self.chance(0.6) else p.Exit.TURN))
        self.entries = ()
        return p.Pass(variable, self.chance(0.4), where, tuple(body), (), RESERVED, span=self.span())

    def one(self, scope: Scope, region: str | None) -> tuple[p.Statement, ...]:
        return self.statement(scope, region, 1)

    def listed(self, algorithm: p.Algorithm) -> p.Algorithm:
        """The algorithm with passes over the list put into it."""
        scope: Scope = [(name, kind, False) for name, kind, _ in algorithm.parameters]
        scope.append(("cursor", t.VA, True))
        body = list(algorithm.body)
        body.insert(self.random.randint(1, len(body)), self.over_entries(scope, None))

        def within(statement: p.Statement) -> p.Statement:
            match statement:
                case p.Pass(beside="", variable=variable, body=turn) if self.chance(0.7):
                    return replace(statement, body=(self.over_entries(scope, variable), *turn))
                case p.If(then=then, otherwise=otherwise) if walk.has_pass(statement):
                    return replace(statement, then=tuple(map(within, then)), otherwise=tuple(map(within, otherwise)))
                case _:
                    return statement

        changed = tuple(map(within, body))
        exports = any(isinstance(each, p.Export) for each in walk.statements(changed))
        return replace(algorithm, body=changed, exports=exports, beside=((RESERVED, ENTRY),))

    # --- formulas

    def across(self, names: Sequence[str], scalars: Seen) -> p.ForAll:
        """A formula about a region and an entry, in either order, or about entries alone."""
        everything = p.Regions(RESERVED, "", p.Const(t.BOOL, 1), beside=True)
        choice = self.random.randrange(6)
        if choice == 0:
            self.entries = ("r",)
            made = for_each(everything, self.expr(t.BOOL, scalars, 1), self.expr(t.BOOL, scalars), self.span())
        elif choice == 1:
            self.entries = ("a", "b")
            order = self.random.choice((p.Relation.ANY, p.Relation.BEFORE))
            where, body = self.expr(t.BOOL, scalars, 1), self.expr(t.BOOL, scalars)
            made = for_two(everything, everything, order, where, body, self.span())
        else:
            region, entry = ("a", "b") if self.chance(0.7) else ("b", "a")
            regions, others = self.regions(self.random.choice(names), scalars), everything
            self.entries = (entry,)
            within = scalars.with_region(region)
            where = p.Const(t.BOOL, 1) if self.chance(0.3) else self.expr(t.BOOL, within, 2)
            body = self.expr(t.BOOL, within)
            both = (regions, others) if region == "a" else (others, regions)
            made = for_two(*both, p.Relation.ACROSS, where, body, self.span())
        self.entries = ()
        return made

    def lists(self, made: p.Scenario, assumed: float) -> p.Scenario:
        """The scenario with a list beside the map."""
        known: dict[int, p.Algorithm] = {}
        runs = []
        for run in made.runs:
            if id(run.algorithm) not in known:
                known[id(run.algorithm)] = self.listed(run.algorithm)
            runs.append(replace(run, algorithm=known[id(run.algorithm)], beside=(RESERVED,)))
        seen = Seen(tuple((each.name, each.type) for each in made.scalars), exact=True)
        names = [*(each.name for each in made.maps), *(run.name for run in runs)]
        check, *exact = made.checks
        assert isinstance(check.goal, tuple)
        goals = [p.Conjunct("goal", None, self.across(names, seen)) for _ in range(self.random.randint(1, 2))]
        extra = self.random.randrange(3) if self.chance(assumed) else 0
        assumptions = [p.Conjunct("assumption", None, self.across(names, seen)) for _ in range(extra)]
        changed = replace(check, goal=(*check.goal, *goals), assumptions=(*check.assumptions, *assumptions))
        others = tuple(replace(each, assumptions=changed.assumptions) for each in exact)
        given = (p.GivenList(RESERVED, ENTRY),)
        return replace(made, runs=tuple(runs), checks=(changed, *others), beside=given)

    def reserved(self, count: int, near: Sequence[Values]) -> tuple[Values, ...]:
        """Entries of the list, some of which begin where a region does."""
        found = []
        for _ in range(count):
            entry = {name: self.value(kind) for name, kind in ENTRY.inputs}
            if near and self.chance(0.5):
                entry["start"] = self.random.choice(near)["phys_addr"]
            found.append(entry)
        return tuple(found)


def scenario(seed: int, assumed: float = 0.5) -> tuple[ListMaker, p.Scenario, dict[str, int]]:
    """The scenario of a seed, and the maker to draw maps and values from."""
    maker = ListMaker(Random(seed))
    maker.size = maker.random.randint(4, 16)
    made, steps = maker.scenario(assumed)
    return maker, maker.lists(made, assumed), steps
