"""A loop that moves what stays in a map together, as a pass that drops the others.

The one form that is read, with the names of the function and, for the struct and its size, those of the binding:

    for (i = removed = 0; in < end; i++) {
        if (CONDITION) {
            if (out != in)
                memcpy(out, in, SIZE);
            out = (void *)out + SIZE;
        } else {
            removed++;
        }
        in = (void *)in + SIZE;
    }

with `out` and `in` at the first byte of the map and `end` behind the last one before it, and none of them set
elsewhere.

*Sound*: `out` is never ahead of `in`, which goes forward by one descriptor a turn; so an entry is read before anything
is written over it, and written once. When the loop has ended, what lies from the first byte to `out` are the entries of
which the condition holds, in their order, and `removed` counts the others: the map of as many descriptors less than
before is the map without those. That the caller makes it so long is said by the binding, where it says what
the call that installs the map does. Any other form, also one that means the same, is refused.
"""

from __future__ import annotations

import re

from checker.base.values import frozen
from checker.csource.binding import Sieve
from checker.csource.lower.effects import assigned_in
from checker.csource.syntax.parse import CNode, not_understood

_ZEROED = re.compile(r"(?:\w+=)+0")


@frozen
class Sifting:
    """A loop that was recognised: the pointer to the region of the turn, the condition under which it stays, and the
    variables that count."""

    pointer: str
    kept: CNode
    counters: tuple[str, ...]


def sifting(function: CNode, node: CNode, sieve: Sieve) -> Sifting:
    """Read a `for` of a function that the binding calls a sieve. Raises `Rejected` where it has another form."""
    refusal = not_understood(node, "a loop that moves regions together in another form than the known one")
    first, asked, step = node.maybe("initializer"), node.maybe("condition"), node.maybe("update")
    parts = node.part("body").parts
    if first is None or asked is None or step is None or len(parts) != 2 or asked.kind != "binary_expression":
        raise refusal
    source, end = _bare(asked.part("left")), _bare(asked.part("right"))
    branch, advance = parts
    alternative = branch.maybe("alternative") if branch.kind == "if_statement" else None
    if alternative is None or asked.part("operator").text != "<":
        raise refusal
    kept = branch.part("consequence").parts
    lost = alternative.parts[0].parts if len(alternative.parts) == 1 else ()
    if len(kept) != 2 or len(lost) != 1 or kept[0].kind != "if_statement" or kept[0].maybe("alternative") is not None:
        raise refusal
    target = _bare(kept[1]).partition("=")[0]
    removed = _bare(lost[0]).removesuffix("++;")
    counters = tuple(_bare(first).split("=")[:-1])
    copied = kept[0].part("consequence")
    if copied.kind == "compound_statement" and len(copied.parts) == 1:
        copied = copied.parts[0]
    expected = [
        (_bare(kept[0].part("condition")), f"({target}!={source})"),
        (_bare(copied), f"memcpy({target},{source},{sieve.size});"),
        (_bare(kept[1]), f"{target}=(void*){target}+{sieve.size};"),
        (_bare(advance), f"{source}=(void*){source}+{sieve.size};"),
        (_bare(lost[0]), f"{removed}++;"),
    ]
    if any(found != wanted for found, wanted in expected) or _ZEROED.fullmatch(_bare(first)) is None:
        raise refusal
    if removed not in counters or not set(assigned_in(step)) <= set(counters) - {removed}:
        raise refusal
    _starts(function, node, {target: sieve.start, source: target, end: sieve.end})
    inside = branch.part("condition")
    if {target, source, end, removed} & set(assigned_in(inside)):
        raise refusal
    return Sifting(source, inside, counters)


def _starts(function: CNode, loop: CNode, wanted: dict[str, str]) -> None:
    """Refuse a function in which pointers do not begin where they are to, or are set or pointed to elsewhere."""
    begun: dict[str, str] = {}
    for each in function.within():
        if each.kind == "init_declarator" and each.part("declarator").kind == "pointer_declarator":
            name = each.part("declarator").part("declarator").text
            if name in begun:
                raise not_understood(each, "two pointers of one name in a loop that moves regions together")
            begun[name] = _bare(each.part("value"))
    if any(begun.get(name) != first for name, first in wanted.items()) or len(wanted) != 3:
        raise not_understood(loop, "a loop that moves regions together and does not begin at the map's first byte")
    changes = ("update_expression", "pointer_expression")
    changed = [each.part("left").text for each in function.within() if each.kind == "assignment_expression"]
    changed += [each.part("argument").text for each in function.within() if each.kind in changes]
    target, source, end = wanted
    if [changed.count(each) for each in (target, source, end)] != [1, 1, 0]:
        raise not_understood(loop, "a loop that moves regions together by pointers that are set elsewhere too")


def _bare(node: CNode) -> str:
    return "".join(node.text.split())
