"""The server: what an editor tells of its files, what it asks, and what it is told unasked."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from checker import library
from checker.base.diagnostic import Severity, Span
from checker.base.exit_status import ExitStatus
from checker.base.versions import versions
from checker.language import Desk
from checker.lsp import protocol
from checker.lsp.documents import Document, encoded, normal, open_document
from checker.lsp.verdicts import Allowance, Told, Verdicts, as_expected

_SOON = 0.01
"""Seconds after a change in which another one is waited for before the file is read."""
_QUIET = 0.5
"""Seconds without a change after which verdicts are asked for."""
_REFRESH = 0.2
"""Seconds between two requests to ask for the verdicts anew."""


class Server(LanguageServer):
    """A language server for `.layout` files."""

    def __init__(self, allowance: Allowance | None) -> None:
        # Whole texts: they are small, and nobody has to agree on where lines end.
        super().__init__("mapproof", versions()["tool"], text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.documents: dict[Path, Document] = {}
        self.texts: dict[Path, str] = {}
        self.uris: dict[Path, str] = {}
        self.stale: set[Path] = set()
        self.timers: dict[tuple[str, Path], asyncio.TimerHandle] = {}
        self.desk = Desk()
        self.folder: tempfile.TemporaryDirectory[str] | None = None
        self.verdicts = None if allowance is None else Verdicts(allowance, self.told)

    @property
    def encoding(self) -> protocol.Encoding:
        """The units in which the editor counts columns."""
        return self.server_capabilities.position_encoding or types.PositionEncodingKind.Utf16

    def changed(self, uri: str, text: str) -> None:
        """Take the text that a file has now, and read it soon: an editor may have sent the next one already."""
        path = protocol.path_of(uri)
        self.uris[path], self.texts[path] = uri, normal(text)
        self.desk.texts = {each: encoded(known) for each, known in self.texts.items()}
        self.stale.add(path)
        self.later("read", path, _SOON, self.publish)
        if self.verdicts is not None:
            self.verdicts.forget(path)
        for other in self.documents.keys() - {path}:
            if self._may_use(other, path):
                self.stale.add(other)
                self.later("read", other, _QUIET, self.publish)

    def look_again(self, uri: str) -> None:
        """Read all files again: what they use may not be what it was."""
        for path in self.documents:
            self.stale.add(path)
            self.later("read", path, _SOON if self.uris[path] == uri else _QUIET, self.publish)

    def _may_use(self, path: Path, used: Path) -> bool:
        """Tell whether a file may use another one, by itself or by others."""
        program = self.documents[path].study.program
        return program is None or any(name == used.stem for name, _ in program.sources)

    def closed(self, uri: str) -> None:
        """Forget a file."""
        path = protocol.path_of(uri)
        for known in (self.documents, self.texts, self.uris):
            known.pop(path, None)
        self.stale.discard(path)
        self.desk.texts = {each: encoded(known) for each, known in self.texts.items()}
        if self.verdicts is not None:
            self.verdicts.forget(path)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def later(self, what: str, path: Path, seconds: float, do: Callable[[Path], None]) -> None:
        """Do something with a file in a while, in the place of what was to be done before."""
        if (before := self.timers.pop((what, path), None)) is not None:
            before.cancel()
        self.timers[what, path] = asyncio.get_running_loop().call_later(seconds, do, path)

    def document(self, uri: str) -> Document | None:
        """A file as it is now."""
        path = protocol.path_of(uri)
        if path in self.stale:
            self.stale.discard(path)
            self.documents[path] = open_document(path, self.texts[path], self.desk, self.documents.get(path))
        return self.documents.get(path)

    def publish(self, path: Path) -> None:
        """Tell what is wrong with a file, and ask for verdicts if nothing is."""
        uri = self.uris.get(path)
        document = None if uri is None else self.document(uri)
        if uri is None or document is None:
            return
        self.tell_diagnostics(uri, document)
        if self.verdicts is not None and document.study.program is not None and self.verdicts.of(document) is None:
            self.later("decide", path, _QUIET, self.decide)

    def tell_diagnostics(self, uri: str, document: Document) -> None:
        """Tell what is wrong with a file, and which verdicts are not as expected."""
        found = [protocol.diagnostic(document, each, self.encoding) for each in document.study.wrong]
        if document.study.program is not None:
            program = library.Program(document.path.name, document.path, document.study.program)
            warnings = (replace(each, severity=Severity.WARNING) for each in library.idle(program))
            found += [protocol.diagnostic(document, each, self.encoding) for each in warnings]
        found += [
            types.Diagnostic(
                protocol.range_of(place, self.encoding),
                f"{label}: {told.title}",
                severity=_severity(told),
                code=told.verdict,
                source="mapproof verify",
            )
            for place, label, told in self.checks(document)
            if told is not None and not as_expected(told)
        ]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found))

    def decide(self, path: Path) -> None:
        """Begin to decide what a file claims."""
        uri = self.uris.get(path)
        document = None if uri is None else self.document(uri)
        if self.verdicts is not None and document is not None and self.checks(document):
            self.verdicts.decide(document, self.texts)
            self.refresh(path)

    def told(self, path: Path) -> None:
        """Take a verdict."""
        if ("refresh", path) not in self.timers:
            self.later("refresh", path, _REFRESH, self.refresh)

    def refresh(self, path: Path) -> None:
        """Have the editor ask for the verdicts again."""
        self.timers.pop(("refresh", path), None)
        uri = self.uris.get(path)
        if uri is not None and path not in self.stale:
            self.tell_diagnostics(uri, self.documents[path])
        workspace = self.client_capabilities.workspace
        if workspace is not None and workspace.code_lens is not None and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    def checks(self, document: Document) -> list[tuple[Span, str, Told | None]]:
        """The checks of a document, each with its place, its name and its verdict if there is one."""
        program = document.study.program
        decision = None if self.verdicts is None else self.verdicts.of(document)
        if program is None:
            return []
        found = {} if decision is None else decision.found
        return [
            (
                # What the checker asks by itself is about the scenario as a whole.
                check.span if check.written else Span(document.source, scenario.span.start, scenario.span.start),
                check.label,
                found.get((number, position)),
            )
            for number, scenario in enumerate(program.scenarios)
            for position, check in enumerate(scenario.checks)
        ]

    def close(self) -> None:
        """Leave no process and no file behind."""
        if self.verdicts is not None:
            self.verdicts.close()
        if self.folder is not None:
            self.folder.cleanup()


def _severity(told: Told) -> types.DiagnosticSeverity:
    undecided = told.status == ExitStatus.UNDECIDED
    return types.DiagnosticSeverity.Warning if undecided else types.DiagnosticSeverity.Error
