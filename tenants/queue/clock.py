"""The clock of the queue: that of Postgres, because the clocks of web servers and workers differ."""

from datetime import datetime
from typing import cast

from django.db import connection


def queue_now() -> datetime:
    """Return the current time (UTC) of Postgres' clock. A test that stops the clock stops this one too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return cast(datetime, now)
