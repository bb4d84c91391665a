"""Why a download or a build failed, in a sentence: the usual reasons recognised in what the tool printed."""

import re
from pathlib import Path

_FULL = "The disk is full: make room and run make again."
_CLOSED = "A folder cannot be written: run make as the owner of this folder, on a disk that can be written."
_NO_ENSUREPIP = (
    "This Python came without its parts for virtual environments: install them "
    "(Debian and Ubuntu: apt-get install python3-venv) and run make again."
)
_CHANGED = (
    "A downloaded package is not the one that the lock file names: a registry or mirror changed it. "
    "It was not installed."
)
_UNREACHABLE = (
    "The package registry cannot be reached: check the network, the proxy and the registry's address, "
    "then run make again."
)
_NO_COMPILER = (
    "A package has no ready-made build for this machine and could not be compiled: install a C compiler and "
    "Python's headers (Debian and Ubuntu: apt-get install build-essential python3-dev) and run make again."
)
_NOT_THERE = "The package registry lacks a package that the lock file names: check the registry's address."

_REASONS = (
    (r"No space left on device|ENOSPC", _FULL),
    (r"Read-only file system|Permission denied|EACCES|EROFS", _CLOSED),
    (r"ensurepip is not available|No module named '?(ensurepip|venv)|ensurepip.*non-zero", _NO_ENSUREPIP),
    (r"hash.{0,20}mismatch|HashMismatch|DO NOT MATCH THE HASHES|EINTEGRITY", _CHANGED),
    (r"establish a new connection|Connection(Error| refused| reset)|ConnectTimeout|ProxyError", _UNREACHABLE),
    (r"name resolution|service not known|dns error|Network is unreachable|timed out", _UNREACHABLE),
    (r"error sending request|certificate verify failed|UnknownIssuer|Could not fetch URL", _UNREACHABLE),
    (r"ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN", _UNREACHABLE),
    (r"(gcc|cc|clang|c\+\+)'? failed|unable to execute '?\S*(cc|clang)|Python\.h", _NO_COMPILER),
    (r"Failed to build|linker .* not found|Unknown compiler|No such file.*'(gcc|cc)'", _NO_COMPILER),
    (r"No matching distribution|No solution found|has no wheels|ETARGET|E404|404 Not Found", _NOT_THERE),
)


def sentence(output: str, *, doing: str, log: Path) -> str:
    """What to tell the person, given the `output` of the tool that failed while `doing` something."""
    text = " ".join(output.split())  # tools break their lines where they like
    for pattern, reason in _REASONS:
        if re.search(pattern, text, re.IGNORECASE):
            return f"{reason} The full output is in {log}"
    return f"{doing} did not succeed. The full output is in {log}"
