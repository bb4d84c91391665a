"""How often an email or text message is sent to a server that refuses it for now, and when."""

from datetime import datetime, timedelta

from django.conf import settings

FIRST_DELAY, MAX_DELAY = timedelta(minutes=1), timedelta(hours=2)


def next_attempt(attempts: int, *, wait: timedelta = timedelta(), now: datetime) -> datetime | None:
    """Return when to send something again after so many attempts; None if it is given up.

    :param wait: how long the server asks to wait, up to the longest delay
    """
    if attempts >= settings.MESSAGE_MAX_ATTEMPTS:
        return None
    delay: timedelta = min(MAX_DELAY, max(wait, FIRST_DELAY * 2 ** max(attempts - 1, 0)))
    return now + delay
