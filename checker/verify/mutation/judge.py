"""One mutant, judged: cheap ways first.

1. The interpreter runs it on maps that are known: those that refute checks of the original, those on which its proofs
   say something, and some that are drawn. A map that keeps what is assumed and breaks what is proved of the original
   kills the mutant.
2. If every layout on these maps is that of the original, it is perhaps equal: it is if only the direction of a pass
   differs, and that does not matter (`directions`); else the solver is asked (`contexts`), and then the checks of what
   runs end with, as in 3, since no layout shows that. A map on which it differs goes the way of those in 1.
3. The checks are decided of the mutant as of any program. One that gets another verdict kills it: what is proved of the
   original is refuted or says nothing, or what is refuted of it is proved. To be refuted kills nothing where the
   original is refuted as well. Where the original has a proof its invariants are tried first, and nothing of them is
   believed (`checker.prove.rechecking`): to show them again costs an eighth of a search.
4. What is left survives, if it is known on which map it differs.

*Sound*: a kill is a verdict of the interpreter on a map, or of the same engine that decides programs; equality is a
proof of that engine, attacked by the interpreter as any, or seen from the text alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path

from checker import program as p
from checker.base.values import frozen, mutable
from checker.interpret import holds, violation
from checker.library import Program
from checker.program.node import Node
from checker.program.slice import slice_for
from checker.program.valuation import Valuation
from checker.prove import Result, Verdict, recheck
from checker.verify import replay
from checker.verify.mutation.choices import ways_to_turn
from checker.verify.mutation.contexts import RunContext, contexts
from checker.verify.mutation.directions import DirectionDifference, difference_in_direction
from checker.verify.mutation.maps import as_maps_of
from checker.verify.mutation.mutants import Mutant, mutated
from checker.verify.mutation.outcomes import Equal, Fate, JudgedMutant, Killed, LayoutDifference, Survived, Undecided
from checker.verify.plan import Task, plan
from checker.verify.run import Options, attack, prove

_SAID = (Verdict.PROVED, Verdict.REFUTED, Verdict.VACUOUS)
"""The verdicts that say something of every map, or show one."""


@frozen
class Known:
    """Checks of the original that are decided together: its verdicts, and maps to try."""

    task: Task
    results: tuple[Result, ...]
    maps: tuple[Valuation, ...]

    @property
    def effort(self) -> int:
        """The price of the verdicts."""
        return sum(each.cost.effort for each in self.results)

    @property
    def proved(self) -> tuple[p.Check, ...]:
        """The checks that the original fulfils."""
        return tuple(each.check for each in self.results if each.verdict is Verdict.PROVED)


def judge(program: Program, known: Sequence[Known], mutant: Mutant, options: Options) -> JudgedMutant:
    """Tell what becomes of a mutant of a program."""
    began = time.monotonic()
    judging = _Judging(program, known, mutant, options)
    fate = judging.fate()
    return JudgedMutant(mutant, fate, judging.effort, time.monotonic() - began)


@mutable
class _Judging:
    program: Program
    known: Sequence[Known]
    mutant: Mutant
    options: Options
    effort: int = 0
    unsure: list[str] = field(default_factory=list)
    """The questions that the solver did not decide."""

    def fate(self) -> Fate:
        """Go the ways, in turn."""
        differs = False
        for each in self.known:
            killed, other = self._on_maps(each, each.maps)
            if killed is not None:
                return killed
            differs = differs or other
        turned = None if differs else difference_in_direction(self.mutant.original, self.mutant.algorithm)
        if turned is not None:
            return Equal(ordered=turned is DirectionDifference.NOTHING)
        told_apart = None if differs else self._told_apart()
        if isinstance(told_apart, Equal | Killed):
            return told_apart
        compared = None if differs else self._compared()
        if isinstance(compared, Equal):
            return self._decided(_asks_for_ends) or compared
        if isinstance(compared, LayoutDifference):
            for each in self.known:
                killed, _ = self._on_maps(each, as_maps_of(each.task.subject, compared.values))
                if killed is not None:
                    return replace(killed, searched=True)
        killed = self._decided()
        if killed is not None:
            return killed
        compared = self._compared() if compared is None and differs else compared
        if self.unsure or compared is None:
            return Undecided("; ".join(dict.fromkeys(self.unsure)) or "no map shows a difference")
        return Survived(compared) if isinstance(compared, LayoutDifference) else compared

    def _on_maps(self, known: Known, maps: Sequence[Valuation]) -> tuple[Killed | None, bool]:
        """The first check that one of some maps breaks with the mutant, and whether any layout on them is another."""
        subject = known.task.subject
        whole = self.program.program.scenarios[known.task.scenario]
        changed = mutated(whole, self.mutant)
        added = changed.checks[len(whole.checks) :]
        asked = known.task.beside or known.task.checks
        other = slice_for(changed, (*asked, *added))
        checks = (*known.proved, *(each for each in added if each.assumptions == known.task.checks[0].assumptions))
        differs = False
        for values in maps:
            made = replay.world(other, values)
            if made is None or not holds(known.task.checks[0].assumptions, made):
                continue
            for check in checks:
                if violation(check, made) is not None:
                    return Killed(subject.name, check.label, Verdict.REFUTED, values, searched=False), True
            before = replay.world(subject, values)
            differs = (
                differs
                or before is None
                or any(
                    (layout.regions, layout.identities) != (made.layouts[name].regions, made.layouts[name].identities)
                    for name, layout in before.layouts.items()
                )
            )
        return None, differs

    def _told_apart(self) -> Equal | Killed | None:
        """Ask the solver whether the one expression in which the mutant differs has another value, wherever it is
        looked at: if it never has, nothing else is another; if it has on some map, that may show in a check."""
        for context in contexts(self.program.program, self.mutant.original):
            asked = context.up_to(self.mutant)
            if asked is None:
                return None
            (result,) = self._decide_scenario(asked)
            if result.counterexample is not None:
                for each in self.known:
                    killed, _ = self._on_maps(each, as_maps_of(each.task.subject, result.counterexample))
                    if killed is not None:
                        return replace(killed, searched=True)
            if result.verdict is not Verdict.PROVED:
                return None
        return Equal()

    def _compared(self) -> Equal | LayoutDifference | None:
        """Ask the solver whether all layouts are alike; None where it does not tell."""
        ordered = True
        for context in contexts(self.program.program, self.mutant.original):
            found = self._alike_in(context)
            if isinstance(found, LayoutDifference) and context.record is not None:
                others = (self._alike_in(context, turned) for turned in ways_to_turn(self.mutant.original))
                found = next((each for each in others if isinstance(each, Equal)), found)
            if not isinstance(found, Equal):
                return found
            ordered = ordered and found.ordered
        return Equal(ordered)

    def _alike_in(self, context: RunContext, turned: Collection[str] = ()) -> Equal | LayoutDifference | None:
        scenario, ordered = context.beside(self.mutant, turned)
        # What a file states of passes is for proofs of its checks, and mostly in the way of this one.
        bare = replace(
            scenario, runs=tuple(replace(each, algorithm=each.algorithm.with_children(_bare)) for each in scenario.runs)
        )
        before = len(self.unsure)
        found = self._alike_by(bare, ordered)
        if found is None and bare != scenario:
            del self.unsure[before:]
            found = self._alike_by(scenario, ordered)
        return found

    def _alike_by(self, scenario: p.Scenario, ordered: bool) -> Equal | LayoutDifference | None:
        proved, vacuous = False, ""
        for result in self._decide_scenario(scenario):
            match result.verdict:
                case Verdict.REFUTED if result.counterexample is not None:
                    seen = replay.see(scenario, result.check, result.counterexample)
                    return LayoutDifference(scenario, result.check, result.counterexample, seen)
                case Verdict.PROVED:
                    proved = True
                case Verdict.VACUOUS:
                    # Proved, as all is that is then found to say nothing: where nothing is ever placed, by either, no
                    # address differs. Another claim has to speak of some region: so there are maps.
                    vacuous = result.detail
                case _:
                    self.unsure.append(f"whether layouts differ: {result.verdict}, {result.detail}")
                    return None
        if not proved:
            self.unsure.append(f"whether layouts differ: {vacuous or 'there is nothing that could'}")
        return Equal(ordered) if proved else None

    def _decide_scenario(self, scenario: p.Scenario) -> Iterator[Result]:
        whole = replace(self.program.program, scenarios=(scenario,))
        for task in plan([Program("mutant", Path("mutant"), whole)]):
            yield from self._decide(task)

    def _decide(self, task: Task) -> Iterator[Result]:
        return self._attacked(task, prove(task, self.options))

    def _attacked(self, task: Task, results: Iterator[Result]) -> Iterator[Result]:
        for result, _ in attack(task, results, self.options):
            self.effort += result.cost.effort
            yield result

    def _decided(self, asked_of: Callable[[p.Check], bool] = lambda _: True) -> Killed | None:
        """The first check, of those that are ``asked_of``, that gets another verdict with the mutant; those that cost
        the original the least come first, as one is enough."""
        program = self.program.program
        for known in sorted(self.known, key=lambda each: (not each.proved, each.effort)):
            scenarios = list(program.scenarios)
            at = known.task.scenario
            scenarios[at] = mutated(scenarios[at], self.mutant)
            whole = replace(program, scenarios=tuple(scenarios))
            task = replace(known.task, program=replace(self.program, program=whole))
            left = self._left(known, task, asked_of)
            if not left:
                continue
            positions = tuple(known.task.positions[number] for number in left)
            asked = replace(task, positions=positions, group=known.task.group or known.task.positions)
            for number, result in zip(left, self._decide(asked), strict=True):
                before = known.results[number]
                if result.verdict is before.verdict:
                    continue
                if result.verdict in _SAID:
                    place = task.subject.name, result.check.label
                    return Killed(*place, result.verdict, result.counterexample, searched=True)
                self.unsure.append(f"{result.check.label}: {result.verdict}, {result.detail}")
        return None

    def _left(self, known: Known, task: Task, asked_of: Callable[[p.Check], bool]) -> Sequence[int]:
        """The checks, by their numbers, that say something of the original and that it takes more than a look at to
        know whether they say the same of the mutant, in its ``task``: no run that they are about has changed, they are
        broken on the same map, or the invariants of the old proof do for the new one."""
        before = self.program.program.scenarios[known.task.scenario]
        after = task.program.program.scenarios[task.scenario]
        left = [
            number
            for number, each in enumerate(known.results)
            if each.verdict in _SAID
            and asked_of(each.check)
            and slice_for(before, (each.check,)).runs != slice_for(after, (each.check,)).runs
            and not self._still_broken(task, each)
        ]
        claims = {number: known.results[number].claim for number in left if known.results[number].evidence is not None}
        if not claims:
            return left
        again = recheck(
            task.subject,
            tuple(claims.values()),
            replay,
            self.options.limits,
            beside=task.beside or task.checks,
            words=False,
            renewed=True,
        )
        proved = {
            number
            for number, result in zip(claims, self._attacked(task, again), strict=True)
            if result.verdict is Verdict.PROVED
        }
        return sorted(
            (number for number in left if number not in proved), key=lambda each: known.results[each].cost.effort
        )

    def _still_broken(self, task: Task, before: Result) -> bool:
        """Tell whether a check that the original breaks is broken by the mutant on the same map."""
        found = before.counterexample
        return found is not None and replay.breaks(task.subject, before.check, found)


def _bare(node: Node) -> Node:
    """The same with nothing stated of passes."""
    if isinstance(node, p.Pass):
        node = replace(node, invariants=())
    return node.with_children(_bare)


def _asks_for_ends(check: p.Check) -> bool:
    """Tell whether a check asks what variables are when runs have ended, which no layout shows."""
    return not isinstance(check.goal, p.ExactArithmetic) and any(p.ended(each.formula) for each in check.goal)
