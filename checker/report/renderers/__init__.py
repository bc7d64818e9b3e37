"""The output formats, a file and a line each: the choices of `--format` and the tests are made from them.

A file imports the views that it draws with only when it draws, so that the names are there for nothing.
"""

from __future__ import annotations

from checker.report.renderer import Renderer
from checker.report.renderers.github import GITHUB
from checker.report.renderers.json import JSON
from checker.report.renderers.junit import JUNIT
from checker.report.renderers.markdown import MARKDOWN
from checker.report.renderers.sarif import SARIF
from checker.report.renderers.text import TEXT

RENDERERS: dict[str, Renderer] = {
    each.name: each
    for each in (
        TEXT,
        JSON,
        SARIF,
        JUNIT,
        GITHUB,
        MARKDOWN,
    )
}
"""All of them by name, the default first."""
