"""The user that runs the servers when root starts them (Postgres refuses root), and what it can access."""

import os
import pwd
import stat
import tempfile
from pathlib import Path

_POINTER = "unprivileged-place"


def server_user() -> tuple[int, int] | None:
    """Return user and group id for the servers; None for the current user, if it is not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return 65534, 65534


def can_access(path: Path, user: tuple[int, int] | None) -> bool:
    """Return whether `user` may enter all folders down to `path`, including `path` if it is a folder."""
    if user is None:
        return True
    path = path.resolve()
    folders = [path, *path.parents] if path.is_dir() else path.parents
    for folder in folders:
        status = folder.stat()
        if not (
            status.st_mode & stat.S_IXOTH or (status.st_uid == user[0] and status.st_mode & stat.S_IXUSR)
        ):
            return False
    return True


def accessible_folder(home: Path, user: tuple[int, int] | None) -> Path:
    """Return the folder for files that the servers must access: `home`, or a folder in /var/tmp.

    The latter is used if root's `home` is in a folder that other users cannot enter, such as /root. A file in
    `home` contains its path, so that the next start finds the same data.
    """
    if can_access(home, user):
        return home
    pointer = home / _POINTER
    if pointer.exists() and (folder := Path(pointer.read_text().strip())).is_dir():
        return folder
    # Not /tmp, which is emptied at a reboot.
    folder = Path(tempfile.mkdtemp(prefix="clinic-appointments-", dir="/var/tmp"))
    folder.chmod(0o711)
    pointer.write_text(f"{folder}\n")
    return folder


def give_ownership(path: Path, user: tuple[int, int] | None) -> None:
    """Give `path` to `user`, with no access for others."""
    if user is not None:
        os.chown(path, *user)
    path.chmod(0o700 if path.is_dir() else 0o600)
