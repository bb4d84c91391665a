"""Replays a recorded script in a clinic's schema, in one transaction and one round trip."""

import threading
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

from tenants.migrating.blueprint import TEMPLATE
from tenants.migrating.locks import TIMEOUTS, new_connection, retry_on_lock_timeout
from tenants.models import Recording

_SCHEMAS_FOR_ONE_CONNECTION = 100
"""A connection caches the catalogs of every schema it has used: 225 MiB for a thousand schemas."""

_BEFORE = "SET LOCAL search_path = {schema}, public;\n" + "".join(
    f"SET LOCAL {name} = '{value}';\n" for name, value in TIMEOUTS.items()
)
_AFTER = """
;
-- Mark the template's migrations as applied.
INSERT INTO {schema}.django_migrations (app, name, applied)
SELECT app, name, now() FROM {template}.django_migrations AS needed
WHERE NOT EXISTS (
    SELECT FROM {schema}.django_migrations AS existing
    WHERE (existing.app, existing.name) = (needed.app, needed.name)
)
ORDER BY id;
-- Add the content types that Django creates after a migration.
INSERT INTO {schema}.django_content_type (app_label, model)
SELECT app_label, model FROM {template}.django_content_type AS needed
WHERE NOT EXISTS (
    SELECT FROM {schema}.django_content_type AS existing
    WHERE (existing.app_label, existing.model) = (needed.app_label, needed.model)
)
ORDER BY id;
-- Add the permissions as well. Ids differ between schemas, so content types are matched by name.
INSERT INTO {schema}.auth_permission (name, content_type_id, codename)
SELECT needed.name, clinic_type.id, needed.codename
FROM {template}.auth_permission AS needed
JOIN {template}.django_content_type AS template_type ON template_type.id = needed.content_type_id
JOIN {schema}.django_content_type AS clinic_type
    ON (clinic_type.app_label, clinic_type.model) = (template_type.app_label, template_type.model)
WHERE NOT EXISTS (
    SELECT FROM {schema}.auth_permission AS existing
    WHERE (existing.content_type_id, existing.codename) = (clinic_type.id, needed.codename)
)
ORDER BY needed.id;
"""


def script_between(before: str | None, after: str | None, recordings: Mapping[str, Recording]) -> str | None:
    """Return the recorded statements between two states; None if a part of them was not recorded."""
    scripts: list[str] = []
    seen: set[str | None] = set()
    while before != after:
        if before is None or before in seen or before not in recordings:
            return None
        seen.add(before)
        scripts.append(recordings[before].script)
        before = recordings[before].after
    return "\n;\n".join(scripts)


class Replayer:
    """Replays scripts from several threads, each with a connection that is replaced regularly."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._connections: list[psycopg.Connection[Any]] = []

    def replay(self, script: str, schema: str) -> None:
        """Run `script` in `schema` and add the rows that Django adds, in one transaction.

        :raises psycopg.Error: a statement failed, or a lock was not available in ten attempts
        """
        names = {"schema": sql.Identifier(schema), "template": sql.Identifier(TEMPLATE)}
        before, after = (sql.SQL(part).format(**names).as_string() for part in (_BEFORE, _AFTER))
        statements = (before + script + after).encode()

        def replay() -> None:
            connection = self._connection()
            with connection.transaction():
                connection.execute(statements)

        retry_on_lock_timeout(replay)

    def close(self) -> None:
        """Close all connections."""
        for connection in self._connections:
            connection.close()

    def _connection(self) -> psycopg.Connection[Any]:
        local = self._local
        if getattr(local, "remaining", 0) == 0 or local.connection.closed:
            if hasattr(local, "connection"):
                local.connection.close()
            local.connection, local.remaining = new_connection(), _SCHEMAS_FOR_ONE_CONNECTION
            self._connections.append(local.connection)
        local.remaining -= 1
        connection: psycopg.Connection[Any] = local.connection
        return connection
