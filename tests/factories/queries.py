"""The SQL statements that a function executes."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(act: Callable[[], object]) -> list[str]:
    """Return the statements that `act` executes, except those that route the request or authenticate.

    Host names and sessions are cached for a few seconds, so their queries do not always run.
    """
    with CaptureQueriesContext(connection) as captured:
        act()
    left_out = "set_config('search_path'", 'FROM "tenants_domain"', 'INNER JOIN "accounts_usersession"'
    return [query["sql"] for query in captured if not any(part in query["sql"] for part in left_out)]
