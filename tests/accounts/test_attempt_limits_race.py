"""Concurrent attempts cannot exceed the limit; without the guard they can."""

import time
from collections.abc import Callable

from tenants.accounts.attempt_limits import count_attempt
from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.models import AttemptCounter
from tenants.base.clock import now
from tenants.models import Clinic
from tests.factories.threads import run_concurrently

THREADS = 40
ATTEMPTS_PER_THREAD = 5
LIMIT = 10


def guarded() -> bool:
    """Return whether an attempt is allowed by the product's counter."""
    try:
        count_attempt("sign-in by account", subject="pat@people.example", now=now())
    except TooManyAttempts:
        return False
    return True


def unguarded() -> bool:
    """Return whether an attempt is allowed by a counter that checks before it writes."""
    counter, _new = AttemptCounter.objects.get_or_create(
        key="control", defaults={"count": 0, "ends_at": now()}
    )
    if counter.count >= LIMIT:
        return False
    time.sleep(0.001)  # gives the other threads time to run
    counter.count += 1
    counter.save()
    return True


def number_allowed(clinic: Clinic, attempt: Callable[[], bool]) -> int:
    """Return how many of two hundred attempts are allowed."""
    counts = run_concurrently(clinic, *[lambda: sum(attempt() for _ in range(ATTEMPTS_PER_THREAD))] * THREADS)
    failed = [count for count in counts if isinstance(count, Exception)]
    assert failed == []
    return sum(count for count in counts if not isinstance(count, Exception))


def test_of_two_hundred_concurrent_attempts_ten_are_allowed(committed_clinic: Clinic) -> None:
    assert number_allowed(committed_clinic, guarded) == LIMIT
    assert [counter.count for counter in AttemptCounter.objects.all()] == [LIMIT]


def test_checking_before_writing_allows_more(committed_clinic: Clinic) -> None:
    assert number_allowed(committed_clinic, unguarded) > LIMIT
