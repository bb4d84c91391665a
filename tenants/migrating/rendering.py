"""A schema as one SQL script, read from Postgres' catalogs: what pg_dump does, for one among thousands.

pg_dump reads the catalogs of the whole database, half a minute at a thousand clinics. The queries here ask
for one namespace.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from tenants.migrating import catalog_queries as catalog

PLACEHOLDER = "__clinic_schema__"
"""Stands in a script wherever the schema's name goes."""


Asked = dict[str, Any]
"""Which schema the catalogs are asked about, and the ids of the relations in it."""


class CannotRender(Exception):
    """The schema holds something that the script would lose."""


def render_schema(schema: str) -> str:
    """`schema` as statements that make its equal: tables, sequences, rows, constraints, indexes, their names.

    :raises CannotRender: there is more in it, such as a view or a trigger
    """
    with transaction.atomic(), connection.cursor() as cursor, _everything_qualified(cursor):
        cursor.execute(catalog.RELATIONS, {"schema": schema})
        (ours,) = cursor.fetchone()
        asked = {"schema": schema, "ours": ours}
        _refuse_what_would_be_lost(cursor, asked)
        statements = [
            f"CREATE SCHEMA {PLACEHOLDER}",
            *_definitions(cursor, catalog.TABLES, asked),
            *_rows(cursor, asked),
            *_definitions(cursor, catalog.SEQUENCES_IN_USE, asked),
            *_definitions(cursor, catalog.CONSTRAINTS, asked),
            *_definitions(cursor, catalog.INDEXES, asked),
            *_definitions(cursor, catalog.FOREIGN_KEYS, asked),
        ]
    return ";\n".join(statements)


def fill_in(script: str, schema: str) -> str:
    """The script for the schema of that name."""
    return script.replace(PLACEHOLDER, connection.ops.quote_name(schema))


@contextmanager
def _everything_qualified(cursor: CursorWrapper) -> Iterator[None]:
    """Have Postgres write every name with its schema, whatever path the script will run under."""
    cursor.execute("SELECT current_setting('search_path')")
    (path,) = cursor.fetchone()
    cursor.execute("SET LOCAL search_path = pg_catalog; SET LOCAL datestyle = 'ISO'")
    yield
    # A savepoint's end does not take SET LOCAL back. Where something failed, its rollback did.
    cursor.execute("SELECT set_config('search_path', %s, true)", [path])


def _refuse_what_would_be_lost(cursor: CursorWrapper, asked: Asked) -> None:
    cursor.execute(catalog.WHAT_CANNOT_BE_RENDERED, asked)
    lost = [what for (what,) in cursor.fetchall()]
    if lost:
        raise CannotRender(f"{asked['schema']} holds what its script would lose: {', '.join(lost)}")


def _definitions(cursor: CursorWrapper, query: str, asked: Asked) -> list[str]:
    """Statements as the catalogs give them, with the placeholder in the place of the schema's name."""
    cursor.execute(query, asked)
    named = re.compile(rf"(?<![\w\"]){re.escape(asked['schema'])}\.")
    return [named.sub(f"{PLACEHOLDER}.", definition) for (definition,) in cursor.fetchall()]


def _rows(cursor: CursorWrapper, asked: Asked) -> Iterator[str]:
    """An INSERT for each table that has rows: what Django's migrations seed."""
    cursor.execute(catalog.COLUMNS_TO_COPY, asked)
    for table, columns in cursor.fetchall():
        names = [sql.Identifier(column) for column in columns]
        values = [sql.SQL("quote_nullable({}::text)").format(name) for name in names]
        cursor.execute(
            sql.SQL(
                "SELECT string_agg('(' || concat_ws(', ', {values}) || ')', E',\n' ORDER BY {first}) "
                "FROM {table}"
            ).format(values=_listed(values), first=names[0], table=sql.Identifier(asked["schema"], table))
        )
        (rows,) = cursor.fetchone()
        if rows and PLACEHOLDER in rows:
            raise CannotRender(f"A row of {table} holds the word that stands for the schema's name.")
        if rows:
            insert = sql.SQL("INSERT INTO {}.{} ({}) OVERRIDING SYSTEM VALUE VALUES\n").format(
                sql.SQL(PLACEHOLDER), sql.Identifier(table), _listed(names)
            )
            yield insert.as_string() + rows


def _listed(parts: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(parts)
