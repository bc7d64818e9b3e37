"""Answers to what an editor asks and tells, one for each request of the protocol."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from checker.base.diagnostic import Span
from checker.language import format_text
from checker.lsp import protocol
from checker.lsp.completion import complete
from checker.lsp.documents import Document
from checker.lsp.hover import hover
from checker.lsp.navigation import Refused, definition, references, rename
from checker.lsp.remedies import remedies
from checker.lsp.server import Server
from checker.lsp.verdicts import Allowance

SHOW = "mapproof.show"
"""The command of a code lens: it shows a verdict in full."""


def _here(ls: Server, params: Any) -> tuple[Document, int] | None:
    """The document and the offset that a request is about."""
    document = ls.document(params.text_document.uri)
    return None if document is None else (document, protocol.offset(document.source, params.position, ls.encoding))


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """A file was opened."""
    ls.changed(params.text_document.uri, params.text_document.text)


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """A file was changed."""
    ls.changed(params.text_document.uri, params.content_changes[-1].text)


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """A file was saved; others beside it may have been changed by other hands."""
    ls.look_again(params.text_document.uri)


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """A file was closed."""
    ls.closed(params.text_document.uri)


def on_hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """Say what a word stands for, or what became of a check."""
    here = _here(ls, params)
    if here is None:
        return None
    document, offset = here
    said = hover(document, offset)
    parts = [] if said is None else [said[1]]
    place = None if said is None else said[0]
    for span, label, told in ls.checks(document):
        if told is not None and span.start <= offset <= span.end:
            place = place or span
            parts.append(f"{label}: {told.title}\n```text\n{told.detail}\n```")
    if place is None:
        return None
    text = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts))
    return types.Hover(text, protocol.range_of(place, ls.encoding))


def on_definition(ls: Server, params: types.DefinitionParams) -> types.Location | None:
    """Go to where a name is declared."""
    here = _here(ls, params)
    found = None if here is None else definition(*here)
    return None if found is None else protocol.location(found, ls.encoding)


def on_references(ls: Server, params: types.ReferenceParams) -> list[types.Location]:
    """List where in its file a name is used."""
    here = _here(ls, params)
    return [] if here is None else [protocol.location(each, ls.encoding) for each in references(*here)]


def on_highlight(ls: Server, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
    """Show where in its file a name is used."""
    here = _here(ls, params)
    places = [] if here is None else references(*here)
    return [types.DocumentHighlight(protocol.range_of(each, ls.encoding)) for each in places]


def on_completion(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    """Propose words."""
    here = _here(ls, params)
    return [] if here is None else [protocol.item(each) for each in complete(*here)]


def on_rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """Give what a name stands for another one. Raises `JsonRpcInvalidParams` where that would change a meaning."""
    here = _here(ls, params)
    if here is None:
        return None
    done = rename(*here, params.new_name, ls.texts)
    if isinstance(done, Refused):
        raise JsonRpcInvalidParams(done.why)
    return protocol.edits(done, params.new_name, ls.encoding)


def on_formatting(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    """Format a file; nothing where it cannot be read."""
    document = ls.document(params.text_document.uri)
    text = None if document is None else format_text(document.source.name, document.text.encode())
    if document is None or not isinstance(text, str) or text == document.text:
        return None
    whole = Span(document.source, 0, len(document.text))
    return [types.TextEdit(protocol.range_of(whole, ls.encoding), text)]


def on_code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Offer the remedies of what is wrong somewhere."""
    uri = params.text_document.uri
    document = ls.document(uri)
    if document is None:
        return []
    start, end = (
        protocol.offset(document.source, each, ls.encoding) for each in (params.range.start, params.range.end)
    )
    actions = []
    for problem in document.study.wrong:
        span = problem.span
        if span is None or span.start > end or span.end < start:
            continue
        for change in remedies(document, problem, ls.desk):
            place = protocol.range_of(Span(document.source, change.start, change.end), ls.encoding)
            actions.append(
                types.CodeAction(
                    change.title,
                    types.CodeActionKind.QuickFix,
                    [protocol.diagnostic(document, problem, ls.encoding)],
                    edit=types.WorkspaceEdit({uri: [types.TextEdit(place, change.text)]}),
                )
            )
    return actions


def on_code_lens(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Show the verdict on each check above it."""
    document = ls.document(params.text_document.uri)
    if document is None or ls.verdicts is None:
        return []
    decision = ls.verdicts.of(document)
    left = "is being decided" if decision is None or not decision.over else "was not decided"
    return [
        types.CodeLens(
            protocol.range_of(place, ls.encoding),
            types.Command(
                f"{label}: {left if told is None else told.title}", SHOW, arguments=[params.text_document.uri, number]
            ),
        )
        for number, (place, label, told) in enumerate(ls.checks(document))
    ]


async def on_show(ls: Server, uri: str, number: int) -> str | None:
    """Show a verdict in full: as a text, if the editor can, or else as a message."""
    document = ls.document(uri)
    checks = [] if document is None else ls.checks(document)
    if not 0 <= number < len(checks) or (told := checks[number][2]) is None:
        return None
    window = ls.client_capabilities.window
    if window is not None and window.show_document is not None and window.show_document.support:
        if ls.folder is None:
            ls.folder = tempfile.TemporaryDirectory(prefix="mapproof-")
        path = Path(ls.folder.name) / f"verdict-{number}.txt"
        path.write_text(told.detail + "\n", encoding="utf-8")
        await ls.window_show_document_async(types.ShowDocumentParams(protocol.uri_of(path), take_focus=True))
    else:
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, told.detail))
    return told.detail


def make_server(allowance: Allowance | None) -> Server:
    """A server that answers; verdicts are decided if there is an allowance that they may take."""
    server = Server(allowance)
    answers: tuple[tuple[str, Callable[..., Any], Any], ...] = (
        (types.TEXT_DOCUMENT_DID_OPEN, did_open, None),
        (types.TEXT_DOCUMENT_DID_CHANGE, did_change, None),
        (types.TEXT_DOCUMENT_DID_SAVE, did_save, None),
        (types.TEXT_DOCUMENT_DID_CLOSE, did_close, None),
        (types.TEXT_DOCUMENT_HOVER, on_hover, None),
        (types.TEXT_DOCUMENT_DEFINITION, on_definition, None),
        (types.TEXT_DOCUMENT_REFERENCES, on_references, None),
        (types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, on_highlight, None),
        (types.TEXT_DOCUMENT_COMPLETION, on_completion, types.CompletionOptions(trigger_characters=["."])),
        (types.TEXT_DOCUMENT_RENAME, on_rename, None),
        (types.TEXT_DOCUMENT_FORMATTING, on_formatting, None),
        (
            types.TEXT_DOCUMENT_CODE_ACTION,
            on_code_action,
            types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
        ),
        (types.TEXT_DOCUMENT_CODE_LENS, on_code_lens, types.CodeLensOptions(resolve_provider=False)),
    )
    for name, answer, options in answers:
        server.feature(name, options)(answer)
    server.command(SHOW)(on_show)
    return server
