"""The folder of the cache: files that many processes read and write at a time, without locks.

Each entry is a file, put in its place in one step, so that a reader sees a whole one or none; of two writers the last
one's stays, and both wrote an answer to the same question. What is no whole entry is thrown away when it is met, and
what was not used for longest when there is too much. A process that is killed leaves no more than a file that was not
yet in its place, which goes after an hour.
"""

from __future__ import annotations

import dataclasses
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.files import BESIDE, own_folder, read, replace, why
from checker.base.values import frozen
from checker.verify.cache.entry import Entry, decode, encode
from checker.verify.cache.key import CacheKey

MOST_BYTES = 256 << 20
"""The size that a cache is kept below, if nothing else is said."""

_LARGEST = 4 << 20
"""The most bytes of an entry."""

_LARGEST_OTHER = 16 << 20
"""The most bytes of what is kept beside entries."""

_MODE = 0o644
"""Others may read entries and not write them, whatever the mask says: else none could be believed."""

_SHARD, _ENTRY = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{62}\.[0-9a-f]{16}\.json")

_OTHER = re.compile(r"[0-9a-f]{62}\.program")
"""Files beside entries, for those who believe the cache (`programs`)."""

_LEFT_BEHIND = 3600
"""Seconds after which a file that is not yet in its place is one that somebody left behind."""

_NO_CACHE = "name another folder with --cache, or leave it out with --no-cache"


@frozen
class Kept:
    """A file of the cache."""

    path: Path
    bytes: int
    used: float
    """The time when it was written or last used."""
    whole: bool
    """False for one that is not yet in its place, and perhaps never will be."""
    entry: bool
    """False for what is no answer to a question, but kept beside them."""


@frozen
class State:
    """The number of entries that a cache has, the bytes of all its files, and how many entries were just removed."""

    folder: Path
    entries: int
    bytes: int
    removed: int


@frozen
class Store:
    """A folder with entries."""

    folder: Path

    def read(self, key: CacheKey, *, private: bool = False) -> Entry | None:
        """The entry for a question: the one that was made in the same circumstances, or else in others. None if there
        is none; or, with ``private``, none that nobody else can have written."""
        place = self._place(key)
        for path in (place, *self._others(key, place)):
            entry = self._read(path, key, private=private)
            if entry is not None:
                return entry
        return None

    def _others(self, key: CacheKey, place: Path) -> Iterator[Path]:
        """The entries for the same question in other circumstances, in the order of their names."""
        begin = key.obligation[2:]
        with suppress(OSError):
            names = sorted(name for name in os.listdir(place.parent) if name.startswith(begin) and name != place.name)
            yield from (place.parent / name for name in names if _ENTRY.fullmatch(name))

    def _read(self, path: Path, key: CacheKey, *, private: bool) -> Entry | None:
        try:
            state = path.lstat()
            if not stat.S_ISREG(state.st_mode) or (private and not _private(state)):
                return None
            data = read(path, _LARGEST + 1)
        except (OSError, ValueError):
            return None
        entry = decode(data) if len(data) <= _LARGEST else None
        if entry is None or entry.obligation != key.obligation or self._place(entry.key) != path:
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path, follow_symlinks=False)
        return entry

    def write(self, entry: Entry) -> Diagnostic | None:
        """Keep an entry; or say why that cannot be."""
        data = encode(entry)
        if len(data) > _LARGEST:
            return None
        return self._put(self._place(entry.key), data)

    def _put(self, path: Path, data: bytes) -> Diagnostic | None:
        try:
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            # A cache may have come from anywhere: what is written to it must not go elsewhere.
            if path.parent.is_symlink():
                return self._unwritable(f"{path.parent} is a link")
            if path.is_symlink():
                path.unlink()
        except OSError as error:
            return self._unwritable(why(error))
        problem = replace(path, data, _MODE)
        return None if problem is None else self._unwritable(problem.message)

    def read_other(self, name: str) -> bytes | None:
        """The bytes that are kept under a name beside the entries; None if there are none that nobody else can have
        written."""
        path = self._other(name)
        try:
            state = path.lstat()
            if not stat.S_ISREG(state.st_mode) or not _private(state):
                return None
            data = read(path, _LARGEST_OTHER + 1)
            os.utime(path, follow_symlinks=False)
        except (OSError, ValueError):
            return None
        return data if len(data) <= _LARGEST_OTHER else None

    def write_other(self, name: str, data: bytes) -> None:
        """Keep something under a name beside the entries, if that can be."""
        if len(data) <= _LARGEST_OTHER:
            self._put(self._other(name), data)

    def _other(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name[2:]}.program"

    def _unwritable(self, reason: str) -> Diagnostic:
        message = f"what was found is not kept in the cache {self.folder}: {reason}"
        return Diagnostic(CommandCode.CACHE_UNUSABLE, message, help=_NO_CACHE, severity=Severity.WARNING)

    def _place(self, key: CacheKey) -> Path:
        shard, name = key.obligation[:2], key.obligation[2:]
        return self.folder / shard / f"{name}.{key.circumstances[:16]}.json"

    def kept(self) -> Iterator[Kept]:
        """All files of the cache; others that are in its folder are not among them. Raises `OSError` if the folder is
        there and cannot be read."""
        for shard in self._shards():
            with suppress(OSError), os.scandir(self.folder / shard) as files:
                for file in files:
                    entry = _ENTRY.fullmatch(file.name) is not None
                    whole = entry or _OTHER.fullmatch(file.name) is not None
                    if whole or file.name.startswith(BESIDE):
                        found = file.stat(follow_symlinks=False)
                        yield Kept(Path(file.path), found.st_size, found.st_mtime, whole, entry)

    def _shards(self) -> list[str]:
        """The names of the folders that entries are in; none where there is no cache yet."""
        with suppress(FileNotFoundError):
            return sorted(filter(_SHARD.fullmatch, os.listdir(self.folder)))
        return []

    def trim(self, most: int = MOST_BYTES) -> None:
        """Remove what was not used for longest, until there is no more than so many bytes; and what was left behind."""
        with suppress(OSError):
            found = sorted(self.kept(), key=lambda each: each.used, reverse=True)
            total = 0
            for each in found:
                total += each.bytes
                old = not each.whole and each.used < time.time() - _LEFT_BEHIND
                if total > most or old:
                    with suppress(OSError):
                        each.path.unlink()

    def state(self) -> State | Diagnostic:
        """Count what is there."""
        try:
            found = list(self.kept())
        except OSError as error:
            return _unusable(self.folder, why(error))
        entries = [each for each in found if each.entry]
        return State(self.folder, len(entries), sum(each.bytes for each in found), 0)

    def clear(self) -> State | Diagnostic:
        """Remove all entries, and folders that are empty then; count them, and what is left."""
        removed = 0
        try:
            for each in list(self.kept()):
                each.path.unlink(missing_ok=True)
                removed += each.entry
            for shard in self._shards():
                with suppress(OSError):
                    (self.folder / shard).rmdir()
        except OSError as error:
            return _unusable(self.folder, why(error))
        left = self.state()
        return left if isinstance(left, Diagnostic) else dataclasses.replace(left, removed=removed)


def open_store(folder: Path | None, *, make: bool = True) -> Store | Diagnostic:
    """The cache in a folder, which is made if it is not there; in this user's own if none is named. One that is not to
    be made is empty where it is not there."""
    if folder is None:
        own = own_folder(make=make)
        if own is None:
            message = "there is no cache: ~/.cache/mapproof cannot be made, or others can write to it"
            return Diagnostic(CommandCode.CACHE_UNUSABLE, message, help=_NO_CACHE, severity=Severity.WARNING)
        folder = own / "searches"
    try:
        if make:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if make or folder.exists():
            os.listdir(folder)
    except (OSError, ValueError) as error:
        return _unusable(folder, why(error))
    return Store(folder)


def _unusable(folder: Path, reason: str) -> Diagnostic:
    return Diagnostic(CommandCode.CACHE_UNUSABLE, f"cannot use the cache {folder}: {reason}", help=_NO_CACHE)


def _private(state: os.stat_result) -> bool:
    """Tell whether a file or folder is this user's, and nobody else can write to it."""
    return state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _guarded(state: os.stat_result) -> bool:
    """Tell whether nobody else can rename what is in a folder, or change where a link leads. In a folder with the
    sticky bit only the owner of a file can rename it."""
    loose = state.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not state.st_mode & stat.S_ISVTX
    return state.st_uid in (0, os.geteuid()) and (stat.S_ISLNK(state.st_mode) or not loose)


def others_can_write(store: Store) -> Diagnostic | None:
    """Say why a cache must not be believed: somebody else can write to it, or put another one in its place, or it came
    with a checkout. The owner of the machine can do as he likes."""
    folder = store.folder
    named = Path(os.path.abspath(folder))
    try:
        if not _private(folder.stat()):
            return _not_believed(folder, f"others can write to {folder}, or it is theirs")
        # By both ways that lead there: whoever can change a link on the way can change where it leads.
        for above in dict.fromkeys((*named.parents, *folder.resolve().parents)):
            state = above.lstat()
            if not _guarded(state):
                return _not_believed(folder, f"others can write to {above}, or it is theirs")
            if (above / ".git").exists():
                return _not_believed(folder, f"it is in the checkout {above}, and may have come with it")
    except OSError as error:
        return _not_believed(folder, why(error))
    return None


def _not_believed(folder: Path, reason: str) -> Diagnostic:
    message = f"the cache {folder} cannot be believed: {reason}"
    remedy = "leave --trust-cache out: then everything in it is checked; or name a folder that only you can write to"
    return Diagnostic(CommandCode.CACHE_NOT_TRUSTED, message, help=remedy)
