"""Pages of the site that are made of what is elsewhere, so that nothing is told twice.

The reference of the language is one file, spec/language.md: it is shipped with the checker and tested. Here it is cut
into chapters. The pages of the library and of what has broken are made of the shipped files, with a picture of each
smallest map, and the recipes are listed by what is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import checker
from checker.report.pictures.read import pictures_of
from checker.report.pictures.svg import svg_file

ROOT = Path(__file__).parents[2]

CHAPTERS: Mapping[str, tuple[str, ...]] = {
    "language/index.md": ("A first example",),
    "language/words.md": ("Words", "Modules"),
    "language/types.md": ("Types", "Items", "Arithmetic"),
    "language/algorithms.md": ("Algorithms",),
    "language/properties.md": ("Assumptions and properties", "Lists beside the map", "Hand-overs"),
    "language/scenarios.md": ("Scenarios", "Formatting"),
    "language/limits.md": ("Limits",),
    "language/errors.md": ("Errors",),
    "verdicts.md": ("Verdicts", "Why a proof holds", "Second opinions", "Effort", "Certificates"),
}
"""The sections of spec/language.md that each page consists of."""


FOLDERS = ("adding", "codes")
"""Folders whose pages are listed as they are there."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List the pages of folders."""
    for folder in FOLDERS:
        names = sorted({path.name for path in (ROOT / "docs" / folder).glob("*.md")} - {"index.md"})
        _fill(config.nav, f"{folder}/", [f"{folder}/{name}" for name in ("index.md", *names)])
    return config


def on_page_markdown(markdown: str, **_: object) -> str:
    """Leave out what stands after a language's name: the generator knows no such words. What pages link to in a clone
    is a page here."""
    markdown = re.sub(r"^```layout-error .*$", "```layout", markdown, flags=re.MULTILINE)
    markdown = markdown.replace("](../models)", "](library.md)")
    return re.sub(r"\]\(\.\./spec/language\.md(?:#([\w-]+))?\)", lambda link: f"]({_chapter(link[1])})", markdown)


def _chapter(anchor: str | None) -> str:
    """The page that has a heading of the reference, and the place in it; the first page if there is no heading."""
    if anchor is None:
        return next(iter(CHAPTERS))
    for page, titles in CHAPTERS.items():
        if anchor in map(_slug, titles):
            return page if anchor == _slug(titles[0]) else f"{page}#{anchor}"
    raise ValueError(f"no section of spec/language.md is called #{anchor}")


def _slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def _fill(nav: list[dict[str, object]] | None, place: str, pages: list[str]) -> None:
    """Put ``pages`` where the navigation names the folder ``place``."""
    for entry in nav or ():
        for title, below in entry.items():
            if below == place:
                entry[title] = pages
            elif isinstance(below, list):
                _fill([each for each in below if isinstance(each, dict)], place, pages)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made."""
    pages = dict(chapters((ROOT / "spec" / "language.md").read_text(encoding="utf-8")))
    pages["library.md"] = library()
    pages["bugs.md"] = bugs()
    pages["codes/index.md"] = codes()
    pages |= {f"bugs/{path.stem}.svg": picture(path) for path in smallest_maps()}
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    return files


def chapters(text: str) -> Iterator[tuple[str, str]]:
    """The pages of the reference with their texts: every section is in exactly one."""
    front, *parts = re.split(r"^## (?=.+$)", text, flags=re.MULTILINE)
    sections = {part.partition("\n")[0]: f"## {part}" for part in parts}
    told = [title for titles in CHAPTERS.values() for title in titles]
    if sorted(told) != sorted(sections):
        raise ValueError(f"sections of spec/language.md in no chapter, or twice: {set(sections) ^ set(told)}")
    for page, titles in CHAPTERS.items():
        body = "".join(sections[title] for title in titles)
        if page == "language/index.md":
            body = front + body
        elif len(titles) == 1:
            body = body.replace(f"## {titles[0]}", f"# {titles[0]}", 1).replace("\n### ", "\n## ")
        else:
            body = f"# {_joined(titles)}\n\n{body}"
        up = "../" * page.count("/")
        yield page, body.replace("](../docs/codes)", f"]({up}codes/index.md)")


def codes() -> str:
    """The page that lists the pages of codes."""
    lines = ["# Codes of messages", "", "`mapproof explain CODE` shows the same on a terminal.", ""]
    for path in sorted((ROOT / "docs" / "codes").glob("*.md")):
        title = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        lines.append(f"- [{title}]({path.name})")
    return "\n".join(lines) + "\n"


def bugs() -> str:
    """The page of what has broken: the index, and each entry with pictures of the smallest maps that show it."""
    index = (ROOT / "models" / "bugs" / "README.md").read_text(encoding="utf-8")
    lines = [re.sub(r"\]\(([\w-]+)\.layout\)", r"](#\1)", index)]
    for path in sorted((ROOT / "models" / "bugs").glob("*.layout")):
        text = path.read_text(encoding="utf-8")
        lines += [f"## `{path.stem}`", "", _comment(text), ""]
        for kept in smallest_maps():
            if kept.stem.startswith(f"{path.stem}-"):
                lines += [f"![The smallest map that shows it, and what becomes of it](bugs/{kept.stem}.svg)", ""]
        lines += ["```layout", text.rstrip(), "```", ""]
    return "\n".join(lines) + "\n"


def smallest_maps() -> list[Path]:
    """The counterexamples that are kept of what has broken."""
    return sorted((ROOT / "tests" / "data" / "zoo").glob("*.json"))


def picture(path: Path) -> str:
    """A drawing of a counterexample."""
    drawn = pictures_of(path.name, path.read_bytes(), ())
    if drawn is None or isinstance(drawn, checker.Diagnostic):
        raise ValueError(f"{path.name} is no counterexample")
    return svg_file(drawn)


def _joined(titles: tuple[str, ...]) -> str:
    first, *rest = titles
    return ", ".join([first, *(title[0].lower() + title[1:] for title in rest)])


def library() -> str:
    """The page of what is shipped: modules with what they name, models with the verdicts that their checks expect."""
    lines = ["# Models and modules", "", "Made of the files; `mapproof models` lists the models as well.", ""]
    lines += ["## Modules", "", "What `use NAME` makes known, and where a promise is made.", ""]
    for path in sorted((ROOT / "spec").glob("*.layout")):
        text = path.read_text(encoding="utf-8")
        lines += [f"### `{path.stem}`", "", _comment(text), ""]
        for kind, name, rest in _ITEM.findall(text):
            origin = re.search(r'^    from "(.+?)"', rest, flags=re.MULTILINE)
            lines.append(f"- {kind} `{name}`" + (f": {origin[1]}" if origin else ""))
        lines.append("")
    lines += ["## Models", "", "`mapproof verify NAME` proves or refutes what is stated of them.", ""]
    lines += ["What has broken, and what mended it, is on [a page of its own](bugs.md).", ""]
    for path in sorted((ROOT / "models").rglob("*.layout")):
        if path.parent.name != "bugs":
            lines += _model(path)
    return "\n".join(lines) + "\n"


_ITEM = re.compile(r"^(assumption|property|handover|algorithm) (\w+)(.*\n(?:[ )].*\n)*)", re.MULTILINE)


def _comment(text: str) -> str:
    """The comment with which a file begins."""
    lines = takewhile(lambda line: line.startswith("#"), text.splitlines())
    return " ".join(line.removeprefix("#").strip() for line in lines)


def _model(path: Path) -> list[str]:
    found = checker.load(path)
    if isinstance(found, checker.Diagnostic):
        raise ValueError(checker.describe(found))
    lines = [f"### `{path.stem}`", "", _comment(path.read_text(encoding="utf-8")), ""]
    targets = [target.text for algorithm in found.program.algorithms for target in algorithm.targets]
    lines += [f"- for {text}" for text in targets] + [""] * bool(targets)
    for scenario in found.program.scenarios:
        lines += [f"| scenario `{scenario.name}` | expected |", "|---|---|"]
        lines += [f"| `{each.label}` | {each.expected.value} |" for each in scenario.checks if each.written]
        lines.append("")
    return lines
