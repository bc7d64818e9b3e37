"""An editor, as far as a language server can tell: a client that speaks the protocol with a server of its own."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

from lsprotocol import converters, types
from pygls.lsp.client import LanguageClient

from tests.helpers.places import MODELS, ROOT

PATIENCE = 20.0


class Editor:
    """Starts the server, opens and changes files in it, and waits for what it says."""

    def __init__(self, *options: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.client = LanguageClient("editor", "1")
        self.told: dict[str, list[list[types.Diagnostic]]] = {}
        self.messages: list[str] = []
        self.versions: dict[str, int] = {}
        self.refreshed = 0
        # Functions: what is registered gets attributes, and methods can have none.
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(
            lambda params: self.told.setdefault(params.uri, []).append(list(params.diagnostics))
        )
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self.messages.append(params.message))
        self.client.feature(types.WORKSPACE_CODE_LENS_REFRESH)(lambda _: self._refresh())
        start = self.client.start_io(sys.executable, "-m", "checker", "lsp", *options, cwd=str(ROOT))
        self.loop.run_until_complete(start)
        lens = types.CodeLensWorkspaceClientCapabilities(refresh_support=True)
        can = types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(code_lens=lens))
        self.server: types.InitializeResult = self.ask("initialize", types.InitializeParams(capabilities=can))
        self.client.initialized(types.InitializedParams())

    def _refresh(self) -> None:
        self.refreshed += 1

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The server."""
        assert self.client._server is not None
        return self.client._server

    def ask(self, method: str, params: Any) -> Any:
        """Ask the server something, and wait for the answer."""
        if isinstance(params, dict):
            params = converters.get_converter().structure(params, types.METHOD_TO_TYPES[method][2])

        async def answer() -> Any:
            return await asyncio.wait_for(self.client.protocol.send_request_async(method, params), PATIENCE)

        return self.loop.run_until_complete(answer())

    def at(self, method: str, path: Path, line: int, character: int, **more: Any) -> Any:
        """Ask the server about a place."""
        place = {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": character}}
        return self.ask(method, {**place, **more})

    def about(self, method: str, path: Path, **more: Any) -> Any:
        """Ask the server about a file."""
        return self.ask(method, {"textDocument": {"uri": path.as_uri()}, **more})

    def open(self, path: Path, text: str) -> list[types.Diagnostic]:
        """Open a file, and return what is wrong with it."""
        uri = path.as_uri()
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri, "layout", 1, text)
        return self._until_told(uri, lambda: self.client.text_document_did_open(types.DidOpenTextDocumentParams(item)))

    def type(self, path: Path, text: str) -> list[types.Diagnostic]:
        """Give a file another text, and return what is wrong with it then."""
        uri = path.as_uri()
        self.versions[uri] += 1
        changed = types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(self.versions[uri], uri),
            [types.TextDocumentContentChangeWholeDocument(text)],
        )
        return self._until_told(uri, lambda: self.client.text_document_did_change(changed))

    def shut(self, path: Path) -> None:
        """Close a file."""
        closed = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
        self.client.text_document_did_close(closed)

    def _until_told(self, uri: str, say: Any) -> list[types.Diagnostic]:
        before = len(self.told.get(uri, []))
        say()
        self.wait(lambda: len(self.told.get(uri, [])) > before)
        return self.told[uri][before]

    def wait(self, until: Any, seconds: float = PATIENCE) -> None:
        """Listen to the server until something is so."""

        async def listen() -> None:
            while not until():
                await asyncio.sleep(0.005)

        self.loop.run_until_complete(asyncio.wait_for(listen(), seconds))

    def close(self) -> int:
        """Say goodbye; return the status with which the server ends."""
        self.ask("shutdown", None)
        self.client.exit(None)
        return self.ended()

    def ended(self) -> int:
        """Wait for the server to end; return its status."""
        status = self.loop.run_until_complete(asyncio.wait_for(self.process.wait(), PATIENCE))
        self.loop.run_until_complete(self.client.stop())
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
        return status


def children(pid: int) -> set[int]:
    """The processes that a process has started and that are still there."""
    try:
        found = (Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")).split()
    except OSError:
        return set()
    return {int(each) for each in found}


def is_running(pid: int) -> bool:
    """Tell whether a process is there and does something; one that is dead may be waited for."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def processor_time(pid: int) -> float:
    """The seconds of a processor that a process has taken."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def long_text() -> str:
    """A file that is as long as some models, since it consists of them."""
    names = ["linux-x86-reversed", "linux-x86-forward", "kexec-hazards", "efi-stub-flat"]
    texts = [(MODELS / f"{name}.layout").read_text(encoding="utf-8") for name in names]
    parts = []
    for number, text in enumerate(texts):
        declared = re.findall(
            r"^(?:algorithm|scenario|const|def|property|assumption|handover|window)\s+(\w+)", text, re.M
        )
        own = re.sub(rf"(?<!\.)\b({'|'.join(declared)})\b", rf"\1_{number}", text)
        parts.append(re.sub(r"^use .*\n", "", own, flags=re.MULTILINE))
    used = {
        name for text in texts for line in re.findall(r"^use (.*)$", text, re.MULTILINE) for name in line.split(", ")
    }
    return f"use {', '.join(sorted(used))}\n" + "\n".join(parts)
