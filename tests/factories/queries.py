"""What an act asks the database."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(act: Callable[[], object]) -> list[str]:
    """The statements that `act` sends, without what says whose schema is meant, and what asks who signs in.

    Who has been asked after a moment ago is not asked after again.
    """
    with CaptureQueriesContext(connection) as captured:
        act()
    left_out = "set_config('search_path'", "AS signed_in"
    return [query["sql"] for query in captured if not any(part in query["sql"] for part in left_out)]
