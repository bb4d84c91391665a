"""A code sent many times at once works once, and concurrent attempts cannot exceed the limit."""

import time

import pytest

from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.models import AttemptCounter, User
from tenants.accounts.models.authenticator import Authenticator
from tenants.accounts.second_factor.challenge import check_code
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.models import Clinic
from tests.factories.people import make_admin
from tests.factories.second_factor import code_of, give_authenticator, wrong_code
from tests.factories.threads import run_concurrently

ADDRESS = "192.0.2.1"
AT_ONCE = 16


def send_code(user: User, code: str) -> str:
    """Send a code and return whether it was accepted, wrong or one too many."""
    try:
        check_code(user=user, code=code, address=ADDRESS, now=now())
    except InvalidInput:
        return "wrong"
    except TooManyAttempts:
        return "too many"
    return "accepted"


def unguarded(device_id: int, code: str) -> str:
    """Check a code without the lock on the device."""
    device = Authenticator.objects.get(pk=device_id)
    time.sleep(0.05)  # gives the other threads time to run
    return "accepted" if device.verify_token(code) else "wrong"


@pytest.fixture
def device(committed_clinic: Clinic) -> Authenticator:
    """Return an admin's app."""
    return give_authenticator(make_admin())


def test_a_code_sent_many_times_at_once_works_once(committed_clinic: Clinic, device: Authenticator) -> None:
    code = code_of(device, steps=1)  # one step ahead, because the time step may end during the test

    outcomes = run_concurrently(committed_clinic, *[lambda: send_code(device.user, code)] * 4)

    assert sorted(map(str, outcomes)) == ["accepted", "wrong", "wrong", "wrong"]


def test_without_the_lock_a_code_works_several_times(committed_clinic: Clinic, device: Authenticator) -> None:
    code = code_of(device, steps=1)

    outcomes = run_concurrently(committed_clinic, *[lambda: unguarded(device.pk, code)] * 4)

    assert outcomes.count("accepted") > 1


def test_of_two_hundred_concurrent_wrong_codes_five_are_checked(
    committed_clinic: Clinic, device: Authenticator
) -> None:
    wrong = wrong_code(device)

    def send_wrong_codes() -> list[str]:
        return [send_code(device.user, wrong) for _ in range(5)]

    results = run_concurrently(committed_clinic, *[send_wrong_codes] * 40)

    outcomes = [outcome for result in results if not isinstance(result, Exception) for outcome in result]
    assert (len(outcomes), outcomes.count("wrong"), outcomes.count("too many")) == (200, 5, 195)
    assert sorted(AttemptCounter.objects.values_list("count", flat=True)) == [5, 5, 100]
