"""Limits on attempts to sign in, to register and to request a link."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.accounts.attempt_limits import count_attempt
from tenants.accounts.models import AttemptCounter, User
from tenants.accounts.sessions.services import start_session
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import PASSWORD, make_admin

TOO_MANY: dict[str, Any] = {
    "success": False,
    "data": None,
    "message": "Too many attempts. Try again in 15 minutes.",
    "code": "too_many_tries",
    "errors": {},
}


def sign_in(clinic: Clinic, email: str, password: str = "wrong horse battery", **headers: str) -> Any:
    """Try to sign in with these headers and return the response."""
    client = ClinicClient(clinic, **headers)
    return client.post("/api/auth/login/", {"email": email, "password": password})


def statuses(request: Callable[[], Any], times: int) -> list[int]:
    """Return the statuses of so many requests."""
    return [request().status_code for _ in range(times)]


def test_after_ten_failures_an_account_is_locked_even_for_the_right_password(
    clinic: Clinic, user: User
) -> None:
    failed = statuses(lambda: sign_in(clinic, user.email), 10)

    locked = sign_in(clinic, f" {user.email.upper()}", PASSWORD)

    assert failed == [401] * 10
    assert (locked.status_code, locked.json()) == (429, TOO_MANY)
    assert 0 < int(locked["Retry-After"]) <= 900


def test_an_unknown_account_is_locked_in_the_same_way(clinic: Clinic) -> None:
    failed = statuses(lambda: sign_in(clinic, "nobody@people.example"), 10)

    locked = sign_in(clinic, "nobody@people.example")

    assert (failed, locked.status_code, locked.json()) == ([401] * 10, 429, TOO_MANY)


def test_a_lock_affects_no_other_account_and_no_other_clinic(
    clinic: Clinic, other_clinic: Clinic, user: User
) -> None:
    statuses(lambda: sign_in(clinic, user.email), 11)

    assert sign_in(clinic, make_admin().email, PASSWORD).status_code == 200
    assert sign_in(other_clinic, user.email).status_code == 401


@pytest.mark.parametrize(("minutes", "status"), [(14, 429), (15, 200), (16, 200)])
def test_a_lock_ends_15_minutes_after_the_first_failure(
    clinic: Clinic, user: User, now: datetime, minutes: int, status: int
) -> None:
    with time_machine.travel(now, tick=False) as clock:
        statuses(lambda: sign_in(clinic, user.email), 11)
        clock.shift(timedelta(minutes=minutes))

        assert sign_in(clinic, user.email, PASSWORD).status_code == status


def test_a_success_is_not_counted_and_does_not_reveal_itself_by_resetting_the_count(
    clinic: Clinic, user: User
) -> None:
    statuses(lambda: sign_in(clinic, user.email), 9)

    success = sign_in(clinic, user.email, PASSWORD)

    assert (success.status_code, [counter.count for counter in AttemptCounter.objects.all()]) == (200, [9, 9])
    assert statuses(lambda: sign_in(clinic, user.email), 2) == [401, 429]


def test_an_address_that_tries_many_accounts_is_limited(clinic: Clinic, user: User) -> None:
    accounts = iter(range(100))

    failed = statuses(lambda: sign_in(clinic, f"{next(accounts)}@people.example"), 100)

    assert failed == [401] * 100
    assert sign_in(clinic, user.email, PASSWORD).status_code == 429
    assert sign_in(clinic, user.email, PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize(("behind_proxy", "status"), [(False, 429), (True, 200)])
def test_the_forwarded_address_is_trusted_only_behind_our_proxy(
    clinic: Clinic, user: User, settings: Any, behind_proxy: bool, status: int
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    settings.TRY_LIMITS = {**settings.TRY_LIMITS, "sign-in by address": (1, timedelta(minutes=15))}
    sign_in(clinic, user.email, HTTP_X_FORWARDED_FOR="198.51.100.1")

    assert sign_in(clinic, user.email, PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.2").status_code == status


def test_forged_entries_in_the_forwarded_header_do_not_evade_the_limit(
    clinic: Clinic, user: User, settings: Any
) -> None:
    settings.BEHIND_PROXY = True
    settings.TRY_LIMITS = {**settings.TRY_LIMITS, "sign-in by address": (3, timedelta(minutes=15))}
    numbers = iter(range(60))

    answers = statuses(
        lambda: sign_in(clinic, user.email, HTTP_X_FORWARDED_FOR=f"10.0.0.{next(numbers)}, 198.51.100.1"), 60
    )

    assert answers == [401] * 3 + [429] * 57


def test_guesses_of_the_current_password_are_limited_too(clinic: Clinic, user: User) -> None:
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {start_session(user=user).access}")
    data = {"current_password": "wrong horse battery", "new_password": "another horse, another staple"}

    answers = statuses(lambda: client.post("/api/auth/password/change/", data), 11)

    assert answers == [400] * 10 + [429]


def test_the_admin_has_the_same_limits(clinic: Clinic, admin: User) -> None:
    statuses(lambda: sign_in(clinic, admin.email), 10)

    sent = {"username": admin.email, "password": PASSWORD}
    page = ClinicClient(clinic).post("/admin/login/", sent, format="multipart")

    assert TOO_MANY["message"] in page.content.decode()
    assert "sessionid" not in page.cookies


@pytest.mark.parametrize("email", ["known", "nobody@people.example"])
def test_links_are_limited_whether_or_not_the_account_exists(clinic: Clinic, user: User, email: str) -> None:
    data = {"email": user.email if email == "known" else email}

    answers = statuses(lambda: ClinicClient(clinic).post("/api/auth/password/reset/", data), 6)

    assert answers == [200] * 5 + [429]


def test_links_are_limited_by_address_too(clinic: Clinic, settings: Any) -> None:
    numbers = iter(range(9))
    settings.TRY_LIMITS = {**settings.TRY_LIMITS, "reset by address": (2, timedelta(hours=1))}

    def request(**headers: str) -> Any:
        data = {"email": f"nobody{next(numbers)}@people.example"}
        return ClinicClient(clinic, **headers).post("/api/auth/password/reset/", data)

    assert statuses(request, 3) == [200, 200, 429]
    assert request(REMOTE_ADDR="192.0.2.7").status_code == 200


def test_an_address_can_register_two_hundred_times_an_hour() -> None:
    assert django_settings.TRY_LIMITS["registration by address"] == (200, timedelta(hours=1))


@pytest.mark.parametrize("email", ["known", "nobody@people.example"])
def test_a_locked_sign_in_does_not_query_any_account(clinic: Clinic, user: User, email: str) -> None:
    email = user.email if email == "known" else email
    statuses(lambda: sign_in(clinic, email), 10)

    with CaptureQueriesContext(connection) as queries:
        locked = sign_in(clinic, email, PASSWORD)

    assert locked.status_code == 429
    assert [query["sql"] for query in queries if "accounts_user" in query["sql"]] == []


def test_registrations_from_an_address_are_limited(clinic: Clinic, settings: Any) -> None:
    numbers = iter(range(9))
    settings.TRY_LIMITS = {**settings.TRY_LIMITS, "registration by address": (2, timedelta(hours=1))}

    def register(**headers: str) -> Any:
        person = {"email": f"new{next(numbers)}@people.example", "password": PASSWORD}
        data = {**person, "first_name": "Mia", "last_name": "Marsh"}
        return ClinicClient(clinic, **headers).post("/api/auth/register/", data)

    assert statuses(register, 3) == [201, 201, 429]
    assert register(REMOTE_ADDR="192.0.2.7").status_code == 201


def test_the_table_contains_no_addresses(clinic: Clinic, user: User) -> None:
    sign_in(clinic, user.email, REMOTE_ADDR="192.0.2.7")

    stored = str(list(AttemptCounter.objects.values_list()))

    assert (user.email in stored, "192.0.2.7" in stored, AttemptCounter.objects.count()) == (False, False, 2)


def test_clinics_have_separate_counters(clinic: Clinic, other_clinic: Clinic, now: datetime) -> None:
    count_attempt("sign-in by account", subject="pat@people.example", now=now)

    with enter_clinic(other_clinic):
        assert AttemptCounter.objects.count() == 0
