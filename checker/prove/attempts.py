"""Attempts to prove goals, for every length of the maps, with few candidates for invariants and then with more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import field, replace
from itertools import chain, groupby, islice

from checker import program as p
from checker.base.diagnostic import Span
from checker.base.values import frozen, mutable
from checker.program import walk
from checker.prove.invariants.directed import Lacking, Search
from checker.prove.invariants.houdini import follows, inductive
from checker.prove.invariants.induction import gap, lost
from checker.prove.invariants.subject import Subject
from checker.prove.invariants.templates import Candidate, Stage, candidates
from checker.prove.invariants.templates.goals import once_seen
from checker.prove.invariants.vocabulary import Vocabulary
from checker.prove.pieces.afterwards import split_afterwards
from checker.prove.pieces.intervals import apart
from checker.prove.pieces.lasting import lasting
from checker.prove.proof.goals import Goal, GoalProof, SolvedSystem, endings, goals_of, solve
from checker.prove.proof.journal import FinalObligation, LoopInvariants, final
from checker.prove.proof.naming import in_words, worded
from checker.prove.proof.tentative import Tentative
from checker.prove.results import Help, InductionGap, Limits, Outcome, Proved, Refuted, Stated, Worded
from checker.prove.system.inputs import Inputs
from checker.prove.system.loop import Loop, Neighbours
from checker.prove.system.loops.authors import Way
from checker.prove.system.loops.entry_loop import Infer
from checker.prove.system.neighbours import transitive
from checker.prove.system.state import RunVariable
from checker.prove.system.system import Follows
from checker.prove.terms import build
from checker.prove.terms.effort import Effort
from checker.prove.terms.numbers import NoRuleError, Term
from checker.prove.terms.solver import Answer, implied

_FOR_A_GAP = 20_000_000
"""The effort that may go into showing where a proof ends; it is no part of what a check may spend."""

_CLAIMS = 4
"""The most claims about loops that are tried for that."""


@frozen
class Missing:
    """The words for what a proof lacks."""

    what: str


Seen = tuple[int, tuple[str, ...], Neighbours | None, int | None, RunVariable | None]
"""The things that a system looks at: a number of witnesses, entries of lists beside the map, whether the witnesses are
neighbours, which split has parted them, of which variable it is asked whose turn gave it its value."""


def _seen(goal: Goal) -> Seen:
    return goal.count, goal.beside, goal.neighbours, goal.parted, goal.author


@mutable
class Attempts:
    """Attempts to prove goals about the same runs; what was found for one of them helps with the next."""

    given: Inputs
    words: Vocabulary
    goals: Sequence[p.ForAll]
    limits: Limits
    solved: dict[tuple[Seen, Stage], SolvedSystem] = field(default_factory=dict)
    searches: dict[tuple[Seen, Stage], tuple[Search, list[list[Candidate]]]] = field(default_factory=dict)
    """Searches for invariants, with the candidates for those of each loop."""
    tried: dict[int, Candidate] = field(default_factory=dict)
    """The candidates for invariants, by the numbers of their terms."""
    trying: Goal | None = None
    """The goal that was tried last."""
    stated: dict[Span, Help] = field(default_factory=dict)
    """The invariants that the file states and that were tried: as far as they were shown."""
    needed: set[Span] = field(default_factory=set)
    """Those of them on which the last proof rests."""
    likely: set[int] = field(default_factory=set)
    """The numbers of the terms of candidates on which the goals rest that are shown of the check: where a region is
    parted in several places there is a goal for each, and they mostly rest on the same."""

    def begin(self) -> None:
        """Forget what the last proof was about. What helps one check may lead another one astray."""
        self.needed, self.likely, self.trying = set(), set(), None

    def rest(self) -> None:
        """Let go of what takes much memory and can be made again."""
        for search, _ in self.searches.values():
            search.rest()

    def show(self, goal: Goal, effort: Effort, stages: Sequence[Stage] = tuple(Stage)) -> GoalProof | Missing:
        """Try with few invariants, then with more; what is missing, if that is not enough."""
        if isinstance(goal.formula, p.TotalAtMost):
            return Missing("a total cannot be proved")
        self.trying = goal if goal.author is None else self.trying
        missing = Missing("nothing was tried")
        several = len(self.given.scenario.runs) > 1
        at_once = all_at_once(self.given.scenario)
        for stage in (each for each in stages if several or each is not Stage.LOCKSTEP):
            try:
                shown = self._with_all(goal, stage, effort) if at_once else self._with_needed(goal, stage, effort)
            except NoRuleError as reason:
                return Missing(f"there is no rule of proof for {reason.what}")
            if isinstance(shown, GoalProof):
                return shown
            missing = shown
        return missing

    def _with_needed(self, goal: Goal, stage: Stage, effort: Effort) -> GoalProof | Missing:
        """The proof of a goal with those candidates of a stage that it needs; what is missing, if there is none."""
        search, made = self._search(_seen(goal), stage)
        needed = search.prove(endings(goal, search.tentative.solved), effort, self.likely)
        self._tell_of_stated(search, made, effort)
        if isinstance(needed, Lacking):
            return _missing(needed.end, needed.too_hard)
        self.likely |= {search.tentative.term(tag).get_id() for tag in needed}
        solved = search.tentative.only(needed)
        return GoalProof(goal, solved, tuple(endings(goal, solved)))

    def _with_all(self, goal: Goal, stage: Stage, effort: Effort) -> GoalProof | Missing:
        """The proof of a goal with all candidates of a stage that are invariants."""
        solved = self._solve(_seen(goal), stage, effort)
        ends = tuple(endings(goal, solved))
        for end in ends:
            answer = implied(effort, end.premises, end.conclusion)
            if answer is not Answer.UNSAT:
                return _missing(end, answer is Answer.UNKNOWN)
        return GoalProof(goal, solved, ends)

    def _candidates(self, loop: Loop, seen: Seen, stage: Stage) -> list[Candidate]:
        count, beside, *_ = seen
        most = max(count, len(loop.view.seen))
        goals = [each for each in self.goals if not Counter(each.beside) - Counter(beside) and each.arity <= most]
        found = candidates(loop, self.words, goals, self.given, stage)
        for each in found:
            self.tried.setdefault(each.term.get_id(), each)
        return found

    def _search(self, seen: Seen, stage: Stage) -> tuple[Search, list[list[Candidate]]]:
        """The search for invariants of the system with so many witnesses and entries, and the candidates for those of
        each loop."""
        key = (seen, stage)
        if key not in self.searches:
            made: list[list[Candidate]] = []

            def every(loop: Loop, _: Sequence[Term]) -> list[Term]:
                made.append(self._candidates(loop, seen, stage))
                # What is so in a word, as a stated `2 <= 4` is, must not be the same object as some other premise.
                return [build.own(each.term) for each in made[-1]]

            def none(_: Sequence[Term], claims: Sequence[Term]) -> list[bool]:
                return [False] * len(claims)

            self.searches[key] = Search(Tentative(self._system(seen, every, none))), made
        return self.searches[key]

    def _solve(self, seen: Seen, stage: Stage, effort: Effort) -> SolvedSystem:
        """The system with so many witnesses and entries, with all invariants of its loops among the candidates."""
        key = (seen, stage)
        if key not in self.solved:

            def infer(loop: Loop, facts: Sequence[Term]) -> list[Term]:
                found = self._candidates(loop, seen, stage)
                invariants = inductive(loop, facts, [each.term for each in found], effort)
                self._tell(found, {term.get_id() for term in invariants})
                return invariants

            def holding(facts: Sequence[Term], claims: Sequence[Term]) -> list[bool]:
                return follows(facts, claims, effort)

            self.solved[key] = self._system(seen, infer, holding)
        return self.solved[key]

    def _system(self, seen: Seen, infer: Infer, holding: Follows) -> SolvedSystem:
        count, beside, neighbours, parted, author = seen
        return solve(self.given, count, neighbours, infer, holding, parted, beside, author)

    def _tell_of_stated(self, search: Search, made: Sequence[Sequence[Candidate]], effort: Effort) -> None:
        """Find out which of the invariants that the file states hold, whoever needs them; once is enough."""
        for loop, found in enumerate(made):
            stated = [(n, each) for n, each in enumerate(found) if each.stated is not None and not self._known(each)]
            holding = {each.term.get_id() for number, each in stated if search.holds((loop, number), effort)}
            self._tell([each for _, each in stated], holding)

    def _known(self, candidate: Candidate) -> bool:
        """Tell whether a stated candidate was shown to be an invariant, for this goal or one before it."""
        return candidate.stated is not None and self.stated.get(candidate.stated.span) is Help.HOLDS

    def _tell(self, found: Sequence[Candidate], invariants: Collection[int]) -> None:
        """Note which of the stated candidates are invariants; ``invariants`` are the numbers of those that are."""
        tried = ((each.stated.span, each) for each in found if each.stated is not None)
        for span, instances in groupby(tried, key=lambda each: each[0]):
            if all(each.term.get_id() in invariants for _, each in instances):
                self.stated[span] = Help.HOLDS
            else:
                self.stated.setdefault(span, Help.BROKEN)

    # --- what is told of them

    def helped(self, outcome: Outcome) -> tuple[Stated, ...]:
        """Return the use for a check that the stated invariants were which its proof, or the attempt at one, tried."""
        needed = self.needed if isinstance(outcome, Proved) else ()
        tried = () if isinstance(outcome, Refuted) else self.stated.items()
        return tuple(Stated(span, Help.NEEDED if span in needed else found) for span, found in tried)

    def gap(self) -> InductionGap | None:
        """Return where the proof of the last goal that was tried ends, with all that was found for it."""
        goal = self.trying
        if goal is None or not isinstance(goal.formula, p.ForAll):
            return None
        effort = Effort(_FOR_A_GAP, _FOR_A_GAP // 10, seed=self.limits.seed)
        tried = [key for key in (*self.solved, *self.searches) if key[0] == _seen(goal)]
        if not tried:
            return None
        (_, stage), solved = tried[-1], self._solve(*tried[-1], effort)
        simple = in_words(self._solve(*tried[0], effort))
        loops = [entry for entry in final(solved.journal) if isinstance(entry, LoopInvariants)]
        formula = goal.formula

        def claims(loop: Loop) -> list[Term]:
            if loop.view.inner or not loop.view.seen:
                return []
            return list(once_seen(Subject(loop, self.words, (formula,), self.given, stage)))

        for index, claim in islice(lost(loops, claims), _CLAIMS):
            held = tuple(said for said, _ in simple[index])
            found = gap(loops[index], claim, goal.rule, self.given.record, held, effort)
            if found is not None:
                return found
        return None

    def worded(self, proof: Sequence[GoalProof]) -> dict[str, Worded]:
        """The invariants of a proof in words, each with the name of the template that it comes from."""

        def template(term: Term) -> str:
            found = self.tried.get(term.get_id())
            if found is not None and found.stated is not None:
                self.needed.add(found.stated.span)
            return "" if found is None else found.template

        return worded((shown.solved for shown in proof), template)


@mutable
class ProofUnderWay:
    """A proof on its way: the goals of a check that are shown, and the stages that were tried for the next one."""

    check: p.Check
    attempts: Attempts
    way: Way = ()
    """The variables by whose authors it is shown, if it is."""
    shown: list[GoalProof] = field(default_factory=list)
    tried: tuple[Stage, ...] = ()
    before: tuple[Stage, ...] = ()

    def go_on(self, stages: Sequence[Stage], effort: Effort) -> tuple[GoalProof, ...] | Missing:
        """Try further stages, with some effort. Returns what is missing, if the proof is not complete with these."""
        found = self._go_on(stages, effort)
        self.attempts.rest()
        return found

    def _go_on(self, stages: Sequence[Stage], effort: Effort) -> tuple[GoalProof, ...] | Missing:
        self.before = (*self.before, *stages)
        for goal in goals_of(self.check, self.attempts.given.scenario, self.way)[len(self.shown) :]:
            shown = self.attempts.show(goal, effort, self.before[len(self.tried) :])
            if isinstance(shown, Missing):
                self.tried = self.before
                exact = isinstance(self.check.goal, p.ExactArithmetic)
                return shown if exact else Missing(f"{goal.rule}: {shown.what}")
            self.shown.append(shown)
            self.tried = ()
        return tuple(self.shown)


def deduced(given: Inputs, limits: Limits) -> Inputs:
    """The inputs as proofs take them: with passes that do nothing but split, and with all that follows from what is
    assumed, whatever the runs do."""
    given = replace(given, scenario=split_afterwards(given.scenario))
    return lasting(apart(transitive(given, limits.allowance()), limits.allowance()), limits.allowance())


def all_at_once(scenario: p.Scenario) -> bool:
    """Tell whether all invariants of a loop have to be known before what comes after it can be built: how many claims
    about a chain hold decides that; and what is known after a pass in a turn is known of that turn in a word."""
    bodies = (each.body for run in scenario.runs for each in walk.outer_passes(run.algorithm.body))
    return any(run.chained for run in scenario.runs) or any(map(walk.has_pass, chain.from_iterable(bodies)))


def _missing(end: FinalObligation, too_hard: bool) -> Missing:
    """Return what the end of a proof lacks that does not follow."""
    return Missing(f"{end.failing}: the solver ran out of effort" if too_hard else end.failing)
