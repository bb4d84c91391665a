"""Where a schema stands: which migrations its own `django_migrations` says were applied there."""

from collections.abc import Iterator, Sequence

from django.db import connection
from psycopg import sql

_SCHEMAS_IN_ONE_QUERY = 250
"""Each costs locks on a table and its index until the query ends."""

_MIGRATED = """
SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = 'django_migrations' AND c.relkind = 'r'
"""
_STATE = """
SELECT {name}, md5(coalesce(string_agg(app || '.' || name, ',' ORDER BY app, name), ''))
FROM {schema}.django_migrations
"""


def states_of(schemas: Sequence[str]) -> dict[str, str]:
    """A word for the state of each schema: equal words, equal states. None where nothing was migrated."""
    states: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MIGRATED)
        migrated = {schema for (schema,) in cursor.fetchall()}
        for some in _portions([schema for schema in schemas if schema in migrated]):
            asked = [
                sql.SQL(_STATE).format(name=sql.Literal(schema), schema=sql.Identifier(schema))
                for schema in some
            ]
            cursor.execute(sql.SQL(" UNION ALL ").join(asked))
            states.update(cursor.fetchall())
    return states


def state_of(schema: str) -> str | None:
    """A word for the state of `schema`; None where nothing was migrated."""
    return states_of([schema]).get(schema)


def applied_in(schema: str) -> frozenset[str]:
    """The migrations applied in `schema`, as `app.name`; empty where there is no such schema."""
    table = sql.Identifier(schema, "django_migrations")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table.as_string()])
        if cursor.fetchone() == (None,):
            return frozenset()
        cursor.execute(sql.SQL("SELECT app || '.' || name FROM {}").format(table))
        return frozenset(name for (name,) in cursor.fetchall())


def _portions(schemas: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(schemas), _SCHEMAS_IN_ONE_QUERY):
        yield schemas[start : start + _SCHEMAS_IN_ONE_QUERY]
