"""Explains why a download or a build failed, by finding the usual causes in the tool's output."""

import re
from pathlib import Path

_DISK_FULL = "The disk is full: free some space and run make again."
_NOT_WRITABLE = "A folder cannot be written: run make as the owner of this folder, on a writable disk."
_NO_ENSUREPIP = (
    "This Python cannot create virtual environments: install its venv package "
    "(Debian and Ubuntu: apt-get install python3-venv) and run make again."
)
_HASH_MISMATCH = (
    "A downloaded package does not match its hash in the lock file: the registry or mirror changed it. "
    "It was not installed."
)
_UNREACHABLE = (
    "The package registry cannot be reached: check the network, the proxy and the registry's address, "
    "then run make again."
)
_NO_COMPILER = (
    "A package has no wheel for this platform and could not be compiled: install a C compiler and "
    "Python's headers (Debian and Ubuntu: apt-get install build-essential python3-dev) and run make again."
)
_NOT_FOUND = "The package registry does not have a package from the lock file: check the registry's address."

_REASONS = (
    (r"No space left on device|ENOSPC", _DISK_FULL),
    (r"Read-only file system|Permission denied|EACCES|EROFS", _NOT_WRITABLE),
    (r"ensurepip is not available|No module named '?(ensurepip|venv)|ensurepip.*non-zero", _NO_ENSUREPIP),
    (r"hash.{0,20}mismatch|HashMismatch|DO NOT MATCH THE HASHES|EINTEGRITY", _HASH_MISMATCH),
    (r"establish a new connection|Connection(Error| refused| reset)|ConnectTimeout|ProxyError", _UNREACHABLE),
    (r"name resolution|service not known|dns error|Network is unreachable|timed out", _UNREACHABLE),
    (r"error sending request|certificate verify failed|UnknownIssuer|Could not fetch URL", _UNREACHABLE),
    (r"ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN", _UNREACHABLE),
    (r"(gcc|cc|clang|c\+\+)'? failed|unable to execute '?\S*(cc|clang)|Python\.h", _NO_COMPILER),
    (r"Failed to build|linker .* not found|Unknown compiler|No such file.*'(gcc|cc)'", _NO_COMPILER),
    (r"No matching distribution|No solution found|has no wheels|ETARGET|E404|404 Not Found", _NOT_FOUND),
)


def failure_message(output: str, *, doing: str, log: Path) -> str:
    """Return the message about a tool that printed `output` and failed while `doing` something."""
    text = " ".join(output.split())  # tools wrap their lines
    for pattern, reason in _REASONS:
        if re.search(pattern, text, re.IGNORECASE):
            return f"{reason} The full output is in {log}"
    return f"{doing} failed. The full output is in {log}"
