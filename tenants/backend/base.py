"""django-tenants' database backend, made to fail closed, and with a database role for each clinic."""

from contextlib import nullcontext
from typing import Any

import psycopg
from django.conf import settings
from django.db.utils import DatabaseError, OperationalError
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from django_tenants.utils import get_public_schema_name, quote_schema_name
from psycopg.pq import TransactionStatus

_NO_ROLE = "none"
"""The Postgres role `none`: the connection acts as the login it was made with."""


class DatabaseWrapper(TenantsWrapper):
    """Runs a query only if search path and role are known to be those of the current clinic.

    django-tenants ignores a failed `SET search_path` and continues with the path of the clinic that the
    connection served before. A cancelled statement is enough to read another clinic's patients.

    With the application's login, the queries of a clinic run under the clinic's own role. Postgres denies
    that role every other schema, even by its full name. The owner's login keeps its own role.
    """

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
