"""What an act asks the database."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(act: Callable[[], object]) -> list[str]:
    """The statements that `act` sends, without the one that says whose schema is meant."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured if "set_config('search_path'" not in query["sql"]]
