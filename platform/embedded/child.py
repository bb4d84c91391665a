"""Becomes another program: as another user, and ended by the kernel when its starter dies.

Run as a script: child.py PARENT STOP_SIGNAL UID GID PROGRAM [ARGUMENT…], -1 for "as we are". It exists
because this must happen between fork and exec, where Python code of a process with threads must not run.
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
        return  # it died before the kernel was told
    try:
        os.execv(argv[0], argv)  # noqa: S606 the list comes from our own code
    except OSError as error:
        sys.exit(f"{argv[0]}: {error.strerror}")


def end_with_parent(stop_signal: int) -> None:
    """Have the kernel send us `stop_signal` when the thread that started us ends. Only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(stop_signal))


if __name__ == "__main__":
    parent, stop_signal, uid, gid = (int(word) for word in sys.argv[1:5])
    main(parent, stop_signal, uid, gid, sys.argv[5:])
