"""Runs a program as another user, and has the kernel end it when the parent process dies.

Run as a script: child.py PARENT STOP_SIGNAL UID GID PROGRAM [ARGUMENT…]; -1 keeps the current user. This is a
program of its own because a process with threads must not run Python code between fork and exec.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, stop_signal: int, uid: int, gid: int, argv: list[str]) -> None:
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    end_with_parent(stop_signal)
    if os.getppid() != parent:
        return  # the parent died before prctl took effect
    try:
        os.execv(argv[0], argv)  # noqa: S606 the arguments come from our own code
    except OSError as error:
        sys.exit(f"{argv[0]}: {error.strerror}")


def end_with_parent(stop_signal: int) -> None:
    """Have the kernel send `stop_signal` to this process when its parent thread ends. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(stop_signal))


if __name__ == "__main__":
    parent, stop_signal, uid, gid = (int(value) for value in sys.argv[1:5])
    main(parent, stop_signal, uid, gid, sys.argv[5:])
