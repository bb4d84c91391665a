"""The job that this worker runs now: its attempt, and the request that caused it, for the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from structlog.contextvars import bound_contextvars, get_contextvars

from tenants.models import QueueLine

_attempt: ContextVar[int] = ContextVar("attempt", default=1)


class RetryLater(Exception):
    """Raise it in a handler to run its job again at `until`. Unlike other exceptions, it is not logged."""

    def __init__(self, until: datetime, *, is_counted: bool) -> None:
        """Say when to run it, and whether this attempt counts."""
        super().__init__(until)
        self.until, self.is_counted = until, is_counted


@contextmanager
def running_job(job: QueueLine) -> Iterator[None]:
    """Run a job in this block. Its log lines, error reports and new jobs get the id of its request."""
    token = _attempt.set(job.attempts)
    try:
        with bound_contextvars(**({"request_id": job.request_id} if job.request_id else {})):
            yield
    finally:
        _attempt.reset(token)


def attempt_number() -> int:
    """Return how often the job that runs now has been attempted, counting this time; 1 outside a job."""
    return _attempt.get()


def current_request_id() -> str:
    """Return the id of the request that is being served, or that caused the job that runs now; "" if none."""
    return str(get_contextvars().get("request_id", ""))[: QueueLine.MAX_REQUEST_ID]
