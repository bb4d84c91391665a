"""Reads and writes whole tables of the current schema, for export and restore.

Table and column names come from Postgres' catalogs, never from a file, so a crafted file cannot inject SQL.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any, cast

from django.db import connection
from psycopg import sql

from tenants.current import lift_statement_timeout

_MIGRATIONS_TABLE = "django_migrations"

_TABLES = """
SELECT c.relname,
    -- Columns in alphabetical order, without generated ones, which cannot be written
    (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
    -- Columns of the primary key
    (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_index i
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
     WHERE i.indrelid = c.oid AND i.indisprimary)
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> %s
ORDER BY c.relname
"""
# The settings that decide how COPY formats values. SET LOCAL ends with the transaction.
_COPY_FORMAT = """
SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1
"""
# Each sequence with the table and column that own it: 'a' is serial, 'i' is an identity column.
_SEQUENCES = """
SELECT c.relname, a.attname, s.oid::regclass::text
FROM pg_class s
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> %s
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name, its columns and the columns of its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableDigest:
    """The size of a table and a digest of its rows in the order of the primary key."""

    rows: int
    bytes: int
    sha256: str

    def as_json(self) -> dict[str, int | str]:
        """Return the values for the manifest."""
        return asdict(self)


def tables() -> list[Table]:
    """Return all tables of the schema except the list of applied migrations."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [_MIGRATIONS_TABLE])
        return [Table(name, tuple(columns), tuple(key or ())) for name, columns, key in cursor.fetchall()]


def migration_list() -> list[list[str]]:
    """Return the migrations applied in the schema, as pairs of app and name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [list(row) for row in cursor.fetchall()]


def set_copy_format() -> None:
    """Make COPY format values the same way on every server until the transaction ends.

    Reading all tables may take longer than the statement timeout of a request, so that timeout is disabled.
    """
    lift_statement_timeout()
    with connection.cursor() as cursor:
        cursor.execute(_COPY_FORMAT)


def copy_out(table: Table) -> Iterator[bytes]:
    """Yield the table in COPY's text format, one row per line, in the order of its primary key.

    The key is sorted as text with the collation "C", so that every server sorts alike.
    """
    order = table.key or table.columns
    statement = sql.SQL("COPY (SELECT {columns} FROM {table} ORDER BY {order}) TO STDOUT").format(
        columns=_column_list(table.columns),
        table=sql.Identifier(table.name),
        order=sql.SQL(", ").join(
            sql.SQL('{}::text COLLATE "C"').format(sql.Identifier(name)) for name in order
        ),
    )
    with _django_errors(), connection.cursor() as cursor, cast(Any, cursor).copy(statement) as rows:
        for chunk in rows:
            yield bytes(chunk)


def copy_in(table: Table, chunks: Iterable[bytes]) -> None:
    """Insert the rows that `copy_out` has yielded into the table.

    :raises DatabaseError: the data is malformed or does not fit the table
    """
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN").format(
        columns=_column_list(table.columns), table=sql.Identifier(table.name)
    )
    with _django_errors(), connection.cursor() as cursor, cast(Any, cursor).copy(statement) as rows:
        for chunk in chunks:
            rows.write(chunk)


def digest_table(table: Table) -> TableDigest:
    """Return rows, bytes and digest of a table, reading it once with bounded memory."""
    digest, rows, size = hashlib.sha256(), 0, 0
    for chunk in copy_out(table):
        digest.update(chunk)
        rows += chunk.count(b"\n")  # COPY writes a line feed inside a value as \n
        size += len(chunk)
    return TableDigest(rows=rows, bytes=size, sha256=digest.hexdigest())


def delete_all_rows(tables_to_empty: Iterable[Table]) -> None:
    """Delete the rows that the migrations of a new schema have inserted."""
    with connection.cursor() as cursor:
        for table in tables_to_empty:
            name = sql.Identifier(table.name)
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name))
            # Check first, because the clinic's role may not delete from some tables.
            if cursor.fetchone() == (True,):
                cursor.execute(sql.SQL("DELETE FROM {}").format(name))


def check_constraints_now() -> None:
    """Run the deferred constraint checks now.

    :raises IntegrityError: a row refers to a row that does not exist
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def reset_sequences() -> None:
    """Set each sequence to continue after the highest number in its table."""
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES, [_MIGRATIONS_TABLE])
        for table, column, sequence in cursor.fetchall():
            highest = sql.SQL("SELECT setval(%s, coalesce(max({c}), 0) + 1, false) FROM {t}").format(
                c=sql.Identifier(column), t=sql.Identifier(table)
            )
            cursor.execute(highest, [sequence])


def _django_errors() -> AbstractContextManager[None]:
    # Django translates errors only in its cursors' own methods, and `copy` is not one of them.
    errors: AbstractContextManager[None] = connection.wrap_database_errors
    return errors


def _column_list(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in columns)
