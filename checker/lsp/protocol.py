"""Values of this house as those of the protocol: places, diagnostics, proposals, changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote

from lsprotocol import types
from pygls import uris

from checker.base.diagnostic import Diagnostic, LabelledSpan, Severity, Source, Span
from checker.language.elaborate.scope import (
    AlgorithmBinding,
    Binding,
    FunctionBinding,
    ListTypeBinding,
    RecordBinding,
    RegionBinding,
    RuleBinding,
    TypeBinding,
    ValueBinding,
)
from checker.lsp.completion import Proposal, Sort
from checker.lsp.documents import Document
from checker.program import Const

Encoding = types.PositionEncodingKind | str

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_KINDS: dict[type[Binding], types.CompletionItemKind] = {
    AlgorithmBinding: types.CompletionItemKind.Function,
    FunctionBinding: types.CompletionItemKind.Function,
    RuleBinding: types.CompletionItemKind.Function,
    RecordBinding: types.CompletionItemKind.Struct,
    ListTypeBinding: types.CompletionItemKind.Struct,
    TypeBinding: types.CompletionItemKind.TypeParameter,
    RegionBinding: types.CompletionItemKind.Variable,
    ValueBinding: types.CompletionItemKind.Variable,
}
_SORTS = {
    Sort.WORD: types.CompletionItemKind.Keyword,
    Sort.PART: types.CompletionItemKind.Field,
    Sort.MODULE: types.CompletionItemKind.Module,
    Sort.NAME: types.CompletionItemKind.Constant,
}
_UNITS = {types.PositionEncodingKind.Utf8: ("utf-8", 1), types.PositionEncodingKind.Utf16: ("utf-16-le", 2)}
"""The codes in whose units columns are counted, and the bytes of a unit; in the third, units are characters."""


_NOWHERE = Path("/nowhere")
"""The folder of what is in no folder: it is named by the whole name that it has in the protocol."""


def path_of(uri: str) -> Path:
    """The file that a name of the protocol means; one that is not saved yet is nowhere."""
    known = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return Path(known) if known is not None else _NOWHERE / quote(uri, safe="")


def uri_of(path: Path) -> str:
    """The name of a file in the protocol."""
    if path.parent == _NOWHERE:
        return unquote(path.name)
    return uris.from_fs_path(str(path)) or str(path)


def position(source: Source, offset: int, encoding: Encoding) -> types.Position:
    """The place of a character."""
    place = Span(source, offset, offset)
    before = source.text[source.line_starts[place.line - 1] : offset]
    if encoding not in _UNITS:
        return types.Position(place.line - 1, len(before))
    code, size = _UNITS[types.PositionEncodingKind(encoding)]
    return types.Position(place.line - 1, len(before.encode(code, "surrogatepass")) // size)


def offset(source: Source, place: types.Position, encoding: Encoding) -> int:
    """The character at a place, or the nearest before it."""
    if place.line >= len(source.line_starts):
        return len(source.text)
    line = source.line(place.line + 1)
    count = place.character
    if encoding in _UNITS:
        code, size = _UNITS[types.PositionEncodingKind(encoding)]
        count = len(line.encode(code, "surrogatepass")[: count * size].decode(code, "ignore"))
    return source.line_starts[place.line] + min(count, len(line))


def range_of(span: Span, encoding: Encoding) -> types.Range:
    """A stretch of a text."""
    return types.Range(position(span.source, span.start, encoding), position(span.source, span.end, encoding))


def location(span: Span, encoding: Encoding) -> types.Location:
    """A stretch of a file."""
    return types.Location(uri_of(Path(span.source.name)), range_of(span, encoding))


def diagnostic(document: Document, found: Diagnostic, encoding: Encoding) -> types.Diagnostic:
    """A problem of a document; if that is in a file that it uses, at the word that names this."""
    place, places = found.span, list(found.places)
    if place is None or place.source.name != document.source.name:
        places += [] if place is None else [LabelledSpan(place, found.message)]
        place = _use(document, place)
    said = [found.message, *found.notes, *([found.help] if found.help else [])]
    related = [
        types.DiagnosticRelatedInformation(location(each.span, encoding), each.label)
        for each in places
        if Path(each.span.source.name).is_absolute()
    ]
    return types.Diagnostic(
        range_of(place, encoding),
        "\n".join(said),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        source="mapproof",
        related_information=related,
    )


def _use(document: Document, place: Span | None) -> Span:
    """The word by which a document uses a file, or its beginning."""
    tree = document.study.tree
    uses = () if tree is None else tree.uses
    named = [use.span for use in uses if place is not None and use.name == Path(place.source.name).stem]
    return next(iter([*named, *(use.span for use in uses)]), Span(document.source, 0, 0))


def item(proposal: Proposal) -> types.CompletionItem:
    """A word that can be written."""
    kind = _SORTS[proposal.sort]
    binding = proposal.binding
    if binding is not None and not (isinstance(binding, ValueBinding) and isinstance(binding.value, Const)):
        kind = _KINDS.get(type(binding), kind)
    return types.CompletionItem(proposal.word, kind=kind, detail=proposal.detail or None)


def edits(changes: Mapping[Path, list[Span]], new: str, encoding: Encoding) -> types.WorkspaceEdit:
    """Other words at some places of some files."""
    return types.WorkspaceEdit(
        {
            uri_of(path): [types.TextEdit(range_of(span, encoding), new) for span in spans]
            for path, spans in changes.items()
        }
    )
