"""A picture as SVG: a column for each panel, the lowest address at its top, the same text for the same picture.

All that comes from files is escaped: names of files, of types and of fields are whatever somebody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from checker.base.values import frozen
from checker.report.lines import clean
from checker.report.pictures.picture import MemoryKind, Panel, Picture, PicturedRegion, Standing
from checker.report.pictures.scale import FEW, Scale, lanes, scale_of, seen_end
from checker.report.values import about

ADDRESS_WIDTH = 140
BAR_WIDTH = 250
GUTTER = 60
MARGIN = 24
"""Lengths are in pixels at the size at which the picture is meant to be read."""

_HEAD = 64
"""Height of what stands over the axes: the title and those of the panels."""

_LINE = 16
_CHARACTER = 6.7
"""Width of a character of a label: 11 pixels high, all of one width."""

_LINKED = 60
"""Regions of a panel up to which the same region in the next panel is linked to it by a line."""


@frozen
class Sheet:
    """A picture with a scale for each of its axes."""

    picture: Picture
    scales: dict[str, Scale]
    number: int

    @property
    def width(self) -> int:
        """The width of the whole, in pixels."""
        return max(480, 2 * MARGIN + len(self.picture.panels) * (ADDRESS_WIDTH + BAR_WIDTH + GUTTER) - GUTTER)

    @property
    def height(self) -> int:
        """The height of the whole, in pixels."""
        longest = max((scale.length for scale in self.scales.values()), default=0)
        return _HEAD + longest + _LINE * (len(self.picture.remarks) + 3) + MARGIN


def sheet_of(picture: Picture, number: int) -> Sheet:
    """Lay a picture out; ``number`` tells it from others on the same page."""
    scales = {}
    for axis in dict.fromkeys(panel.axis for panel in picture.panels):
        panels = [panel for panel in picture.panels if panel.axis == axis]
        few = sum(len(panel.regions) for panel in panels) <= FEW
        scales[axis] = scale_of(panels, least=17 if few else 14, gap=20 if few else 10)
    return Sheet(picture, scales, number)


def style() -> str:
    """Return the style sheet that every drawing needs."""
    return files(__package__).joinpath("picture.css").read_text(encoding="utf-8")


def svg_file(pictures: Sequence[Picture]) -> str:
    """Draw pictures, one under the other, as a file of their own."""
    sheets = [sheet_of(picture, number) for number, picture in enumerate(pictures)]
    width = max((sheet.width for sheet in sheets), default=0)
    parts, top = [], 0
    for sheet in sheets:
        parts.append(f'<g transform="translate(0 {top})">\n{drawing(sheet)}\n</g>')
        top += sheet.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" width="{width}" height="{top}"'
        f' viewBox="0 0 {width} {top}">\n<style>\n{style()}</style>\n<rect class="paper" width="100%" height="100%"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def drawing(sheet: Sheet, *, tooltips: bool = True) -> str:
    """Return the elements of a drawing, with its upper left corner at 0, 0; tooltips say all there is of a region."""
    picture = sheet.picture
    parts = [_text(MARGIN, 24, picture.title, "title")]
    for number, panel in enumerate(picture.panels):
        parts += _panel(sheet, number, panel, tooltips=tooltips)
    for number in range(len(picture.panels) - 1):
        parts += _links(sheet, number)
    foot = sheet.height - _LINE * (len(picture.remarks) + 2)
    parts += _legend(picture, foot)
    for index, remark in enumerate(picture.remarks):
        parts.append(_text(MARGIN, foot + _LINE * (index + 1) + 8, remark, "remark"))
    return "\n".join(parts)


def region_id(sheet: int, panel: int, place: int) -> str:
    """Return the name of a region's element."""
    return f"r{sheet}-{panel}-{place}"


def said_of(region: PicturedRegion) -> list[tuple[str, str]]:
    """Return all that there is to say of a region, by name: what it is, why it stands out, and its fields."""
    told = [("region", region.key), ("kind", region.kind.title)]
    if region.standing is not None:
        told.append(("note", region.standing.title))
    if region.moved_from is not None:
        told.append(("was at", f"{region.moved_from:#x}"))
    return [(clean(name), clean(value)) for name, value in (*told, *region.fields)]


def _left(number: int) -> int:
    """Return where the bars of a panel begin."""
    return MARGIN + number * (ADDRESS_WIDTH + BAR_WIDTH + GUTTER) + ADDRESS_WIDTH


def _text(x: int, y: int, text: str, kind: str, extra: str = "") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}"{extra}>{escape(clean(text))}</text>'


def _panel(sheet: Sheet, number: int, panel: Panel, *, tooltips: bool) -> Iterator[str]:
    scale, left = sheet.scales[panel.axis], _left(number)
    yield _text(left, _HEAD - 22, _cut(panel.title, BAR_WIDTH), "heading")
    yield _text(left, _HEAD - 8, panel.axis, "axis")
    yield f'<rect class="lane" x="{left}" y="{_HEAD}" width="{BAR_WIDTH}" height="{scale.length}"/>'
    for low, high in scale.gaps():
        top, bottom = _HEAD + scale.at(low), _HEAD + scale.at(high)
        yield f'<rect class="gap" x="{left}" y="{top}" width="{BAR_WIDTH}" height="{bottom - top}"/>'
        if bottom - top >= 16:
            words = f"{about(high - low)} free"
            yield _text(left + BAR_WIDTH // 2, (top + bottom) // 2 + 3, words, "free", ' text-anchor="middle"')
    starts = {region.start for region in panel.regions}
    for address, words in panel.landmarks:
        y = _HEAD + scale.at(address)
        yield f'<line class="landmark" x1="{left - 8}" y1="{y}" x2="{left + BAR_WIDTH + 8}" y2="{y}"/>'
        if address not in starts:
            said = f"<title>{escape(clean(words))}</title>{address:#x}"
            yield f'<text class="address landmark" x="{left - 10}" y="{y + 4}" text-anchor="end">{said}</text>'
    labelled: set[int] = set()
    for place, (region, (lane, count)) in enumerate(zip(panel.regions, lanes(panel.regions), strict=True)):
        if region.start not in labelled:
            labelled.add(region.start)
            y = _HEAD + scale.at(region.start) + 11
            yield f'<text class="address" x="{left - 10}" y="{y}" text-anchor="end">{region.start:#x}</text>'
        yield from _ghost(scale, left, region)
        width = BAR_WIDTH // count
        name = region_id(sheet.number, number, place)
        yield _region(name, scale, left + lane * width, width, region, tooltip=tooltips)
    if panel.absent:
        words = f"{len(panel.absent)} region{'' if len(panel.absent) == 1 else 's'} without a place here"
        yield _text(left, _HEAD + scale.length + _LINE, words, "axis")


def _region(name: str, scale: Scale, x: int, width: int, region: PicturedRegion, *, tooltip: bool) -> str:
    top, bottom = _HEAD + scale.at(region.start), _HEAD + scale.at(seen_end(region))
    sign = f"{region.standing.sign} " if region.standing is not None else ""
    label = _cut(f"{sign}{region.key} {region.type_name} {region.size}".rstrip(), width - 10)
    said = "\n".join(f"{field}: {value}" for field, value in said_of(region))
    told = f"<title>{escape(said)}</title>" if tooltip else ""
    spoken = escape(clean(f"region {region.key}, {region.type_name}, from {region.start:#x}"))
    classes = f"region {region.kind.name.lower()}"
    classes += f" {region.standing.name.lower()}" if region.standing is not None else ""
    return (
        f'<g class="{classes}" id="{name}" data-key="{escape(clean(region.key))}" role="img"'
        f' aria-label="{spoken}" tabindex="-1">{told}'
        f'<rect x="{x + 1}" y="{top}" width="{width - 2}" height="{bottom - top}"/>'
        f'<text x="{x + 6}" y="{top + 11}">{escape(label)}</text></g>'
    )


def _ghost(scale: Scale, left: int, region: PicturedRegion) -> Iterator[str]:
    """Draw the place where a region was before."""
    old = region.moved_from
    if old is None or not scale.cuts or not scale.cuts[0] <= old <= scale.cuts[-1]:
        return
    top = _HEAD + scale.at(old)
    bottom = max(top + 4, _HEAD + scale.at(min(old + region.end - region.start, scale.cuts[-1])))
    yield f'<rect class="ghost" x="{left - 3}" y="{top}" width="{BAR_WIDTH + 6}" height="{bottom - top}"/>'


def _links(sheet: Sheet, number: int) -> Iterator[str]:
    """Draw lines from the regions of a panel to where they are in the next."""
    before, after = sheet.picture.panels[number : number + 2]
    if max(len(before.regions), len(after.regions)) > _LINKED:
        return
    places = {region.key: region for region in before.regions}
    x1, x2 = _left(number) + BAR_WIDTH + 2, _left(number + 1) - ADDRESS_WIDTH + 8
    for region in after.regions:
        if (old := places.get(region.key)) is not None:
            y1 = _middle(sheet.scales[before.axis], old)
            y2 = _middle(sheet.scales[after.axis], region)
            kind = "link" if region.standing is None else f"link {region.standing.name.lower()}"
            middle = (x1 + x2) // 2
            yield f'<path class="{kind}" d="M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}"/>'


def _middle(scale: Scale, region: PicturedRegion) -> int:
    return _HEAD + (scale.at(region.start) + scale.at(seen_end(region))) // 2


def _legend(picture: Picture, y: int) -> Iterator[str]:
    regions = [region for panel in picture.panels for region in panel.regions]
    x = MARGIN
    for kind in MemoryKind:
        if any(region.kind is kind for region in regions):
            yield f'<g class="region {kind.name.lower()}"><rect x="{x}" y="{y - 10}" width="12" height="12"/></g>'
            yield _text(x + 17, y, kind.title, "axis")
            x += 30 + int(len(kind.title) * _CHARACTER)
    for standing in Standing:
        if any(region.standing is standing for region in regions):
            yield _text(x, y, f"{standing.sign} {standing.title}", f"axis {standing.name.lower()}")
            x += 30 + int(len(standing.title) * _CHARACTER)


def _cut(text: str, width: int) -> str:
    """Return as much of a label as is so many pixels wide."""
    room = int(width / _CHARACTER)
    shown = clean(text)
    return shown if len(shown) <= room else f"{shown[: max(0, room - 1)]}…"
