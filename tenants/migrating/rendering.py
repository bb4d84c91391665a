"""Renders a schema as an SQL script, like `pg_dump --schema`.

pg_dump reads the catalogs of the whole database, which takes half a minute with a thousand clinics. The
queries used here read only the catalogs of one schema.
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
"""Stands for the schema's name in a script."""


_Params = dict[str, Any]
"""Query parameters: the name of the schema and the ids of its relations."""


class RenderError(Exception):
    """The schema contains objects that the script would lose."""


def render_schema(schema: str) -> str:
    """Return SQL that creates a copy of `schema`: tables, sequences, rows, constraints and indexes.

    :raises RenderError: the schema contains anything else, such as a view or a trigger
    """
    with transaction.atomic(), connection.cursor() as cursor, _qualified_names(cursor):
        cursor.execute(catalog.RELATIONS, {"schema": schema})
        (relation_ids,) = cursor.fetchone()
        params = {"schema": schema, "relation_ids": relation_ids}
        _reject_unsupported_objects(cursor, params)
        statements = [
            f"CREATE SCHEMA {PLACEHOLDER}",
            *_definitions(cursor, catalog.TABLES, params),
            *_rows(cursor, params),
            *_definitions(cursor, catalog.SEQUENCES_IN_USE, params),
            *_definitions(cursor, catalog.CONSTRAINTS, params),
            *_definitions(cursor, catalog.INDEXES, params),
            *_definitions(cursor, catalog.FOREIGN_KEYS, params),
        ]
    return ";\n".join(statements)


def script_for_schema(script: str, schema: str) -> str:
    """Return the script for a schema of that name."""
    return script.replace(PLACEHOLDER, connection.ops.quote_name(schema))


@contextmanager
def _qualified_names(cursor: CursorWrapper) -> Iterator[None]:
    """Make Postgres qualify every name with its schema, so that the script does not depend on a path."""
    cursor.execute("SELECT current_setting('search_path')")
    (path,) = cursor.fetchone()
    cursor.execute("SET LOCAL search_path = pg_catalog; SET LOCAL datestyle = 'ISO'")
    yield
    # Releasing a savepoint does not undo SET LOCAL. After an error, its rollback does.
    cursor.execute("SELECT set_config('search_path', %s, true)", [path])


def _reject_unsupported_objects(cursor: CursorWrapper, params: _Params) -> None:
    cursor.execute(catalog.UNSUPPORTED_OBJECTS, params)
    unsupported = [name for (name,) in cursor.fetchall()]
    if unsupported:
        raise RenderError(
            f"{params['schema']} contains objects that its script would lose: {', '.join(unsupported)}"
        )


def _definitions(cursor: CursorWrapper, query: str, params: _Params) -> list[str]:
    """Return the statements of a catalog query, with the placeholder instead of the schema's name."""
    cursor.execute(query, params)
    qualified_name = re.compile(rf"(?<![\w\"]){re.escape(params['schema'])}\.")
    return [qualified_name.sub(f"{PLACEHOLDER}.", definition) for (definition,) in cursor.fetchall()]


def _rows(cursor: CursorWrapper, params: _Params) -> Iterator[str]:
    """Yield an INSERT for each table that has rows, which Django's migrations have created."""
    cursor.execute(catalog.COLUMNS_TO_COPY, params)
    for table, columns in cursor.fetchall():
        names = [sql.Identifier(column) for column in columns]
        values = [sql.SQL("quote_nullable({}::text)").format(name) for name in names]
        cursor.execute(
            sql.SQL(
                "SELECT string_agg('(' || concat_ws(', ', {values}) || ')', E',\n' ORDER BY {first}) "
                "FROM {table}"
            ).format(values=_join(values), first=names[0], table=sql.Identifier(params["schema"], table))
        )
        (rows,) = cursor.fetchone()
        if rows and PLACEHOLDER in rows:
            raise RenderError(f"A row of {table} contains the placeholder for the schema's name.")
        if rows:
            insert = sql.SQL("INSERT INTO {}.{} ({}) OVERRIDING SYSTEM VALUE VALUES\n").format(
                sql.SQL(PLACEHOLDER), sql.Identifier(table), _join(names)
            )
            yield insert.as_string() + rows


def _join(parts: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(parts)
