"""django-tenants' database backend, made to fail closed."""

from contextlib import nullcontext
from typing import Any

from django.db.utils import OperationalError
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from psycopg.pq import TransactionStatus


class _AskingCursor:
    """Sets a path and asks, in the same round trip, whether the schema is there.

    To Postgres a path may name what is not there. In a clinic that was dropped, a query would then find
    public's users, who are the operators.
    """

    def __init__(self, cursor: Any, schema: str) -> None:
        self._cursor = cursor
        self._schema = schema

    def execute(self, statement: str) -> None:
        """Run django-tenants' `SET search_path`. The schema's name is generated, so it needs no quoting."""
        self._cursor.execute(f"{statement}; SELECT '{self._schema}'::regnamespace")


class DatabaseWrapper(TenantsWrapper):
    """Runs a query only when the search path is known to be the current clinic's.

    django-tenants swallows a failed `SET search_path` and goes on with the path of whichever clinic
    the connection served last: a cancelled statement is enough to read a stranger's patients.
    """

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Set the path if it is not set yet.

        :raises OperationalError: the path could not be set, so whose data a query would read is unknown
        """
        nested = self._setting_search_path
        with nullcontext(cursor) if cursor else self.connection.cursor() as ours:
            super()._handle_search_path(_AskingCursor(ours, str(self.schema_name)))  # type: ignore[no-untyped-call]
        if nested or self.search_path_set_schemas is not None:
            return
        # In a failed transaction every statement but ROLLBACK is refused by Postgres itself.
        if self.connection.info.transaction_status != TransactionStatus.INERROR:
            raise OperationalError("The search path is not set; refusing to query an unknown clinic.")
