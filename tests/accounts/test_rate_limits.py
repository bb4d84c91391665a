"""Anonymous requests are limited by client address, exactly and with a clear answer."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django_redis import get_redis_connection
from rest_framework.permissions import AllowAny

from clinics.models import Doctor, Patient
from tenants.accounts.errors import TooManyRequests
from tenants.accounts.models import User
from tenants.accounts.rate_limits import count_request
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.threads import run_concurrently
from tests.isolation.url_list import CLINIC_URLS

AVAILABLE = "/api/appointments/available/"
DOCTORS = "/api/users/doctors/"
REGISTER = "/api/auth/register/"
ID = "0b9d2e0c-6a58-4a6e-9d5c-0d8f7c1c2b3a"
THREADS, REQUESTS_PER_THREAD, LIMIT = 30, 10, 100
ANONYMOUS = sorted(
    address
    for address, pattern in CLINIC_URLS.items()
    if (view := getattr(pattern.callback, "cls", None))
    and all(permission is AllowAny for permission in view.permission_classes)
    and hasattr(view, "get")
)


@pytest.fixture
def limits(settings: Any) -> dict[str, int]:
    """The limits during the test: two requests a minute."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 2)
    limits: dict[str, int] = settings.RATE_LIMITS
    return limits


@pytest.fixture(autouse=True)
def clock() -> Any:
    """Twenty seconds into a minute that no other test counted in."""
    start = 1_800_000_000 + int(uuid4().int % 1_000_000) * 60 + 20
    with time_machine.travel(start, tick=False) as traveller:
        yield traveller


def statuses(client: ClinicClient, path: str, *, times: int = 3, **extra: Any) -> list[int]:
    """Return the status of each of several requests."""
    return [client.get(path, **extra).status_code for _ in range(times)]


def test_an_address_that_has_used_up_its_limit_is_told_when_to_come_back(
    clinic: Clinic, limits: dict[str, int]
) -> None:
    client = ClinicClient(clinic)
    allowed = [client.get(AVAILABLE) for _ in range(2)]
    refused = client.get(AVAILABLE)

    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    assert [[answer[name] for name in names] for answer in [*allowed, refused]] == [
        ["2", "1", "40"],
        ["2", "0", "40"],
        ["2", "0", "40"],
    ]
    assert (refused.status_code, refused["Retry-After"], "Retry-After" in allowed[1]) == (429, "40", False)
    assert refused.json() == {
        "success": False,
        "data": None,
        "message": "Too many requests from your network. Wait a moment, then try again.",
        "code": "too_many_requests",
        "errors": {},
    }


def test_the_limit_starts_anew_with_the_next_minute(
    clinic: Clinic, limits: dict[str, int], clock: Any
) -> None:
    client = ClinicClient(clinic)
    assert statuses(client, AVAILABLE) == [200, 200, 429]

    clock.shift(39)
    last_second = client.get(AVAILABLE)
    clock.shift(1)

    assert (last_second.status_code, last_second["Retry-After"]) == (429, "1")
    assert statuses(client, AVAILABLE) == [200, 200, 429]


@pytest.mark.parametrize("address", ANONYMOUS)
def test_every_anonymous_address_of_the_api_is_limited(
    clinic: Clinic, limits: dict[str, int], address: str
) -> None:
    path = address
    while "<" in path:
        before, _, rest = path.partition("<")
        path = before + ID + rest.partition(">")[2]

    assert [status == 429 for status in statuses(ClinicClient(clinic), path)] == [False, False, True]


def test_addresses_and_clinics_are_counted_separately(
    clinic: Clinic, other_clinic: Clinic, limits: dict[str, int]
) -> None:
    one, two = ClinicClient(clinic), ClinicClient(clinic, REMOTE_ADDR="203.0.113.8")

    assert statuses(one, AVAILABLE) == [200, 200, 429]
    assert statuses(two, AVAILABLE) == [200, 200, 429]
    assert statuses(ClinicClient(other_clinic), AVAILABLE) == [200, 200, 429]


def test_a_network_of_ipv6_addresses_counts_as_one(clinic: Clinic, limits: dict[str, int]) -> None:
    clients = [ClinicClient(clinic, REMOTE_ADDR=f"2001:db8:0:1::{number}") for number in range(1, 4)]

    assert [client.get(AVAILABLE).status_code for client in clients] == [200, 200, 429]


def test_a_made_up_forwarded_address_does_not_help(
    clinic: Clinic, limits: dict[str, int], settings: Any
) -> None:
    client = ClinicClient(clinic)
    forged = [client.get(AVAILABLE, headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(3)]
    settings.BEHIND_PROXY = True
    behind = [client.get(AVAILABLE, headers={"X-Forwarded-For": f"{n}, 203.0.113.9"}) for n in range(3)]

    assert [answer.status_code for answer in forged] == [200, 200, 429]
    assert [answer.status_code for answer in behind] == [200, 200, 429]


def test_people_who_are_signed_in_are_not_counted(
    clinic: Clinic,
    limits: dict[str, int],
    doctor: Doctor,
    patient: Patient,
    client_for: Callable[..., ClinicClient],
) -> None:
    path = f"/api/appointments/explain/?doctor={doctor.pk}&at=2027-03-01T09:00"

    assert statuses(client_for(clinic, patient.user), path, times=4) == [200] * 4
    assert statuses(ClinicClient(clinic), path) == [200, 200, 429]


def test_each_kind_of_request_has_its_own_limit(clinic: Clinic, limits: dict[str, int]) -> None:
    client = ClinicClient(clinic)

    assert statuses(client, AVAILABLE) == [200, 200, 429]
    assert statuses(client, DOCTORS, times=1) == [429]  # the same kind: reads
    assert statuses(client, f"/api/appointments/explain/?doctor={ID}&at=2027-03-01T09:00") == [404, 404, 429]


def test_a_limit_of_zero_allows_everything(clinic: Clinic, settings: Any) -> None:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 0)
    answer = ClinicClient(clinic).get(AVAILABLE)

    assert (answer.status_code, "RateLimit-Limit" in answer) == (200, False)


def test_without_redis_everything_is_allowed(clinic: Clinic, limits: dict[str, int], settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}

    assert statuses(ClinicClient(clinic), AVAILABLE) == [200, 200, 200]


def test_registrations_say_what_is_left_of_their_limit(clinic: Clinic, settings: Any) -> None:
    _limit, hour = settings.TRY_LIMITS["registration by address"]
    settings.TRY_LIMITS = {**settings.TRY_LIMITS, "registration by address": (1, hour)}
    client = ClinicClient(clinic)
    person = {"password": "correct horse battery", "first_name": "Mia", "last_name": "Marsh"}

    answers = [client.post(REGISTER, {**person, "email": f"mia{n}@people.example"}) for n in range(2)]

    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    assert [answer.status_code for answer in answers] == [201, 429]
    assert [[answer[name] for name in names] for answer in answers] == [["1", "0", "3600"]] * 2
    assert answers[1]["Retry-After"] == "3600"


def test_how_many_attempts_an_account_has_left_is_not_told(clinic: Clinic, user: User) -> None:
    answer = ClinicClient(clinic).post(
        "/api/auth/login/", {"email": user.email, "password": "wrong password"}
    )

    assert (answer.status_code, answer["RateLimit-Limit"]) == (401, "100")


def test_no_address_is_stored_in_redis(clinic: Clinic, limits: dict[str, int]) -> None:
    ClinicClient(clinic, REMOTE_ADDR="203.0.113.77").get(AVAILABLE)

    assert list(get_redis_connection("default").scan_iter("*203.0.113.77*")) == []


def guarded(now: datetime) -> bool:
    """Return whether a request is allowed by the product's counter."""
    try:
        count_request("reads by address", address="203.0.113.5", now=now)
    except TooManyRequests:
        return False
    return True


def unguarded() -> bool:
    """Return whether a request is allowed by a counter that checks before it writes."""
    count = cache.get("control", 0)
    if count >= LIMIT:
        return False
    time.sleep(0.001)  # gives the other threads time to run
    cache.set("control", count + 1, 60)
    return True


def number_allowed(clinic: Clinic, request: Callable[[], bool]) -> int:
    """Return how many of three hundred requests are allowed."""
    functions = [lambda: sum(request() for _ in range(REQUESTS_PER_THREAD))] * THREADS
    counts = run_concurrently(clinic, *functions)
    assert [count for count in counts if isinstance(count, Exception)] == []
    return sum(count for count in counts if not isinstance(count, Exception))


def test_of_three_hundred_concurrent_requests_one_hundred_are_allowed(
    committed_clinic: Clinic, settings: Any
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "reads by address": LIMIT}
    present = clock_now()

    assert number_allowed(committed_clinic, lambda: guarded(present)) == LIMIT


def test_checking_before_counting_allows_more(committed_clinic: Clinic) -> None:
    assert number_allowed(committed_clinic, unguarded) > LIMIT
