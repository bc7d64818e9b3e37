"""Random `.layout` text: `modules()` derives any text that the grammar allows, `programs()` makes algorithms that load.

`modules()` reads grammar.lark itself, so that a new construct is generated without being added here; `RULES` names all
that there are. `programs()` draws well-typed text, construct by construct, over the `MemoryMap` of spec/uefi.layout.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from random import Random

from hypothesis import strategies as st
from lark.grammar import NonTerminal, Rule, Terminal
from lark.lexer import PatternStr

from checker.language.syntax.parse import parser
from tests.writers.texts import programs

__all__ = ["GAPS", "RULES", "Derivation", "derivations", "derived", "modules", "programs"]

# --- any text of the grammar -----------------------------------------------------------------------------------------

WORDS = {
    "NAME": ("a", "b_2", "cursor", "layout", "before", "from", "check", "LONG_NAME_TO_BREAK_LINES_WITH"),
    "INTEGER": ("0", "7", "4K", "64G", "0xffff_0000", "1_000"),
    "STRING": ('""', '"why, and {r} # where"'),
    "RULE": ("assumption", "property"),
    "ASSIGN": ("=", "+=", "-=", "+%=", "-%=", "|=", "&="),
    "COMPARISON": ("==", "!=", "<=", ">=", "<", ">"),
    "BITOP": ("|", "&", "^"),
    "SHIFT": ("<<", "<<%", ">>"),
    "ADDOP": ("+", "-", "+%", "-%"),
    "MULOP": ("*", "*%", "/", "%"),
    "AS": ("as", "as%"),
}
"""What a terminal that is not a fixed word may look like."""

GAPS = (" ", " ", " ", " ", " ", "\n", "\n\n", "\n    ", "  # behind\n", "\n# alone\n", "\n\n\n# apart\n\n")


def rule_name(rule: Rule) -> str:
    """The name under which the tree builder knows a rule."""
    return str(rule.alias or rule.origin.name)


@cache
def _rules() -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = defaultdict(list)
    for rule in parser().rules:
        rules[rule.origin.name].append(rule)
    return rules


@cache
def _depths() -> dict[str, int]:
    """The depth of the smallest text of each symbol."""
    depths: dict[str, int] = {}
    changed = True
    while changed:
        changed = False
        for name, rules in _rules().items():
            known = [d for d in (_depth(rule, depths) for rule in rules) if d is not None]
            if known and min(known) != depths.get(name):
                depths[name] = min(known)
                changed = True
    return depths


def _depth(rule: Rule, depths: dict[str, int]) -> int | None:
    parts = [depths.get(symbol.name) for symbol in rule.expansion if isinstance(symbol, NonTerminal)]
    return None if None in parts else 1 + max((part for part in parts if part is not None), default=0)


_FAR = 1_000


@cache
def _distances(wanted: str) -> dict[str, int]:
    """How many rules must be applied to a symbol before ``wanted`` is."""
    distances: dict[str, int] = {}
    changed = True
    while changed:
        changed = False
        for name, rules in _rules().items():
            nearest = min(_steps(rule, wanted, distances) for rule in rules)
            if nearest < distances.get(name, _FAR):
                distances[name] = nearest
                changed = True
    return distances


def _steps(rule: Rule, wanted: str, distances: dict[str, int]) -> int:
    if rule_name(rule) == wanted:
        return 0
    return 1 + min((distances.get(s.name, _FAR) for s in rule.expansion if isinstance(s, NonTerminal)), default=_FAR)


RULES = frozenset(rule_name(rule) for rule in parser().rules if not rule.origin.name.startswith("_"))
"""Every rule of the grammar, by the name of the tree builder's method."""

_FIXED = {t.name: t.pattern.value for t in parser().terminals if isinstance(t.pattern, PatternStr)}


def _spellings(terminal: str) -> tuple[str, ...]:
    return WORDS.get(terminal) or (_FIXED.get(terminal) or terminal.strip("_").lower(),)


@dataclass
class Derivation:
    """A text, the rules that it was derived with, and how much it may still grow."""

    random: Random
    wanted: str
    size: int
    words: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def derive(self, name: str, depth: int, seek: bool = True) -> None:
        """Append a text of the symbol ``name`` that nests at most ``depth`` deep, or as little as it can.

        With ``seek``, the rule that is wanted must occur in it.
        """
        depths, distances = _depths(), _distances(self.wanted)
        self.size -= 1
        limit = max(depths[name], 0 if self.size < 0 else depth)
        choices = [r for r in _rules()[name] if (_depth(r, depths) or 0) <= limit]
        if seek:
            steps = [_steps(rule, self.wanted, distances) for rule in _rules()[name]]
            most = _FAR if depth > 15 else min(steps) + 1
            choices = [rule for rule, far in zip(_rules()[name], steps, strict=True) if far < most]
        rule = self.random.choice(choices)
        self.used.add(rule_name(rule))
        below = [symbol.name for symbol in rule.expansion if isinstance(symbol, NonTerminal)]
        carrier = min(below, key=lambda name: distances.get(name, _FAR), default="")
        seek = seek and rule_name(rule) != self.wanted
        for symbol in rule.expansion:
            if isinstance(symbol, Terminal):
                self.words.append(self.random.choice(_spellings(symbol.name)))
            else:
                self.derive(symbol.name, limit - 1, seek and symbol.name == carrier)
                seek = seek and symbol.name != carrier


def derived(random: Random, wanted: str, size: int, depth: int = 30) -> tuple[str, frozenset[str]]:
    """A text that the grammar allows, with odd spacing and comments, and the names of the rules that it uses, which
    ``wanted`` is one of."""
    derivation = Derivation(random, wanted, size)
    derivation.derive("module", depth)
    gaps = random.choice((GAPS, GAPS[:1], GAPS[:8]))
    text = random.choice(("", "# first\n", "\n\n"))
    for word in derivation.words:
        text += word + random.choice(gaps)
    return text, frozenset(derivation.used)


@st.composite
def derivations(draw: st.DrawFn, wanted: str | None = None) -> tuple[str, frozenset[str]]:
    """What `derived` makes; ``wanted`` is a rule that the text uses, by default any."""
    goal = wanted or draw(st.sampled_from(sorted(RULES)))
    return derived(Random(draw(st.integers(0, 1 << 32))), goal, draw(st.integers(0, 150)))


def modules() -> st.SearchStrategy[str]:
    """Texts that the grammar allows, whatever they mean."""
    return derivations().map(lambda pair: pair[0])
