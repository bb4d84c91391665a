"""Telling whether files have changed since something was made of them."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def fingerprint(files: Iterable[Path], *facts: str) -> str:
    """A word for the names and contents of `files` and for `facts`: another one when any of them changes."""
    found = hashlib.sha256("\0".join(facts).encode())
    for file in sorted(files):
        found.update(f"\0{file}\0".encode())
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def matches(stamp: Path, mark: str) -> bool:
    """Whether `stamp` says that something was made of just this."""
    return stamp.exists() and stamp.read_text() == mark


def files_below(folder: Path, *, without: frozenset[str] = frozenset()) -> Iterable[Path]:
    """Every file below `folder`, except in folders whose name is in `without`."""
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in without]
        yield from (Path(path, name) for name in names)
