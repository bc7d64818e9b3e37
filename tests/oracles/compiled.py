"""C as the compiler has it: sources made into a library, and run from here.

The compiler is told what kernels tell it: signed numbers wrap (`-fwrapv`), and types say nothing of what a pointer may
point to.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

COMPILER = shutil.which("gcc") or shutil.which("cc")
"""The compiler of this machine, if it has one."""

_FLAGS = ("-w", "-pipe", "-fwrapv", "-fno-strict-aliasing", "-fPIC", "-shared", "-nostdlib")

_STATE = """\
/* Linked first. The state of a library is one stretch: what has a first value, file by file, then what begins at 0. */
extern char __bss_start[] __attribute__((visibility("hidden")));
extern char _end[] __attribute__((visibility("hidden")));
static char first_of_the_state __attribute__((used)) = 1;

char *state_begin(void) { return &first_of_the_state; }
char *state_end(void) { return _end; }
"""


class CompileError(Exception):
    """The compiler refuses a source; the text is what it says."""


class Library:
    """A library that was made of C, and its state as it was when the library was loaded."""

    def __init__(self, path: Path) -> None:
        self._library = ctypes.CDLL(str(path))
        begin, end = (self.function(name, (), ctypes.c_void_p)() for name in ("state_begin", "state_end"))
        self._state = (ctypes.c_char * (end - begin)).from_address(begin)
        self._fresh = self._state.raw

    def function(
        self, name: str, parameters: Sequence[type[ctypes._SimpleCData[int]]], result: type | None
    ) -> ctypes._NamedFuncPointer:
        """Return a function of the library, with the types of its parameters and of its result."""
        found = self._library[name]
        found.argtypes, found.restype = list(parameters), result
        return found

    def untyped(self, name: str) -> ctypes._NamedFuncPointer:
        """Return a function that takes pointers and ints, and gives an int."""
        return self._library[name]

    def pointer(self, name: str) -> ctypes.c_void_p:
        """Return a pointer that the library has as a variable."""
        return ctypes.c_void_p.in_dll(self._library, name)

    def reset(self) -> None:
        """Give every static the value that it began with."""
        self._state.raw = self._fresh


def compile_library(text: str, folder: Path, *, optimised: bool = True) -> Library:
    """Make a library of a C text, in a folder of its own."""
    assert COMPILER is not None, "no C compiler here: apt-get install gcc"
    folder.mkdir(parents=True, exist_ok=True)
    state, source, library = folder / "state.c", folder / "source.c", folder / "library.so"
    state.write_text(_STATE)
    source.write_text(text)
    command = [COMPILER, *_FLAGS, "-O1" if optimised else "-O0", "-o", str(library), str(state), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CompileError(done.stderr)
    return Library(library)
