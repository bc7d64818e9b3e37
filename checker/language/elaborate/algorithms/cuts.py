"""Regions that are split, and the fields that say where they begin and how long they are."""

from __future__ import annotations

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Span, reject
from checker.language.elaborate.algorithms.unfinished import Unfinished, region_of
from checker.language.elaborate.scope import RegionBinding, Scope
from checker.language.syntax import tree as s
from checker.program import types as t
from checker.program import walk


def split(unfinished: Unfinished, node: s.Split, scope: Scope, region: RegionBinding | None) -> p.Statement:
    """A region that is cut. Raises `Rejected`."""
    if unfinished.within and unfinished.within[-1].beside:
        message = "a region that is split ends its turn, and here the turn is of an entry of another list"
        remedy = "make the pass over the map the inner one: for each entry, walk the map"
        raise reject(LayoutCode.NESTED_PASS, message, node.span, remedy)
    found = region_of(node.region, node.span, scope, region)
    extent = _extent(unfinished, found, node.region.span)
    kind = found.record.record.type_of(extent.start)
    return p.Split(
        found.variable, extent, tuple(unfinished.expressions.expression(each, scope, kind) for each in node.cuts)
    )


def refuse_room(body: tuple[p.Statement, ...]) -> None:
    """Refuse a pass that splits regions and gives others room beside them: that would be room beside what a region was
    before it was split, or beside what its pieces are. Raises `Rejected`."""
    if not walk.has_split(body):
        return
    for each in walk.statements(body):
        if isinstance(each, p.Choose) and each.room is not None:
            message = "room is asked for beside regions that this pass splits"
            raise reject(LayoutCode.CHOSEN_FOR_PIECES, message, each.span, "split in a pass behind")


def _extent(unfinished: Unfinished, region: RegionBinding, span: Span) -> p.Extent:
    """The fields by which a record says where a region begins and how long it is: those of these types, if there
    is one of each. Pages are as large as the record's derived values take them to be."""
    record = region.record.record
    integers = [(n, k) for n, k in record.inputs if isinstance(k, t.Integer) and n not in record.placements]
    starts = [name for name, kind in integers if kind.quantity is t.Quantity.PHYSICAL]
    lengths = [(n, k) for n, k in integers if k.quantity in (t.Quantity.PAGES, t.Quantity.BYTES)]
    if len(starts) != 1 or len(lengths) != 1:
        message = f"`{record.name}` does not say where a region begins and ends"
        remedy = "a record whose regions are split has one field of type `pa`, and one of type `pages` or `bytes`"
        raise reject(LayoutCode.BAD_RECORD, message, span, remedy)
    ((length, kind),) = lengths
    if kind.quantity is t.Quantity.BYTES:
        return p.Extent(starts[0], length, 1)
    members = [each.name for each in region.record.members if isinstance(each, s.Derived)]
    derived = [unfinished.expressions.region_field(region, each) for each in members]
    products = [e for e in walk.expressions(tuple(derived)) if isinstance(e, p.Arith) and e.op is p.Op.MUL]
    sides = [pair for e in products for pair in ((e.left, e.right), (e.right, e.left))]
    counted = p.Field(kind, region.variable, length)
    pages = {by.value for of, by in sides if of == counted and isinstance(by, p.Const) and by.type == t.BYTES}
    if len(pages) != 1:
        message = f"`{record.name}` does not say how large a page is"
        remedy = f"add `derive size: bytes = {length} * EFI_PAGE` to the record"
        raise reject(LayoutCode.BAD_RECORD, message, span, remedy)
    return p.Extent(starts[0], length, pages.pop())
