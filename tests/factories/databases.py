"""The test databases: one is migrated once a run, and each process of the run works in a copy of it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.factories.own_database import administer

_MIGRATED = "migrated"
"""The file that tells that the database to be copied is ready."""


@contextmanager
def database_copy(folder: Path, *, worker: str) -> Iterator[None]:
    """Connect this process to a copy of the migrated database, which is dropped afterwards.

    The connection's login must own the database.

    :param folder: the same for all processes of one run, and for no other run
    :param worker: a name that no other process of the run has
    """
    names = connection.settings_dict
    named = str(names["NAME"])
    template, copy = f"test_{named}", f"test_{named}_{worker}"
    with _lock(folder):
        if not (folder / _MIGRATED).exists():
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
            (folder / _MIGRATED).touch()
        (folder / copy).touch()
    administer("DROP DATABASE IF EXISTS {copy} WITH (FORCE)", copy=copy)
    administer("CREATE DATABASE {copy} TEMPLATE {template}", copy=copy, template=template)
    # Every connection of this process is made from this one dictionary.
    names["NAME"] = copy
    # A test is one transaction, and may think for long between two statements on a busy machine.
    names["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
    try:
        yield
    finally:
        connection.close()
        names["NAME"] = named
        administer("DROP DATABASE {copy} WITH (FORCE)", copy=copy)
        with _lock(folder):
            (folder / copy).unlink()
            if not list(folder.glob(f"{template}_*")):
                administer("DROP DATABASE {template} WITH (FORCE)", template=template)
                (folder / _MIGRATED).unlink()


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Run the block while no other process runs one for `folder`."""
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
