"""The tables of the schema the connection is on: which there are, what they hold, copied out and in.

Names come from Postgres' catalogs, never from a file, so what is not in them cannot get into a statement.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any, cast

from django.db import connection
from psycopg import sql

MIGRATIONS = "django_migrations"

# Primary keys in a spelling that every server sorts alike, whatever its collations.
CATALOG = """
SELECT c.relname,
    (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
    (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_index i
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
     WHERE i.indrelid = c.oid AND i.indisprimary)
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> %s
ORDER BY c.relname
"""
# What decides how COPY spells a value. Local to the transaction, as is freedom from the limits of a request.
SPELLING = """
SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL statement_timeout = 0
"""
SEQUENCES = """
SELECT c.relname, a.attname, s.oid::regclass::text
FROM pg_class s
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> %s
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its name, its columns, and those of its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """How much a table holds, and a digest of all of it in the order of the primary key."""

    rows: int
    bytes: int
    sha256: str

    def as_json(self) -> dict[str, int | str]:
        """For the manifest."""
        return asdict(self)


def tables() -> list[Table]:
    """Every table with a clinic's data. The list of applied migrations is the schema's own."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOG, [MIGRATIONS])
        return [Table(name, tuple(columns), tuple(key or ())) for name, columns, key in cursor.fetchall()]


def migrations() -> list[list[str]]:
    """The migrations the schema has seen, as app and name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [list(row) for row in cursor.fetchall()]


def spell_values_alike() -> None:
    """For the rest of the transaction, COPY spells values the same way on every server."""
    with connection.cursor() as cursor:
        cursor.execute(SPELLING)


def copy_out(table: Table) -> Iterator[bytes]:
    """The table in Postgres' text format, a row a line, in the order of its primary key."""
    order = table.key or table.columns
    statement = sql.SQL("COPY (SELECT {columns} FROM {table} ORDER BY {order}) TO STDOUT").format(
        columns=_names(table.columns),
        table=sql.Identifier(table.name),
        order=sql.SQL(", ").join(
            sql.SQL('{}::text COLLATE "C"').format(sql.Identifier(name)) for name in order
        ),
    )
    with _errors_of_django(), connection.cursor() as cursor, cast(Any, cursor).copy(statement) as rows:
        for piece in rows:
            yield bytes(piece)


def copy_in(table: Table, pieces: Iterable[bytes]) -> None:
    """Put what `copy_out` gave into the table.

    :raises DatabaseError: it is not that
    """
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN").format(
        columns=_names(table.columns), table=sql.Identifier(table.name)
    )
    with _errors_of_django(), connection.cursor() as cursor, cast(Any, cursor).copy(statement) as rows:
        for piece in pieces:
            rows.write(piece)


def measure(table: Table) -> Measure:
    """Read the whole table once, holding none of it."""
    digest, rows, size = hashlib.sha256(), 0, 0
    for piece in copy_out(table):
        digest.update(piece)
        rows += piece.count(b"\n")  # a line feed inside a value is spelled \n
        size += len(piece)
    return Measure(rows=rows, bytes=size, sha256=digest.hexdigest())


def empty(found: Iterable[Table]) -> None:
    """Take out what a new schema has from its migrations."""
    with connection.cursor() as cursor:
        for table in found:
            name = sql.Identifier(table.name)
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name))
            # Asked first: there are tables in which the clinic's role may add and nothing else.
            if cursor.fetchone() == (True,):
                cursor.execute(sql.SQL("DELETE FROM {}").format(name))


def check_references() -> None:
    """Have Postgres check now what it checks at the end of a transaction.

    :raises IntegrityError: a row refers to one that is not there
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def set_counters() -> None:
    """Let numbering go on behind the highest number of each table."""
    with connection.cursor() as cursor:
        cursor.execute(SEQUENCES, [MIGRATIONS])
        for table, column, sequence in cursor.fetchall():
            highest = sql.SQL("SELECT setval(%s, coalesce(max({c}), 0) + 1, false) FROM {t}").format(
                c=sql.Identifier(column), t=sql.Identifier(table)
            )
            cursor.execute(highest, [sequence])


def _errors_of_django() -> AbstractContextManager[None]:
    # Django translates what its cursors' own methods raise, and COPY is none of them.
    errors: AbstractContextManager[None] = connection.wrap_database_errors
    return errors


def _names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in columns)
