"""A picture for a terminal: a line for each region, lowest first; 80 columns, and readable without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from checker.memmap import PAGE_SIZE
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.pictures.picture import MemoryKind, Panel, Picture, PicturedRegion, Standing
from checker.report.values import about

ROWS = 60
"""Lines that a panel takes at most, about; where it has more regions, neighbours share a line."""

_BAR = 16
_NAME = 29

_STYLES = {
    None: Style.PLAIN,
    Standing.BROKEN: Style.BAD,
    Standing.MOVED: Style.UNSURE,
    Standing.CHANGED: Style.UNSURE,
    Standing.APPEARED: Style.GOOD,
    Standing.GONE: Style.UNSURE,
}

Group = Sequence[PicturedRegion]


def picture_lines(picture: Picture) -> list[Line]:
    """Draw a picture as lines of text."""
    lines = [line(Piece(clean(picture.title), Style.STRONG))]
    for panel in picture.panels:
        lines += [line(), *_panel_lines(panel)]
    lines += [line(), *_legend(picture)] if any(panel.regions for panel in picture.panels) else []
    return lines + [line(clean(remark)) for remark in picture.remarks]


def _panel_lines(panel: Panel) -> Iterator[Line]:
    yield line(Piece(clean(panel.title), Style.STRONG), f" ({clean(panel.axis)}, lowest first)")
    if len(panel.regions) > ROWS:
        yield line(Piece("  neighbours share a line, with what is free between them", Style.DIM))
    ordered = sorted(panel.regions, key=lambda each: (each.start, each.end))
    reached: int | None = None
    landmarks = sorted(panel.landmarks)
    for group in _groups(ordered):
        start = group[0].start
        while landmarks and landmarks[0][0] <= start:
            address, words = landmarks.pop(0)
            yield from _gap(reached, address)
            yield _landmark(address, words)
            reached = max(reached or 0, address)
        yield from _gap(reached, start)
        overlaps = reached is not None and start < reached and group[0].end > start
        yield from _group_lines(group, overlaps=overlaps)
        reached = max(reached or 0, *(each.end for each in group))
    for address, words in landmarks:
        yield from _gap(reached, address)
        yield _landmark(address, words)
        reached = max(reached or 0, address)
    if panel.absent:
        shown = ", ".join(map(clean, panel.absent[:8])) + (", ..." if len(panel.absent) > 8 else "")
        yield line(f"  no place here: {len(panel.absent)} region{'' if len(panel.absent) == 1 else 's'} ({shown})")


def _gap(reached: int | None, start: int) -> Iterator[Line]:
    """Tell of what is free between two addresses."""
    if reached is not None and start > reached:
        yield line(Piece(f"  {'':18}  {about(start - reached):>9}", Style.DIM))


def _landmark(address: int, words: str) -> Line:
    return line(Piece(f"  {address:#18x}  {'':9}  {'-' * _BAR}  {clean(words)}", Style.DIM))


def _groups(ordered: Sequence[PicturedRegion]) -> Iterator[Group]:
    """Return neighbours that share a line: each alone where there are few regions, or where it stands out."""
    share = -(-len(ordered) // ROWS)
    out = sum(each.standing is not None for each in ordered)
    if share == 1:
        yield from ([each] for each in ordered)
        return
    for standing, run in groupby(ordered, key=lambda each: each.standing):
        regions = list(run)
        step = 1 if standing is not None and out <= ROWS else share
        yield from (regions[at : at + step] for at in range(0, len(regions), step))


def _group_lines(group: Group, *, overlaps: bool) -> Iterator[Line]:
    first, start = group[0], group[0].start
    size = max(each.end for each in group) - start
    sign = first.standing.sign if first.standing is not None else " "
    bar = _bar(group, size)
    name = f"{first.key}  {first.type_name}"
    if len(group) > 1:
        types = list(dict.fromkeys(each.type_name for each in group))
        name = f"{len(group)} regions: {', '.join(types)}"
    words = first.size if len(group) == 1 else about(size)
    text = f"{sign} {start:#18x}  {words:>9}  {bar:{_BAR}}  {_cut(clean(name))}"
    yield line(Piece(text, _STYLES[first.standing]))
    notes = [] if first.moved_from is None else [f"was at {first.moved_from:#x}"]
    notes += ["lies over the one before"] if overlaps else []
    if notes and len(group) == 1:
        yield line(Piece(f"  {'':18}  {'':9}  {'; '.join(notes)}", _STYLES[first.standing]))


def _cut(text: str) -> str:
    return text if len(text) <= _NAME else f"{text[: _NAME - 3]}..."


def _bar(group: Group, size: int) -> str:
    """Return a bar of letters, each for a kind of memory: twice as much memory is half a letter more."""
    length = min(_BAR, 1 + max(1, size // PAGE_SIZE).bit_length() // 2)
    if len(group) == 1:
        return group[0].kind.letter * length
    return "".join(dict.fromkeys(each.kind.letter for each in group)).ljust(length, "*")[:_BAR]


def _legend(picture: Picture) -> Iterator[Line]:
    regions = [region for panel in picture.panels for region in panel.regions]
    kinds = [kind for kind in MemoryKind if any(region.kind is kind for region in regions)]
    reasons = [reason for reason in Standing if any(region.standing is reason for region in regions)]
    words = [f"{each.letter} {each.title}" for each in kinds] + [f"{each.sign} {each.title}" for each in reasons]
    text = ""
    for word in words:
        if len(text) + 2 + len(word) > 80:
            yield line(Piece(text, Style.DIM))
            text = ""
        text += f"  {word}" if text else word
    yield line(Piece(text, Style.DIM))
