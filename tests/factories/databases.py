"""Test databases: one is migrated per run, and each process of the run uses a copy of it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.factories.own_database import run_outside_database

_MIGRATED = "migrated"
"""The file that marks the database to be copied as ready."""


@contextmanager
def database_copy(folder: Path, *, worker: str) -> Iterator[None]:
    """Connect this process to a copy of the migrated database and drop the copy afterwards.

    The connection's login must own the database.

    :param folder: the same for all processes of one run, and for no other run
    :param worker: a name that no other process of the run has
    """
    connection_settings = connection.settings_dict
    name = str(connection_settings["NAME"])
    template, copy = f"test_{name}", f"test_{name}_{worker}"
    with _lock(folder):
        if not (folder / _MIGRATED).exists():
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
            (folder / _MIGRATED).touch()
        (folder / copy).touch()
    run_outside_database("DROP DATABASE IF EXISTS {copy} WITH (FORCE)", copy=copy)
    run_outside_database("CREATE DATABASE {copy} TEMPLATE {template}", copy=copy, template=template)
    # All connections of this process are opened with the parameters in this dictionary.
    connection_settings["NAME"] = copy
    # A test is one transaction, and on a busy machine it may pause for long between two statements.
    connection_settings["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
    try:
        yield
    finally:
        connection.close()
        connection_settings["NAME"] = name
        run_outside_database("DROP DATABASE {copy} WITH (FORCE)", copy=copy)
        with _lock(folder):
            (folder / copy).unlink()
            if not list(folder.glob(f"{template}_*")):
                run_outside_database("DROP DATABASE {template} WITH (FORCE)", template=template)
                (folder / _MIGRATED).unlink()


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Hold an exclusive lock on `folder` during the block."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
