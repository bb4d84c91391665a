"""One code sent by many at once opens one session; and no more tries get through than one after the other."""

import time

import pytest

from tenants.accounts.authenticator import Authenticator
from tenants.accounts.errors import TooManyTries
from tenants.accounts.models import Tries, User
from tenants.accounts.second_factor import check_code
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.models import Clinic
from tests.factories.people import make_admin
from tests.factories.second_factor import code_of, give_authenticator, wrong_code
from tests.factories.threads import at_once

ADDRESS = "192.0.2.1"
AT_ONCE = 16


def outcome(user: User, code: str) -> str:
    """What a code that is sent now comes to."""
    try:
        check_code(user=user, code=code, address=ADDRESS, now=now())
    except InvalidInput:
        return "wrong"
    except TooManyTries:
        return "too many"
    return "in"


def unguarded(device_id: int, code: str) -> str:
    """The same without the lock on the device."""
    device = Authenticator.objects.get(pk=device_id)
    time.sleep(0.05)  # as long as another process may take the processor
    return "in" if device.verify_token(code) else "wrong"


@pytest.fixture
def device(committed_clinic: Clinic) -> Authenticator:
    """An admin's app."""
    return give_authenticator(make_admin())


def test_of_many_who_send_one_code_at_once_one_gets_in(
    committed_clinic: Clinic, device: Authenticator
) -> None:
    code = code_of(device, steps=1)  # taken for a minute to come, so that the test may cross a change

    many = at_once(committed_clinic, *[lambda: outcome(device.user, code)] * 4)

    assert sorted(map(str, many)) == ["in", "wrong", "wrong", "wrong"]


def test_without_the_lock_the_same_code_gets_several_in(
    committed_clinic: Clinic, device: Authenticator
) -> None:
    code = code_of(device, steps=1)

    many = at_once(committed_clinic, *[lambda: unguarded(device.pk, code)] * 4)

    assert many.count("in") > 1


def test_of_two_hundred_wrong_codes_at_once_five_are_looked_at(
    committed_clinic: Clinic, device: Authenticator
) -> None:
    wrong = wrong_code(device)

    def try_often() -> list[str]:
        return [outcome(device.user, wrong) for _ in range(5)]

    many = at_once(committed_clinic, *[try_often] * 40)

    said = [each for answers in many if not isinstance(answers, Exception) for each in answers]
    assert (len(said), said.count("wrong"), said.count("too many")) == (200, 5, 195)
    assert sorted(Tries.objects.values_list("count", flat=True)) == [5, 5, 100]
