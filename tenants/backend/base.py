"""django-tenants' database backend, made to fail closed, and with a database role for each clinic."""

import re
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import psycopg
from django.conf import settings
from django.db.utils import DatabaseError, OperationalError
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from django_tenants.utils import get_public_schema_name, quote_schema_name
from psycopg.pq import TransactionStatus

from tenants.backend.watchdog import WatchedConnection, address_of, watchdog

_NO_ROLE = "none"
"""The Postgres role `none`: the connection acts as the login it was made with."""


MAX_SCHEMAS = 40
"""How many schemas a connection serves. Postgres keeps what it has read about each schema's tables in the
memory of the connection's process and never frees it.
"""
_UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_GRACE = 0.5
"""Seconds after the statement timeout within which the server must have ended the statement."""


def seconds(duration: str) -> float:
    """Return a duration of Postgres, such as `5s` or `500` (milliseconds), in seconds."""
    match = re.fullmatch(r"(\d+)\s*(ms|s|min|h|)", duration.strip())
    if not match:
        raise ValueError(duration)
    return int(match[1]) * _UNITS[match[2] or "ms"]


class DatabaseWrapper(TenantsWrapper):
    """Runs a query only if search path and role are known to be those of the current clinic.

    django-tenants ignores a failed `SET search_path` and continues with the path of the clinic that the
    connection served before. A cancelled statement is enough to read another clinic's patients.

    With the application's login, the queries of a clinic run under the clinic's own role. Postgres denies
    that role every other schema, even by its full name. The owner's login keeps its own role.
    """

    Database = SimpleNamespace(**{**vars(psycopg), "connect": WatchedConnection.connect})
    """psycopg, with our class of connections. The pool gets it in the settings."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, or take a connection from the pool.

        :raises OperationalError: the server is away; the pool would wait for it
        """
        watchdog.refuse_if_away(address_of(conn_params))
        try:
            return super().get_new_connection(conn_params)
        except KeyError as error:  # the pool was replaced meanwhile
            raise psycopg.OperationalError("The connection pool was closed.") from error

    def recycle_if_grown(self) -> None:
        """Close the connection, outside a transaction, if it has served too many schemas."""
        if self.connection is not None and not self.in_atomic_block and self._has_grown():
            self.close()  # type: ignore[no-untyped-call]

    def _has_grown(self) -> bool:
        return len(self.connection.served) >= MAX_SCHEMAS

    def lift_statement_timeout(self) -> None:
        """Let statements run for as long as they need, until the end of the transaction."""
        with self.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        self.connection.unlimited = True

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.unlimited = False
            if self._has_grown():
                # The pool closes a connection that is returned after it has expired, and opens another one.
                self.connection._expire_at = 0.0
        super()._close()

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Set search path and role in one round trip, if they are not set yet.

        :raises OperationalError: they could not be set, so a query might read another clinic's data
        """
        if self._setting_search_path or self.search_path_set_schemas:
            return
        path = self._get_cursor_search_paths()  # type: ignore[no-untyped-call]
        self._setting_search_path = True
        try:
            with nullcontext(cursor) if cursor else self.connection.cursor() as own_cursor:
                own_cursor.execute(self._switch_statement(path))
        except (DatabaseError, psycopg.DatabaseError) as error:
            # In a failed transaction Postgres itself rejects every statement except ROLLBACK.
            if self.connection.info.transaction_status != TransactionStatus.INERROR:
                raise OperationalError(
                    "The search path is not set; refusing to query an unknown clinic."
                ) from error
        else:
            self.search_path_set_schemas = path
            self.connection.served.add(self.schema_name)
        finally:
            self._setting_search_path = False

    def _switch_statement(self, path: list[str]) -> str:
        """Return the statement that sets search path and role. django-tenants has validated the names."""
        names = ", ".join(quote_schema_name(name) for name in path)  # type: ignore[no-untyped-call]
        parts = [f"set_config('search_path', '{names}', false)"]
        if self.settings_dict["USER"] == settings.DB_APP_USER:
            parts.append(f"set_config('role', '{self._role()}', false)")
        # Fail if the schema does not exist. Postgres accepts missing schemas in a search path, so in a
        # dropped clinic a query would find the users of `public`, who are the operators.
        parts.append(f"'{self.schema_name}'::regnamespace")
        return f"SELECT {', '.join(parts)}"

    def _role(self) -> str:
        """Return the current role. A clinic's role has the name of its schema."""
        schema = str(self.schema_name)
        return _NO_ROLE if schema == get_public_schema_name() else schema  # type: ignore[no-untyped-call]


def _replace_pools() -> None:
    """Close the pools: they wait longer and longer between attempts to connect.

    The next request opens new ones.
    """
    pools = DatabaseWrapper._connection_pools
    for alias in list(pools):
        pools.pop(alias).close(timeout=0)


_timeout = seconds(settings.DB_STATEMENT_TIMEOUT)
watchdog.statement_limit = _timeout + _GRACE if _timeout else None
watchdog.on_outage = _replace_pools
