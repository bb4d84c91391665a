"""The two logins of the test database: what the owner makes, and what the application may then do with it."""

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
    """Let this process, and all threads and processes that come from it, sign in as `user`.

    As the owner only until the database is made: the product's web and workers are never told who that is.
    """
    connection.close()
    connection.settings_dict |= {"USER": user, "PASSWORD": password}
    for name in database_logins.OWNER_SETTINGS:
        os.environ.pop(name, None)


@contextmanager
def owner_of_the_database() -> Iterator[psycopg.Connection]:
    """A connection of the owner's, every statement a transaction of its own."""
    user, password = OWNER
    place = {"host": connection.settings_dict["HOST"], "port": connection.settings_dict["PORT"]}
    name = connection.settings_dict["NAME"]
    with psycopg.connect(dbname=name, user=user, password=password, autocommit=True, **place) as opened:
        yield opened


def drop_roles(names: Iterable[str]) -> None:
    """Drop the roles of clinics whose database is gone; roles belong to the whole server."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
