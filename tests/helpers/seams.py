"""The seams of the checker: where faults are put, by what is decided there.

Whoever renames or moves a function changes one line here; the faults and their table speak of the idea.
"""

from __future__ import annotations

from checker.interpret import evaluate, execute, indices, judge, room, world
from checker.interpret.machine import RunState
from checker.program import Index, Mark, Node, Record, lower, slice, walk
from checker.prove import attempts, engine, grouping, rechecking
from checker.prove.invariants import core, directed, houdini, vocabulary
from checker.prove.invariants.templates import Family
from checker.prove.pieces import (
    afterwards,
    cuts,
    elements,
    idle,
    intervals,
    keys,
    lasting,
    previous,
    shares,
    splitting,
    tallies,
)
from checker.prove.pieces.places import PlacedSums
from checker.prove.proof import by_author, compared_totals, goals, journal, smtlib, tentative, vacuity, watch
from checker.prove.search import shapes, shrink, unroll
from checker.prove.search.execution import Execution
from checker.prove.system import chains, claims, history, inputs, loop, neighbours, receive, receivers, turn
from checker.prove.system.loop import Track
from checker.prove.system.loops import authors, between, entry_loop, head
from checker.prove.system.loops.entry_loop import EntryLoopBuilder
from checker.prove.system.loops.region_loop import LoopBuilder
from checker.prove.system.loops.stand_ins import StandIns
from checker.prove.system.system import System
from checker.prove.system.totals import Totals
from checker.prove.terms import build, encode, numbers, sexpr
from checker.prove.terms.encode import Environment
from checker.prove.terms.solver import Solver
from checker.verify import certificate, replay
from tests.helpers.patching import Seam, Table

TRAVEL = Table("the way in which a list travels", receivers, "_TRAVEL")

WRAP = Seam("a number wrapped to its type", numbers.wrap)
WRAP_ONCE = Seam("a sum or difference wrapped once", numbers.wrap_once)
COMPARE_NUMBERS = Seam("two numbers compared", numbers.compare)
IN_RANGE = Seam("the range of a type", numbers.in_range)
MASK = Seam("a number under a mask", numbers.mask)
REMAINDER = Seam("a remainder by a power of two", numbers.remainder)
COMMON_SCALE = Seam("the scale that two numbers share", numbers.common_scale)
ENCODE = Seam("an expression as a term", encode.encode)
CONVERT = Seam("a cast", encode._convert)
ARITHMETIC = Seam("an arithmetic operator", encode._arith)
UNDER_CONDITION = Seam("what is evaluated under a condition", Environment.under)
ASK_SOLVER = Seam("the answer of the solver", Solver.check)
OF_STATE = Seam("terms that speak of the state alone", sexpr.of_state)
STATE_VARIABLES = Seam("what an invariant may speak of", sexpr.state_variables)

VISIT = Seam("the visit of a region in a pass", turn.visit)
FILTER_ENVIRONMENT = Seam("what the expressions of a turn see and owe", turn.Turn.environment)
CHOOSE = Seam("a choice", turn.choose)
ENDS = Seam("what a run ends with", turn.ends)
ROOM = Seam("room beside another region", turn._apart)
STATEMENT = Seam("a statement in a turn", turn._statement)
BRANCH = Seam("a conditional in a turn", turn._if)

CHILDREN = Seam("the nodes of which a node consists", Node.children)
MARK_EFFECTS = Seam("what a mark says that it changes", Mark.effects)
HAS_PASS = Seam("whether there is a pass in statements", walk.has_pass)
EXITS = Seam("what statements may end", walk.exits)
ASSIGNS = Seam("the variables that statements assign", walk.assigned)
WRITES = Seam("the fields that statements write", walk.writes)
ASKED_WHERE = Seam("the layouts of which a property asks what is placed", walk.asked_where)
SLICE = Seam("the part of a scenario that checks are about", slice.slice_for)
RUNS_OF_PROOF = Seam("the runs that a proof is about", slice.about)

ROUNDS = Seam("the rounds of a `while`", lower.repeat)
ROUNDS_OWED = Seam("what a `while` owes after its last round", lower._owed)
PLACED_MARK = Seam("the mark of a place", Record.placed)
PLACED_MARKS = Seam("the marks of all places", Record.placed_marks)
INPUTS = Seam("what is given", inputs.inputs)
NUMBER_VARIABLE = Seam("the variable of a number that a quantifier ranges over", Index.variable)
ASSUME_OF_ONE = Seam("what is assumed of one region", inputs.alone)
ASSUME_OF_TWO = Seam("what is assumed of two regions", inputs.pair)
ASSUME_TOGETHER = Seam("what is assumed of two regions of one map", inputs.together)
SUBTRACTS = Seam("amounts that may be smaller than their parts", inputs._subtracts)
TOTAL_AMOUNT = Seam("what a region adds to a total", inputs.amount)
MEMBER = Seam("the membership in a list", inputs.member)
SCALES = Seam("the fields that are aligned in all maps", inputs._scales)
ABOUT = Seam("the assumptions about one map", inputs._about)
SCALES_IN = Seam("the fields that are aligned in one map", inputs._scales_in)
ALWAYS = Seam("a condition that every region keeps", inputs._always)
MAY_DIFFER = Seam("where maps that are alike may differ", inputs.may_differ)

CUT_FIELD = Seam("a field cut to the width in which it travels", receive._cut)
UNCHANGED_FIELDS = Seam("the fields that arrive as they left", receive.unchanged_fields)
RECEIVE = Seam("a region as it is received", receive.receive)

FORGET = Seam("the end of a block", loop.Track.forget)
IN_STEP = Seam("all that passes have alike that go in step", loop.Track.way)
BOUND_TOTALS = Seam("the bounds of totals in a turn", Totals.bounds)
COUNTED_BEFORE = Seam("what is left of a total", Totals._unless)
SELECTED_BEFORE = Seam("a region that an earlier pass has selected", Totals.selected)
VISITING_ORDER = Seam("the order in which a pass comes to the witnesses", LoopBuilder._visiting)
ANY_OTHER_REGION = Seam("any other region than the witnesses", LoopBuilder._anonymous)
STEP = Seam("one turn as a step of a loop", LoopBuilder._step)
BUILD_LOOP = Seam("a loop put together", LoopBuilder.build)
TURN = Seam("a turn of one kernel", LoopBuilder._turn)
CHOICE_IN_PASS = Seam("the variable of a choice in a pass", LoopBuilder._fresh)
JOINS_LATER = Seam("regions that join a list later", between.passes_after)
NONE_BETWEEN = Seam("that no region of a map stands between two neighbours", between.none_between)
SAME_TERM = Seam("whether two terms are the same", build.identical)
TRANSITIVITY = Seam("what has to hold for an assumption to be transitive", neighbours.transitivity)
ASSUMED_OF_NEIGHBOURS = Seam("what is assumed of two neighbours", neighbours.assumed_of)
RECALL = Seam("what is known of another region from earlier passes", StandIns.history)
STANDS_ALIKE = Seam("where another region stands as a witness does in whose place it is", StandIns.applying)
ROLES = Seam("the region whose turn it is in the place of a witness", StandIns.roles)
COUNT_IN_PASS = Seam("the sum of a pass after a turn", Totals._count)
OWNED = Seam("whose a variable is", history.Owners.record)
ENTER_TURN = Seam("a region as its turn begins", LoopBuilder._entering)

CUT = Seam("the pieces into which a region is cut", cuts.cut)
FIXED_ADDRESS = Seam("an address that is the same after all turns", afterwards._is_fixed)
NOTES = Seam("what is noted of a region that is to be split", afterwards._notes)
NOTED_SPLITS = Seam("a turn that notes what is to be split", afterwards._noted)
SPLIT_AFTERWARDS = Seam("the pass that splits what is noted", afterwards._afterwards)
NUMBER_OF_PIECE = Seam("a region as its piece with some number", elements.made)
OTHER_PIECES = Seam("the regions of which other pieces have turns", LoopBuilder._regions)
DIFFERENT_PIECES = Seam("two pieces of one region that are not the same", elements.different)
ORDER_OF_PIECES = Seam("the order of two pieces of one region", splitting._apart)
PART_WITNESSES = Seam("one witness that becomes two", splitting._part)
COUNTED = Seam("that a region counts if a piece of it does", lasting.counted)
NO_MORE = Seam("that regions hold no more after a turn", lasting.no_more)
LASTING_APPLIES = Seam("where a bound on a total lasts", lasting.applies)
HOLDING = Seam("what an element holds of a total", lasting.holding)
PART_OF_WHOLE = Seam("that what was added up is part of the whole", tallies.within)
IS_IDLE = Seam("a pass that is never made", Track.is_idle)
WHY_VACUOUS = Seam("why a property says nothing", vacuity.why_vacuous)
IDLE = Seam("the passes that are never made", idle.idle)
NEVER = Seam("a condition that arguments make false", slice.never)
IDLE_SPLIT = Seam("a pass that never splits", slice._is_idle)
NEVER_SET = Seam("the marks that nothing else sets", slice._never_set)
LIES_APART = Seam("that regions lie apart", intervals.two_apart)
LIES_BETWEEN = Seam("that regions lie between two addresses", intervals.one_between)
ROOM_BETWEEN = Seam("how much lies between two addresses", intervals.room)
CONSTANTS_BETWEEN = Seam("how much lies between two constants", intervals._between)
ABOVE = Seam("which of two constants is above the other", intervals._is_above)
PLACED_BOUNDS = Seam("that what is placed is part of the total", PlacedSums.bounds)
PLACED_AFTER = Seam("what is placed after a turn", PlacedSums.after)
ADDED_UP = Seam("the sums that a loop adds up", System._added_up)
SHARE = Seam("the part that a piece has in an amount", shares.share)

WRITTEN_BEFORE = Seam("a field of a region that may be the one before", previous.written)
MOVED_BEFORE = Seam("which region is the one before after a turn", previous.moved)
AUTHORS_AFTER = Seam("in whose turn a variable got its value", authors.Authors.after)
AUTHORS_AFTER_STATEMENT = Seam("a variable that gets a value outside passes", authors.Authors.after_statement)
PARTS_BY_AUTHORS = Seam("the parts that are shown by authors", by_author.parts_by)
BY_AUTHOR = Seam("what is to be shown of the author of a variable", by_author.by_author)
IN_ORDER_OF_KEY = Seam("the order of a pass by a key", keys.in_order_of_key)
AT_RANK = Seam("the place of a region among all that are sorted", keys.at_rank)
REACHES = Seam("the fields that turns write to the region before", walk.reaches)

RECEIVES_EARLY = Seam("a kernel that need not wait for the one before", receivers.received_early)
GIVER = Seam("the kernel that a receiver is in step with", receivers.giver_of)
LEAVE_PASS = Seam("the state after a pass", System._leave)
SET_UP = Seam("where regions come from", System.__post_init__)
ENTER_PASS = Seam("the beginning of a pass", System.enter)
STRAIGHT = Seam("a statement outside passes", System._straight)
OWE = Seam("what operators outside passes owe", System.add_obligations)
CHOICE_OUTSIDE = Seam("the variable of a choice outside passes", System._fresh)
CHAIN_CLAIMS = Seam("the claims that every kernel of a chain keeps", chains._keep)
CHAIN = Seam("a chain of kernels", chains.follow)
RECEIVED = Seam("what a kernel receives", receivers.received)
KERNEL_OF_CHAIN = Seam("a kernel run on what it received", chains._kernel)
CHAIN_CHECKS = Seam("what checks say of a chain", claims.of_checks)
CHAIN_QUESTION = Seam("what the kernels of a chain ask of a region", claims._answer)

SIEVE = Seam("the candidates that survive", houdini._Filter.sieve)
SIEVE_QUERY = Seam("the query that tries candidates", houdini._Filter.__init__)
INDUCTIVE = Seam("the candidates that are inductive", houdini.inductive)
KEPT_BY_TURN = Seam("that on which it rests that a turn keeps candidates", directed.Search._behind)
TURN_ASKED = Seam("a turn of which is asked what it keeps", directed.Search._question)
WITHOUT_IDLE = Seam("a core without what is idle in it", directed._Question._without_idle)
PREMISES_FOR_CANDIDATES = Seam("the premises that are there because of candidates", tentative.Tentative.premises)
ONLY_NEEDED = Seam("the system with the needed invariants alone", tentative.Tentative.only)
VOCABULARY = Seam("the words that invariants are made of", vocabulary.vocabulary)
WITNESS_REGIONS = Seam("the witnesses that a goal speaks of", vocabulary.witness_regions)
WITNESSES_NEEDED = Seam("how many witnesses a goal needs", goals.Goal.count)
TEMPLATES = Seam("the templates", Family.terms)
CORE = Seam("the invariants that a proof needs", core._needed)
CORE_PREMISES = Seam("the invariants behind a conclusion", core._Premises)

GOALS = Seam("the goals of a check", goals.goals_of)
CLAIM = Seam("a goal claimed of the witnesses", goals._claim)
ASSUME_OF_LAYOUTS = Seam("what is assumed of layouts", goals._late)
COUNTERPARTS = Seam("counterparts that may be different regions", goals._split)
ENDINGS = Seam("what has to be shown in the end", goals.endings)
HAS_TO_APPLY = Seam("the formulas that have to say something", goals.nonvacuous_formulas)

OBLIGATIONS_OF_LOOP = Seam("the obligations of a loop", journal._of_loop)
OBLIGATIONS_OF_CHAIN = Seam("the obligations of a chain", journal._of_journal)
DIGEST = Seam("the digest of a proof", smtlib.digest)
OBLIGATIONS = Seam("the obligations of a proof", journal.parts)
PREMISES_NEEDED = Seam("the premises of an obligation", journal._needed)
SMTLIB = Seam("an obligation as SMT-LIB text", smtlib.body)

NOT_VACUOUS = Seam("a proof that says something", engine._Group._not_vacuous)
SPEAKS = Seam("a map on which a property says something", engine._Group._speaks)
ADMITTED = Seam("a proof that has room for a run that exists", watch.admitted)
GROUPS = Seam("the checks that are proved together", grouping.groups)
SOLVE = Seam("the system that goals share", attempts.Attempts._system)
SEARCH = Seam("the search for a counterexample of one shape", engine._Group._search_shape)

APPLIES = Seam("a property that applies to unrolled runs", unroll.Unrolled.applies)
INSTANCES = Seam("the instances of a property in unrolled runs", unroll.Unrolled.instances)
UNROLLED_ASSUMPTIONS = Seam("what is assumed of unrolled layouts", unroll.Unrolled._late)
EXHAUSTIVE = Seam("a length of which every shape is searched", shapes.exhaustive)
SHAPES = Seam("the shapes of a length", shapes.shapes)
SIMPLIFY = Seam("a counterexample made simpler", shrink.simplify)

RECHECK_OBLIGATION = Seam("an obligation shown again", rechecking._Group._show)
RECHECK_PROOF = Seam("a claimed proof rechecked", rechecking._Group._proved)
RECHECK = Seam("a claim rechecked", rechecking._Group.recheck)
DECIDE_AGAIN = Seam("a claim without evidence", rechecking._Group._again)

SEAL = Seam("a certificate with its digest", certificate.Certificate.sealed)
STATED = Seam("the checks that a program states", certificate._stated)
OPEN_CERTIFIED = Seam("the program that a certificate is about", certificate._opened)
READ_CLAIMS = Seam("the claims of a certificate", certificate.read_claims)

JUDGE_VALUES = Seam("the values of a counterexample judged", replay._legal)
JUDGE_CHOICES = Seam("the choices of a counterexample judged", replay._chooser)
JUDGE_BREAKS = Seam("a counterexample judged", replay.breaks)
JUDGE_APPLIES = Seam("a map judged on which a property should apply", replay.applies)

RUN_ALIKE = Seam("maps that are alike, on given values", world.alike)
RUN_SCENARIO = Seam("a scenario run on given values", world.realise)
RUN_HANDOVER = Seam("a hand-over run on given values", world._handed)
RUN_WRAP = Seam("a number wrapped by the interpreter", evaluate._cut)
RUN_REMEMBER = Seam("a region that a run remembers", execute._remember)
RUN_DIVIDE = Seam("the pieces of a run put into its list", RunState.divide)
BOUND_OF_TOTALS = Seam("that the bounds of an allowance are within that of a comparison", compared_totals.of_the_bounds)
ADDED_BY_A_REGION = Seam("what any region adds to totals", compared_totals.of_any_region)
ALLOWANCE = Seam("the bounds on totals that a comparison may use", compared_totals.allowance)
SPLITS_BEHIND = Seam("the runs that have split the regions of a list", compared_totals._splits_behind)
ROWS_OF_TOTALS = Seam("compared totals of lists of given lengths", compared_totals.on_rows)
COUNTED_IN_TOTAL = Seam("the regions that count in a total, to the interpreter", judge.counted)
UNROLLED_VISITS = Seam("the order in which an unrolled pass comes to the rows", Execution._visits)
RUN_SPLIT = Seam("a region that a run splits", execute._split)
RUN_PASS = Seam("a pass run by the interpreter", execute._pass)
RUN_ENDS = Seam("what is known when all runs have ended", world.World.known)
RUN_ROOM = Seam("what is left beside what is placed, in a run", room.left)
RUN_STATEMENT = Seam("a statement run by the interpreter", execute._statement)
JUDGE_TUPLES = Seam("the regions that a formula is about, on given values", judge._tuples)
JUDGE_INSTANCES = Seam("the instances of a formula, on given values", judge._chosen_together)
JUDGE_BOUND = Seam("the end of the numbers that a quantifier ranges over", indices._end)
JUDGE_NUMBERS = Seam("the numbers that are looked at", indices._numbers)

ANY_OTHER_ENTRY = Seam("any other entry than those that are looked at", EntryLoopBuilder._anonymous)
ENTRY_STEP = Seam("the turn of an entry as a step of a loop", EntryLoopBuilder._step)
ACROSS_LISTS = Seam("what is assumed of a region and an entry", inputs.across)
ENTRIES = Seam("the entries that are looked at", inputs.entries)
INNER_TURNS = Seam("the turns of the passes in a turn", entry_loop.inner_turns)
AFTER_INNER = Seam("what is known after a pass in a turn", loop.Nested.known)
OVER_ENTRIES = Seam("a pass over entries in the turn of a region", entry_loop.over_entries)
FITTED = Seam("a loop with scales that every step respects", head.fitted)
VISIT_ENTRY = Seam("the turn of an entry", turn.visit_entry)
