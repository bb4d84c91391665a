"""The migration state of schemas, read from their own `django_migrations` tables."""

from collections.abc import Iterator, Sequence

from django.db import connection
from psycopg import sql

_SCHEMAS_IN_ONE_QUERY = 250
"""Each schema adds two locks (table and index) that are held until the query ends."""

_MIGRATED = """
SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = 'django_migrations' AND c.relkind = 'r'
"""
_STATE = """
SELECT {name}, md5(coalesce(string_agg(app || '.' || name, ',' ORDER BY app, name), ''))
FROM {schema}.django_migrations
"""


def migration_states(schemas: Sequence[str]) -> dict[str, str]:
    """Return a hash of the applied migrations of each schema. Schemas without migrations are left out."""
    states: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MIGRATED)
        migrated = {schema for (schema,) in cursor.fetchall()}
        for batch in _batches([schema for schema in schemas if schema in migrated]):
            queries = [
                sql.SQL(_STATE).format(name=sql.Literal(schema), schema=sql.Identifier(schema))
                for schema in batch
            ]
            cursor.execute(sql.SQL(" UNION ALL ").join(queries))
            states.update(cursor.fetchall())
    return states


def migration_state(schema: str) -> str | None:
    """Return a hash of the applied migrations of `schema`; None if there are none."""
    return migration_states([schema]).get(schema)


def applied_migrations(schema: str) -> frozenset[str]:
    """Return the migrations applied in `schema`, as `app.name`; empty if there is no such schema."""
    table = sql.Identifier(schema, "django_migrations")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table.as_string()])
        if cursor.fetchone() == (None,):
            return frozenset()
        cursor.execute(sql.SQL("SELECT app || '.' || name FROM {}").format(table))
        return frozenset(name for (name,) in cursor.fetchall())


def _batches(schemas: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(schemas), _SCHEMAS_IN_ONE_QUERY):
        yield schemas[start : start + _SCHEMAS_IN_ONE_QUERY]
