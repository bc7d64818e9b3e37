"""A real browser without a window, driven by the protocol of its developer tools over a pipe.

Debian's package `chromium` will do, and so will any other Chromium or Chrome. Everything that a page says on its
console and everything that it asks the network for is kept.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import zlib
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from select import select
from typing import Any

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The browser of this machine, if it has one."""

_PATIENCE = 60
"""Seconds to wait for an answer."""

_FLAGS = (
    *(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--window-size=1400,900",
    ),
    *("--no-first-run", "--disable-extensions", "--disable-background-networking", "--remote-debugging-pipe"),
)
"""Without the sandbox, since tests run as root in containers that allow none (the pages are our own), and without the
shared memory of the system, of which containers have little."""


@dataclass
class Browser:
    """A browser with one page."""

    process: subprocess.Popen[bytes]
    to: int
    back: int
    session: str = ""
    said: list[str] = field(default_factory=list)
    """What pages said on the console since the last one was opened: messages, errors, what was blocked."""
    asked: list[str] = field(default_factory=list)
    """The addresses that were asked for since."""
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _waiting: bytes = b""
    _events: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, folder: Path) -> Browser:
        """Start a browser that keeps what it has to keep in a folder."""
        assert PROGRAM is not None, "no Chromium here: apt-get install chromium"
        read_commands, to = os.pipe()
        back, write_answers = os.pipe()
        script = f'exec "$0" "$@" 3<&{read_commands} 4>&{write_answers}'
        command = ["bash", "-c", script, PROGRAM, *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
        process = subprocess.Popen(
            command,
            pass_fds=(read_commands, write_answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(read_commands)
        os.close(write_answers)
        browser = cls(process, to, back)
        pages = [each for each in browser.ask("Target.getTargets")["targetInfos"] if each["type"] == "page"]
        target = pages[0]["targetId"] if pages else browser.ask("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            browser.ask(f"{domain}.enable")
        return browser

    def stop(self) -> None:
        """End the browser and all that it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.to)
        os.close(self.back)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def open(self, page: Path) -> None:
        """Open a file and wait until it is there."""
        self.said.clear()
        self.asked.clear()
        self._events.clear()
        self.ask("Page.navigate", url=page.resolve().as_uri())
        while "Page.loadEventFired" not in self._events:
            self._receive()

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def press(self, key: str, **more: Any) -> None:
        """Press a key and let it go."""
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, **(text if kind == "keyDown" else {}), **more)

    def type(self, text: str) -> None:
        """Type a text, key by key."""
        for character in text:
            self.press(character)

    def point_at(self, selector: str) -> None:
        """Move the pointer to the middle of an element."""
        self._mouse(selector, "mouseMoved")

    def click_at(self, selector: str) -> None:
        """Click in the middle of an element."""
        self._mouse(selector, "mousePressed", button="left", clickCount=1)
        self._mouse(selector, "mouseReleased", button="left", clickCount=1)

    def _mouse(self, selector: str, kind: str, **more: Any) -> None:
        x, y = self.run(
            f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def prefer(self, scheme: str) -> None:
        """Have pages told that the user prefers a scheme of colours, `light` or `dark`."""
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def colour_at(self, x: float, y: float) -> tuple[int, int, int]:
        """Return the colour of a pixel as it is painted: red, green, blue."""
        clip = {"x": x, "y": y, "width": 1, "height": 1, "scale": 1}
        data = base64.b64decode(self.ask("Page.captureScreenshot", clip=clip)["data"])
        return _first_pixel(data)

    def _receive(self) -> dict[str, Any]:
        """Return the next message, and keep what it tells of the page."""
        while b"\0" not in self._waiting:
            assert select([self.back], [], [], _PATIENCE)[0], "the browser does not answer"
            part = os.read(self.back, 1 << 20)
            assert part, "the browser has ended"
            self._waiting += part
        text, _, self._waiting = self._waiting.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        parameters = message.get("params", {})
        match message.get("method"):
            case "Runtime.consoleAPICalled":
                self.said.append(str(parameters["args"]))
            case "Runtime.exceptionThrown":
                self.said.append(str(parameters["exceptionDetails"]))
            case "Log.entryAdded":
                self.said.append(str(parameters["entry"]))
            case "Network.requestWillBeSent":
                self.asked.append(parameters["request"]["url"])
            case str(event):
                self._events.append(event)
            case None:
                pass
        return message


def _first_pixel(png: bytes) -> tuple[int, int, int]:
    """Return the first pixel of a PNG of 8 bits a sample: behind the filter's number of the first line (PNG, section
    9.2), which has no line before it and so, whichever filter it is, no left or upper neighbour in its first pixel."""
    position, packed = 8, b""
    while position < len(png):
        length = int.from_bytes(png[position : position + 4])
        if png[position + 4 : position + 8] == b"IDAT":
            packed += png[position + 8 : position + 8 + length]
        position += length + 12
    red, green, blue = zlib.decompress(packed)[1:4]
    return red, green, blue
