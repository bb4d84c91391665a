"""django-tenants' database backend, made to fail closed, with a second wall behind the search path."""

from contextlib import nullcontext
from typing import Any

import psycopg
from django.conf import settings
from django.db.utils import DatabaseError, OperationalError
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from django_tenants.utils import get_public_schema_name, quote_schema_name
from psycopg.pq import TransactionStatus

NOBODY = "none"
"""The role of a connection that acts as the login it was made with."""


class DatabaseWrapper(TenantsWrapper):
    """Runs a query only when search path and role are known to be the current clinic's.

    django-tenants swallows a failed `SET search_path` and goes on with the path of whichever clinic
    the connection served last: a cancelled statement is enough to read a stranger's patients.

    Where the application's login is used, a clinic's queries run under the clinic's own role, to which
    Postgres refuses every other schema, even by its full name. The owner's login stays itself: it migrates.
    """

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Set path and role, in one round trip, if they are not set yet.

        :raises OperationalError: they could not be set, so whose data a query would read is unknown
        """
        if self._setting_search_path or self.search_path_set_schemas:
            return
        path = self._get_cursor_search_paths()  # type: ignore[no-untyped-call]
        self._setting_search_path = True
        try:
            with nullcontext(cursor) if cursor else self.connection.cursor() as ours:
                ours.execute(self._switch_to(path))
        except (DatabaseError, psycopg.DatabaseError) as error:
            # In a failed transaction every statement but ROLLBACK is refused by Postgres itself.
            if self.connection.info.transaction_status != TransactionStatus.INERROR:
                raise OperationalError(
                    "The search path is not set; refusing to query an unknown clinic."
                ) from error
        else:
            self.search_path_set_schemas = path
        finally:
            self._setting_search_path = False

    def _switch_to(self, path: list[str]) -> str:
        """The statement that sets both. The names in it are generated, and checked by django-tenants."""
        names = ", ".join(quote_schema_name(name) for name in path)  # type: ignore[no-untyped-call]
        parts = [f"set_config('search_path', '{names}', false)"]
        if self.settings_dict["USER"] == settings.DB_APP_USER:
            parts.append(f"set_config('role', '{self._role()}', false)")
        # To Postgres a path may name what is not there: in a clinic that was dropped, a query would then
        # find public's users, who are the operators.
        parts.append(f"'{self.schema_name}'::regnamespace")
        return f"SELECT {', '.join(parts)}"

    def _role(self) -> str:
        """A clinic's role has the name of its schema."""
        schema = str(self.schema_name)
        return NOBODY if schema == get_public_schema_name() else schema  # type: ignore[no-untyped-call]
