"""The names that parts of an expression change: to refuse what C leaves open."""

from __future__ import annotations

import re

from checker.base.codes import SourceCode
from checker.base.diagnostic import reject
from checker.csource.syntax.parse import CNode
from checker.csource.syntax.unit import Touched, Unit

_CHANGES = {"assignment_expression": "left", "update_expression": "argument"}
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_CHANGING = re.compile(r"\+\+|--|(?<![=!<>])=(?!=)|<<=|>>=")


def touched(unit: Unit, node: CNode) -> Touched:
    """Return the names that an expression, and the functions that it calls, may change and look at."""
    changed: set[str] = set()
    read: set[str] = set()
    for each in node.within():
        if each.kind in _CHANGES:
            changed.add(root(each.part(_CHANGES[each.kind])))
        if each.kind in ("identifier", "field_identifier"):
            read.add(each.text)
            inner = _of_macro(unit, each.text)
        elif each.kind == "call_expression":
            inner = _of_call(unit, each)
        else:
            continue
        changed |= inner.changed
        read |= inner.read
    return Touched(frozenset(changed), frozenset(read))


def _of_macro(unit: Unit, name: str) -> Touched:
    """Return the names in the text of a macro: all of them may be changed if anything is."""
    if not unit.is_macro(name):
        return Touched()
    key = f"#{name}"
    if key not in unit.touched:
        unit.touched[key] = Touched()
        for body in unit.macro_texts(name):
            names = frozenset(_IDENTIFIER.findall(body))
            found = Touched(names if _CHANGING.search(body) else frozenset(), names)
            for each in names:
                found = found.joined(_of_macro(unit, each))
                if unit.has_function(each) and each not in unit.binding.calls:
                    found = found.joined(touched(unit, unit.function(each).body))
            unit.touched[key] = unit.touched[key].joined(found)
    return unit.touched[key]


def _of_call(unit: Unit, node: CNode) -> Touched:
    function = node.part("function")
    name = function.text
    if function.kind != "identifier" or name in unit.binding.calls or not unit.has_function(name):
        return Touched()
    if name not in unit.touched:
        # A function that calls itself is refused elsewhere: here it adds nothing to itself.
        unit.touched[name] = Touched()
        unit.touched[name] = touched(unit, unit.function(name, node.span).body)
    found = unit.touched[name]
    if "*" not in found.changed:
        return found
    # What a pointer leads to is the caller's, under the name that it has there.
    through = frozenset(each.text for each in node.part("arguments").within() if each.kind == "identifier")
    return found.joined(Touched(through))


def root(node: CNode) -> str:
    """Return the name of what an expression on a left side changes: a variable, a field, or `*`."""
    while node.kind == "parenthesized_expression" and len(node.parts) == 1:
        node = node.parts[0]
    if node.kind == "field_expression":
        return node.part("field").text
    return node.text if node.kind == "identifier" else "*"


def unsequenced(unit: Unit, parts: tuple[CNode, ...], assigns: CNode | None = None, *, twice: bool = False) -> None:
    """Refuse parts of which one changes what another one looks at, or changes, since C does not say which is first.
    ``assigns`` is what the whole changes beside, ``twice`` that the one part may be done any number of times. Raises
    `Rejected`."""
    found = [touched(unit, part) for part in parts]
    for number, part in enumerate(parts):
        changes = found[number].changed
        if not changes:
            continue
        others = [*found[:number], *found[number + 1 :]]
        clash = changes & frozenset(name for other in others for name in other.read | other.changed)
        if assigns is not None:
            clash |= changes & {root(assigns)}
        if twice or clash or ("*" in changes and any(other.read for other in others)):
            named = ", ".join(sorted(clash)) or "something"
            message = f"`{part.span.short[:60]}` changes {named} in an expression that uses it elsewhere"
            raise reject(SourceCode.UNDEFINED, message, part.span, "write it as two statements")


def assigned_in(node: CNode) -> list[str]:
    """Return the names of the variables that are set somewhere in a statement, each once."""
    found: dict[str, None] = {}
    for each in node.within():
        left = each.maybe("left") if each.kind == "assignment_expression" else None
        left = each.maybe("argument") if each.kind == "update_expression" else left
        if left is not None and left.kind == "identifier":
            found[left.text] = None
    return list(found)
