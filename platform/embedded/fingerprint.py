"""Detects whether files have changed since something was built from them."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def fingerprint(files: Iterable[Path], *values: str) -> str:
    """Return a hash of the names and contents of `files` and of `values`."""
    digest = hashlib.sha256("\0".join(values).encode())
    for file in sorted(files):
        digest.update(f"\0{file}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def matches(stamp: Path, expected: str) -> bool:
    """Return whether the file `stamp` contains the fingerprint `expected`."""
    return stamp.exists() and stamp.read_text() == expected


def files_below(folder: Path, *, without: frozenset[str] = frozenset()) -> Iterable[Path]:
    """Yield every file below `folder`, except in folders whose name is in `without`."""
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in without]
        yield from (Path(path, name) for name in names)
