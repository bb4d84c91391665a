"""Two hundred tries at once: as many get through as one after the other, and without the guard more do."""

import time
from collections.abc import Callable

from tenants.accounts.errors import TooManyTries
from tenants.accounts.limits import take_try
from tenants.accounts.models import Tries
from tenants.base.clock import now
from tenants.models import Clinic
from tests.factories.threads import at_once

THREADS = 40
EACH = 5
LIMIT = 10


def guarded() -> bool:
    """Whether a try gets through, as the product counts."""
    try:
        take_try("sign-in by account", who="pat@people.example", now=now())
    except TooManyTries:
        return False
    return True


def unguarded() -> bool:
    """The same by looking first and writing after."""
    tries, _new = Tries.objects.get_or_create(key="control", defaults={"count": 0, "ends_at": now()})
    if tries.count >= LIMIT:
        return False
    time.sleep(0.001)  # as long as another process may take the processor
    tries.count += 1
    tries.save()
    return True


def let_through(clinic: Clinic, attempt: Callable[[], bool]) -> int:
    """How many of two hundred tries get through."""
    counts = at_once(clinic, *[lambda: sum(attempt() for _ in range(EACH))] * THREADS)
    failed = [each for each in counts if isinstance(each, Exception)]
    assert failed == []
    return sum(each for each in counts if not isinstance(each, Exception))


def test_of_two_hundred_tries_at_once_ten_get_through(committed_clinic: Clinic) -> None:
    assert let_through(committed_clinic, guarded) == LIMIT
    assert [tries.count for tries in Tries.objects.all()] == [LIMIT]


def test_looking_first_and_writing_after_lets_more_through(committed_clinic: Clinic) -> None:
    assert let_through(committed_clinic, unguarded) > LIMIT
