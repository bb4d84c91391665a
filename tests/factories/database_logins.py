"""The two logins of the test database: its owner and the application."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from psycopg import sql

from embedded import database_logins

OWNER = (os.environ.get("DB_OWNER_USER", ""), os.environ.get("DB_OWNER_PASSWORD", ""))
"""User and password of the owner of all tables."""


def log_in_as(user: str, password: str) -> None:
    """Use `user` for the database connections of this process and of all threads and processes it starts.

    The owner's credentials are removed from the environment: web and worker processes never have them.
    """
    connection.close()
    connection.settings_dict |= {"USER": user, "PASSWORD": password}
    for name in database_logins.OWNER_SETTINGS:
        os.environ.pop(name, None)


@contextmanager
def owner_connection() -> Iterator[psycopg.Connection]:
    """Open an autocommit connection as the owner."""
    user, password = OWNER
    server = {"host": connection.settings_dict["HOST"], "port": connection.settings_dict["PORT"]}
    name = connection.settings_dict["NAME"]
    with psycopg.connect(dbname=name, user=user, password=password, autocommit=True, **server) as owner:
        yield owner


def drop_roles(names: Iterable[str]) -> None:
    """Drop the roles of clinics whose database is dropped; roles belong to the whole server."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
