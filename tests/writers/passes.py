"""Random programs of the passes that kernels make, as texts: some walk, some mark, some add up, and all meet.

Each algorithm keeps one condition and one amount that most of its passes share, so that much is true of it and sums
and places of one pass meet those of another. What a scenario claims of the runs is mostly what people would claim.
"""

from __future__ import annotations

from random import Random

from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.language import load_text
from tests.helpers.loading import desk
from tests.helpers.places import SPEC

CONDITIONS = (
    "r.runtime",
    "r.boot_services",
    "r.type == CONVENTIONAL",
    "r.num_pages == 1",
    "r.num_pages > 1",
    "r.num_pages < 0x100",
    "r.attribute has XP",
    "r.attribute has MORE_RELIABLE",
    "r.phys_addr < 4G",
    "true",
)
MARKS = ("r.placed", "not r.placed", "r.dropped", "r.picked", "not r.picked")
AMOUNTS = ("r.size", "4K", "2M", "r.size +% 4K", "r.size -% 4K", "(r.num_pages as bytes) <<% 12")
STATES = ("flag", "not flag", "n > 1", "cursor > EFI_WINDOW.start +% 1G", "all > 1G", "r.phys_addr < end", "most == 0")
WRITES = (
    "r.attribute |= MORE_RELIABLE",
    "r.attribute |= XP",
    "r.type = RUNTIME_SERVICES_CODE",
    "r.num_pages +%= 1",
    "r.num_pages = 1",
    "if r.num_pages > 1 { r.num_pages -%= 1 }",
    "unplace r",
    "drop r",
    "r.picked = true",
    "r.picked = not r.picked",
)
NOTES = (
    "n +%= 1",
    "flag = true",
    "if r.num_pages > most { most = r.num_pages }",
    "if r.num_pages >= most { most = r.num_pages }",
    "if r.num_pages < least { least = r.num_pages }",
    "most = max(most, r.num_pages)",
    "least = min(least, r.num_pages)",
    "end = r.phys_end",
    "if r.phys_end > end { end = r.phys_end }",
    "kinds |= r.attribute",
    "kinds &= r.attribute",
)
KEPT = (
    "most = r.num_pages",
    "least = r.num_pages",
    "end = r.phys_end",
    "at = r.phys_addr",
    "at = r.phys_end",
    "most = 7",
    "at = 0",
)
SMALLER = (
    "r.num_pages > most",
    "r.num_pages >= most",
    "r.num_pages < least",
    "r.phys_end > end",
    "r.phys_addr > at",
    "r.phys_addr < at",
)
FURTHER = (
    " and not r.placed",
    " and r.picked",
    " and not r.picked",
    " and flag",
    " and not flag",
    " and r.num_pages == most",
    " and r.num_pages >= most",
    " and r.phys_addr == at",
    " and r.phys_end == end",
)
BEFORE = (
    "q.num_pages +%= r.num_pages drop r",
    "unplace q",
    "q.picked = true",
    "drop q",
    "place q at cursor",
)
VARIABLES = """var cursor: va = EFI_WINDOW.start
var all: bytes = 0
var n: u8 = 0
var flag: bool = false
var most: pages = 0
var least: pages = 0xffff_ffff
var end: pa = 0
var at: pa = 0
var kinds: MemoryAttribute = RUNTIME
"""
STARTS = (
    "EFI_WINDOW.start",
    "EFI_WINDOW.end",
    "EFI_WINDOW.start +% all",
    "EFI_WINDOW.end -% all",
    "cursor -% all",
)
LIMITS = ("1G", "4G", "64G")


class Writer:
    """Writes one program. ``random`` decides everything; ``keeps`` is the share of statements that keep something of a
    region in a variable, where claims are about these."""

    def __init__(self, random: Random, keeps: float = 0) -> None:
        self.random = random
        self.keeps = keeps
        self.shared = self.condition(marks=False)
        self.amount = random.choice(AMOUNTS)

    def one_of(self, *texts: str) -> str:
        """Any of some texts, each as likely."""
        return self.random.choice(texts)

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.random.random() < share

    def condition(self, *, marks: bool = True) -> str:
        """A condition about a region."""
        made = self.one_of(*CONDITIONS)
        if marks and self.chance(0.2):
            made = self.one_of(*MARKS)
        if self.chance(0.25):
            made = f"not ({made})"
        return f"{made} and {self.one_of(*CONDITIONS)}" if self.chance(0.2) else made

    # --- algorithms

    def steps(self) -> str:
        """The amount by which something moves: mostly that of the algorithm."""
        return self.amount if self.chance(0.8) else self.one_of(*AMOUNTS)

    def statement(self, *, before: bool) -> str:
        """A statement of a turn, or the two that place a region and move on."""
        kind = self.random.random()
        if self.chance(self.keeps):
            return self.keeping()
        if kind < 0.3:
            place = f"place r at {self.one_of('cursor', 'cursor', 'cursor', *STARTS[2:4])}"
            if self.chance(0.3):
                return f"cursor -%= {self.steps()} {place}"
            return f"{place} cursor {self.one_of('+%=', '+%=', '-%=')} {self.steps()}"
        if kind < 0.5:
            return f"{self.one_of('cursor', 'all', 'all')} {self.one_of('+%=', '+%=', '+%=', '-%=')} {self.steps()}"
        if kind < 0.6:
            return self.one_of(*WRITES)
        if kind < 0.72:
            return self.one_of(*NOTES, f"flag = {self.condition()}")
        if kind < 0.77 and before:
            where = self.one_of("", " and q.phys_end == r.phys_addr", " and q.type == r.type")
            return f"if q.visited{where} {{ {self.one_of(*BEFORE)} }}"
        if kind < 0.93:
            leave = self.one_of("", "", " break", " continue")
            where = self.condition() if self.chance(0.6) else self.one_of(*STATES)
            other = "" if self.chance(0.6) else f" else {{ {self.statement(before=before)} }}"
            return f"if {where} {{ {self.statement(before=before)}{leave} }}{other}"
        return f"if {self.condition()} {{ {self.one_of('break', 'continue')} }}"

    def keeping(self) -> str:
        """A statement that keeps something of a region, in one variable or in several, and may end the pass."""
        kept = self.one_of(*KEPT)
        where = self.one_of(*SMALLER, *SMALLER, "not flag", self.condition())
        and_more = self.one_of(
            "", "", " flag = true", " n +%= 1", " break", " place r at cursor", f" {self.one_of(*KEPT)}"
        )
        return self.one_of(kept, f"if {where} {{ {kept}{and_more} }}", f"if {where} {{ {kept}{and_more} }}")

    def walk(self) -> str:
        """A pass."""
        where = self.shared if self.chance(0.7) else self.condition()
        if self.chance(max(0.2, self.keeps)):
            where += self.one_of(*FURTHER)
        before = self.chance(0.1)
        order = self.one_of("", "", "", "reversed ") + "map"
        if before:
            order += " with previous q"
        elif self.chance(0.1):
            order += f" by {self.one_of('r.phys_addr', 'r.num_pages')}"
        body = [self.statement(before=before) for _ in range(self.random.choice((1, 1, 2)))]
        return f"for r in {order} where {where} {{\n{chr(10).join(body)}\n}}\n"

    def algorithm(self, name: str) -> str:
        """An algorithm of one to three passes, with what stands between them."""
        self.shared, self.amount = self.condition(marks=False), self.one_of("r.size", "r.size", *AMOUNTS)
        body = [VARIABLES]
        if self.chance(0.2):
            body.append("cursor = EFI_WINDOW.end\n")
        for number in range(self.random.choice((1, 2, 2, 3))):
            if number and self.chance(0.45):
                body.append(f"cursor = {self.one_of(*STARTS)}\n")
            if number and self.chance(0.1):
                body.append(f"choose slide{number}: bytes in 0 .. 1G aligned 2M cursor +%= slide{number}\n")
            walk = self.walk()
            if self.chance(0.2):
                other = "" if self.chance(0.6) else f" else {{\n{self.walk()}}}"
                walk = f"if {self.one_of('on', 'not on', 'lo < hi', 'flag', 'n > 1', 'all > 1G')} {{\n{walk}}}{other}\n"
            body.append(walk)
        return f"algorithm {name}(map: Map, on: bool, lo: pa, hi: pa) {{\n{''.join(body)}}}\n\n"

    # --- scenarios

    def total(self, lists: list[str], *, counts: bool) -> tuple[str, str]:
        """A total or count over one of some lists, and its condition."""
        name = self.one_of(*lists)
        where = self.condition(marks=name not in ("map", "other"))
        what = "count(" if counts else "total(r.num_pages for "
        return f"{what}r in {name} where {where})", where

    def goal(self, made: list[str], lists: list[str]) -> str:
        """A claim about what was made."""
        name, kind, order = self.one_of(*made), self.random.random(), self.one_of("<", "<=", ">=")
        simple = (
            f"fits({name})",
            f"no_overlap({name})",
            f"congruent({name})",
            f"each r in {name} where r.placed: r.virt_end <= EFI_WINDOW.start + {self.one_of(*LIMITS, '64G')}",
            f"each r in {name} where r.placed: r.virt_addr >= EFI_WINDOW.start",
            f"each r in {name} where r.placed: {self.condition()}",
            f"each a before b in {name} where a.placed and b.placed: a.virt_addr {order} b.virt_addr",
            f"each a, b in {name}: not (a.placed and b.placed)",
            f"{name}.all <= {self.one_of(*LIMITS)}",
            f"each r in {name} where {self.condition()}: {self.condition()}",
            f"each r in {name} where {self.condition()}: {name}.{self.one_of('flag', 'n > 0')}",
            f"each r in {name} where {self.condition()}: r.num_pages {self.one_of('<=', '<=', '>=', '<')} {name}.most",
            f"each r in {name} where {self.condition()}: r.num_pages {self.one_of('>=', '>=', '>')} {name}.least",
            f"each r in {name} where {self.condition()}: r.phys_end <= {name}.end",
            f"each r in {name} where {self.condition()}: {name}.kinds has XP => r.attribute has XP",
            f"{name}.most > 0 => {name}.{self.one_of('flag', 'all > 0', 'n > 0', 'most <= 0xffff')}",
            f"each r in {name}: {name}.{self.one_of('most', 'least')} == r.num_pages => {self.condition()}",
        )
        if self.chance(self.keeps):
            return self.of_kept(name)
        if kind < 0.7:
            return self.one_of(*simple)
        counts = self.chance(0.5)
        (left, where), (right, other) = (self.total(lists, counts=counts) for _ in range(2))
        if self.chance(0.5):
            right = right.replace(f"where {other})", f"where {where})")
        if kind < 0.85:
            return f"{left} {self.one_of('<=', '<=', '==', '>=')} {right}".replace("r.dropped", "r.runtime")
        if kind < 0.92:
            return f"{left} <= {self.one_of('1', '3', '512')}" if counts else f"{left} <= {self.one_of('1', '0x40000')}"
        return f"{left} {self.one_of('+', '-')} {self.total(lists, counts=counts)[0]} <= {right}"

    def of_kept(self, name: str) -> str:
        """A claim about what a run has kept, or about a region beside that."""
        most, least, end, at = (f"{name}.{each}" for each in ("most", "least", "end", "at"))
        truth = self.one_of(f"{name}.flag", f"{name}.n > 0", f"{at} <= {end}", f"{most} > 0", f"{most} <= 0xffff")
        of_region = self.one_of(
            truth,
            "r.placed",
            f"r.num_pages {self.one_of('<=', '<', '==')} {most}",
            f"r.num_pages {self.one_of('>=', '>')} {least}",
            f"r.phys_end <= {end}",
            f"r.phys_addr {self.one_of('>=', '<=', '==')} {at}",
            self.condition(),
        )
        where = self.one_of(
            "r.placed",
            "r.placed",
            self.condition(),
            f"r.num_pages >= {most}",
            f"r.phys_addr == {at}",
            self.shared,
            self.shared,
        )
        first = self.one_of(f"{most} > 0", f"{name}.flag", f"{most} == 7", f"{at} > 0", f"{end} > 4G")
        plain = f"{first} => {truth}"
        return self.one_of(plain, *[f"each r in {name} where {where}: {of_region}"] * 4)

    def assumptions(self) -> str:
        """What is assumed of a map."""
        found = [self.one_of("well_formed", "well_formed", "page_aligned")]
        if self.chance(0.5):
            where = self.shared if self.chance(0.5) else self.condition(marks=False)
            found.append(f"total(r.size for r in map where {where}) <= {self.one_of(*LIMITS)}")
        if self.chance(0.4):
            found.append(f"each r in map{self.one_of('', ' where r.runtime')}: r.phys_end <= {self.one_of(*LIMITS)}")
        if self.chance(0.25):
            found.append(f"count(r in map where {self.condition(marks=False)}) <= {self.one_of('1', '2', '3', '512')}")
        if self.chance(0.3):
            found.append("sorted")
        return ", ".join(found)

    def arguments(self) -> str:
        """The arguments of a run beside its map."""
        return f"{self.one_of('true', 'false', 'on')}, {self.one_of('0x1000', '0x2000', 'at')}, 0x2000"

    def program(self) -> str:
        """The whole program: two algorithms, a hand-over, and a scenario of one to three runs."""
        text = "use uefi, x86_64, invariants\n\nrecord D extends Descriptor { mark picked }\n"
        text += "list Map of D\nlayout Made of Map\n\n"
        text += self.algorithm("one") + self.algorithm("two")
        passed = self.one_of("true", "r.runtime", "r.placed", "r.num_pages > 1")
        text += f"handover h(made: Made) {{\npass r where {passed}\n"
        text += f"{self.one_of('', '', 'arriving backward')}\nphys_addr: u64 virt_addr: u64 "
        text += f"num_pages: {self.one_of('u64', 'u64', 'u16')} attribute: u64 type: u32\n}}\n\n"
        given = f"given map: Map where {self.assumptions()}\n"
        runs, lists = [f"let first = one(map, {self.arguments()})"], ["map", "first"]
        if self.chance(0.25):
            same = self.one_of("r.boot_services", "r.type == CONVENTIONAL", "not r.runtime")
            given += f"given other: Map like map except r: {same} where well_formed\n"
            runs.append(f"let again = {self.one_of('one', 'one', 'two')}(other, {self.arguments()})")
            lists += ["other", "again"]
        if self.chance(0.5):
            source = self.one_of("map", "h(first)", "h(first)")
            runs.append(f"let second = {self.one_of('one', 'two')}({source}, {self.arguments()})")
            lists.append("second")
        made = [each for each in lists if each not in ("map", "other")]
        checks = [f"check {self.goal(made, lists)}" for _ in range(6)]
        given += "given on: bool\ngiven at: pa where at aligned 4K\n"
        return f"{text}scenario any {{\n{given}{chr(10).join([*runs, *dict.fromkeys(checks)])}\n}}\n"


def text(seed: int, keeps: float = 0) -> str:
    """The text of a program."""
    return Writer(Random(seed), keeps).program()


def scenario(seed: int, keeps: float = 0) -> p.Scenario | Diagnostic:
    """The scenario of a program; a few programs are refused, such as those whose pass changes what it goes by."""
    program = load_text(f"{seed}.layout", text(seed, keeps).encode(), (SPEC,), desk=desk())
    return program if isinstance(program, Diagnostic) else program.scenarios[0]
