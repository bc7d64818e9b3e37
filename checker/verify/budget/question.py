"""The question for an algorithm's budget, as text of the language: what is given, what is run, which regions count, and
what must hold of the layout.

It comes from the algorithm's own file, so that what is found is a scenario that could stand at its end. *Sound*:
nothing here is believed. Whatever is counted, and whatever is claimed, both sides of the bound are decided as checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.files import read
from checker.base.values import frozen
from checker.language import Limits, format_text, syntax_only
from checker.language.formatter.expressions import format_expression
from checker.language.syntax import tree as s
from checker.library import LIMITS, Chosen, Program, open_program
from checker.program.walk import writes
from checker.verify.budget.counted import REGION, given_back, selection, window, within

_MADE = "made"
_MAP = "map"
_USUAL = "well_formed"
"""The rule that is assumed of maps where no scenario runs the algorithm, if its file knows it."""

_SCENARIO = "budget_of_{}"
_ANYTHING = (1 << 64) - 1


@frozen
class BudgetQuestion:
    """The question to one algorithm: with ``givens``, and ``call``, which makes the layout ``made``, whether ``claim``
    holds of it; regions count for which ``where`` holds, all if it is empty."""

    chosen: Chosen
    givens: tuple[str, ...]
    map: str
    call: str
    where: str
    claim: str

    @property
    def scenario(self) -> str:
        """The name of the scenario that states what is found."""
        return _SCENARIO.format(self.chosen.algorithm.name)

    def total(self, slack: int, bound: int) -> str:
        """The assumption that sizes, and ``slack`` for each region, come to at most ``bound`` bytes."""
        more = f" + {_hex(slack)}" if slack else ""
        return f"total({REGION}.size{more} for {self._counted}) <= {_hex(bound)}"

    def count(self, most: int) -> str:
        """The assumption that at most so many regions count."""
        return f"count({self._counted}) <= {most}"

    @property
    def _counted(self) -> str:
        return f"{REGION} in {self.map}{f' where {self.where}' if self.where else ''}"

    def text(self, *stated: tuple[str, str]) -> str:
        """The scenario that claims, for each of some assumptions (none, if it is empty), what is to come of it."""
        lines = [f"scenario {self.scenario} {{", *self.givens, f"let {_MADE} = {self.call}"]
        for assumption, expected in stated:
            check = f"check {self.claim} expect {expected}"
            lines.append(f"assuming {assumption} {{ {check} }}" if assumption else check)
        text = "\n".join([*lines, "}", ""])
        pretty = format_text(self.scenario, text.encode())
        return text if isinstance(pretty, Diagnostic) else pretty

    def program(self, text: str, limits: Limits = LIMITS) -> Program | Diagnostic:
        """Return the algorithm's program with the scenario of a text, and no other; or what is wrong with it."""
        opened = open_program(self.chosen.path, limits, ("budget", text))
        if isinstance(opened, Diagnostic):
            return opened
        return replace(opened, program=replace(opened.program, scenarios=opened.program.scenarios[-1:]))

    def unbounded(self) -> str:
        """The scenario in which what is counted is added up, and nothing is excluded by it."""
        return self.text((self.total(0, _ANYTHING), p.Expected.REFUTED))


def _hex(value: int) -> str:
    return f"{value:#_x}"


def question(
    chosen: Chosen, properties: Sequence[str] = (), where: str | None = None, limits: Limits = LIMITS
) -> BudgetQuestion | Diagnostic:
    """Return what to ask of an algorithm: ``properties`` are formulas about the layout ``made``, or names of those that
    take it; if there are none, that every region that counts is placed, inside of the window if the algorithm names
    one, and none on another.
    ``where`` says which regions ``r`` count; else those that the passes select which place some.
    """
    algorithm = chosen.algorithm
    try:
        tree = syntax_only(chosen.name, read(chosen.path, limits.layout_bytes + 1), limits)
    except OSError as error:
        return Diagnostic(CommandCode.UNREADABLE, f"cannot read {chosen.path}: {error}", help="name a readable file")
    if isinstance(tree, Diagnostic):
        return tree
    written = next(each for each in tree.items if isinstance(each, s.Algorithm) and each.name == algorithm.name)
    if not any(within(written.body, s.Place)):
        message = f"`{algorithm.name}` places nothing, so there is nothing that a budget could be of"
        return Diagnostic(CommandCode.NOTHING_TO_CHECK, message, algorithm.span, help="name an algorithm that places")
    givens, name, arguments = _given(tree, written)
    meant = _meant(written, arguments)
    selected = selection(written, meant) if where is None else where
    call = f"{algorithm.name}({', '.join([name, *map(format_expression, arguments)])})"
    asked = BudgetQuestion(chosen, givens, name, call, selected, "")
    if properties:
        stated = (f"{each}({_MADE})" if each.isidentifier() else f"({each})" for each in properties)
        return replace(asked, claim=" and ".join(stated))
    drops = p.DROPPED in writes(algorithm.body)
    needed = _needed(selected, given_back(written, meant), drops=drops)
    place = window(tree, written)
    usual = replace(asked, claim=_claim(place, needed))
    record = algorithm.record
    if record.placement is None or not isinstance(usual.program(usual.unbounded(), limits), Diagnostic):
        return usual
    # Its file does not know these properties, or they are about another record.
    return replace(asked, claim=_claim(place, needed, record.placement))


def _given(tree: s.Module, algorithm: s.Algorithm) -> tuple[tuple[str, ...], str, tuple[s.Expr, ...]]:
    """The givens where the file first runs the algorithm on a map that is given: the lines, the map's name, and the
    arguments behind it. Where it never does, any map, and any values."""
    for scenario in (each for each in tree.items if isinstance(each, s.Scenario)):
        given: dict[str, s.Given] = {}
        for clause in scenario.clauses:
            if isinstance(clause, s.Given) and clause.like is None:
                given[clause.name] = clause
            if not isinstance(clause, s.Run) or clause.algorithm != algorithm.name or clause.repeated:
                continue
            first, *others = clause.arguments
            if isinstance(first, s.Name) and first.name in given:
                return tuple(each.span.text for each in given.values()), first.name, tuple(others)
    map_, *others_ = algorithm.parameters
    needed = [each for each in others_ if each.default is None]
    lines = [f"given {each.name}: {each.type.span.text}" for each in needed]
    arguments = tuple(s.Name(each.name, span=each.span) for each in needed)
    return (f"given {_MAP}: {map_.type.span.text} where {_USUAL}", *lines), _MAP, arguments


def _meant(algorithm: s.Algorithm, arguments: Sequence[s.Expr]) -> dict[str, s.Expr]:
    """The expression that stands for each parameter behind the map."""
    parameters = algorithm.parameters[1:]
    found: dict[str, s.Expr] = {}
    found.update((each.name, each.default) for each in parameters[len(arguments) :] if each.default is not None)
    return {**found, **{each.name: value for each, value in zip(parameters, arguments, strict=False)}}


def _needed(where: str, given_back: str, *, drops: bool) -> str:
    """The condition under which a region must have an address in the end; empty if all must."""
    missing = [f"not ({given_back})"] if given_back else []
    missing += [f"not {REGION}.dropped"] if drops else []
    selected = [f"({where})" if missing else where] if where else []
    return " and ".join([*selected, *missing])


def _claim(window: str, needed: str, placement: str = "") -> str:
    """The claim about the layout, as one formula; in full, if ``placement`` names the field of the address."""
    placed = f"(each {REGION} in {_MADE}{f' where {needed}' if needed else ''}: {REGION}.placed)"
    if not placement:
        # Where no window is named there is none: whoever maps one to one, or where another kernel has told.
        return " and ".join([*([f"fits({_MADE}, {window})"] if window else []), f"no_overlap({_MADE})", placed])
    start, end = f"{REGION}.{placement}", f"{REGION}.{placement} + {REGION}.size"
    inside = f"(each {REGION} in {_MADE} where {REGION}.placed: {window}.start <= {start} and {end} <= {window}.end)"
    ends = (f"{one}.{placement} + {one}.size <= {other}.{placement}" for one, other in (("a", "b"), ("b", "a")))
    apart = f"(each a, b in {_MADE} where a.placed and b.placed: {' or '.join(ends)})"
    return " and ".join([*([inside] if window else []), apart, placed])
