"""Pictures as a page for a browser: one file, nothing fetched, the same bytes for the same pictures.

The drawings are those of the SVG file; beside them is every region in a table, for who cannot see. The script adds
hover, keyboard, search and an overview. What is from files is escaped, and were it not, the page's policy lets no
script run but its own, and nothing be loaded.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

import msgspec

from checker.report.lines import clean
from checker.report.pictures.data import json_picture
from checker.report.pictures.picture import Panel, Picture
from checker.report.pictures.svg import Sheet, drawing, sheet_of, style


def html_file(pictures: Sequence[Picture]) -> str:
    """Draw pictures as a page."""
    sheet = style() + _resource("page.css")
    script = _resource("page.js")
    title = clean(pictures[0].title) if len(pictures) == 1 else f"{len(pictures)} pictures"
    policy = (
        f"default-src 'none'; style-src '{_digest(sheet)}'; script-src '{_digest(script)}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    sections = "\n".join(_section(sheet_of(picture, number)) for number, picture in enumerate(pictures))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>{sheet}</style>
</head>
<body>
<header>
<h1>{escape(title)}</h1>
<input id="search" type="search" placeholder="address or text" aria-label="Search for an address or text">
<output id="answer" aria-live="polite"></output>
<span class="keys">/ search, Enter next, arrows from region to region, Esc</span>
</header>
{_contents(pictures)}<main>
{sections}
</main>
<aside id="card" aria-live="polite" hidden></aside>
<canvas id="overview" aria-hidden="true"></canvas>
<script id="data" type="application/json">{_data(pictures)}</script>
<script>{script}</script>
</body>
</html>
"""


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Return the hash of an inline element's text, as a policy names it (Content Security Policy 3, section 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _data(pictures: Sequence[Picture]) -> str:
    """Return the pictures as JSON in which nothing can end the element that it stands in."""
    text = json.dumps([msgspec.to_builtins(json_picture(picture)) for picture in pictures], separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _contents(pictures: Sequence[Picture]) -> str:
    """Return links to the pictures, where there are several."""
    if len(pictures) == 1:
        return ""
    links = (f'<li><a href="#p{n}">{escape(clean(each.title))}</a></li>' for n, each in enumerate(pictures))
    return f'<nav aria-label="Pictures"><ol>{"".join(links)}</ol></nav>\n'


def _section(sheet: Sheet) -> str:
    title = escape(clean(sheet.picture.title))
    tables = "\n".join(line for panel in sheet.picture.panels for line in _table(panel))
    remarks = "".join(f"<p>{escape(clean(each))}</p>" for each in sheet.picture.remarks)
    return f"""<section id="p{sheet.number}" aria-label="{title}">
<svg class="picture" role="group" aria-label="{title}" width="{sheet.width}" height="{sheet.height}">
{drawing(sheet, tooltips=False)}
</svg>
<details><summary>The regions as a table</summary><div class="table">
{remarks}{tables}
</div></details>
</section>"""


def _table(panel: Panel) -> Iterator[str]:
    """Say in words what a panel shows, lowest address first."""
    names = ("region", "type", "start", "end", "note")
    yield f"<table><caption>{escape(clean(f'{panel.title} ({panel.axis})'))}</caption>"
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for each in sorted(panel.regions, key=lambda each: (each.start, each.end)):
        note = "" if each.standing is None else each.standing.title
        note += "" if each.moved_from is None else f", was at {each.moved_from:#x}"
        cells = (each.key, each.type_name, f"{each.start:#x}", f"{each.end:#x}", note)
        yield "<tr>" + "".join(f"<td>{escape(clean(cell))}</td>" for cell in cells) + "</tr>"
    yield "</tbody></table>"
