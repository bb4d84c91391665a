"""Cached responses equal those that views give, at every time and after every change."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import ClinicSettings, Doctor, HomePage
from scheduling.models import Slot
from scheduling.slots.services import change_slot
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import now as clock_now
from tenants.base.errors import DomainError
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.services.lifecycle import rename_clinic
from tests.factories.cache import empty_cache
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.schedule import make_slot
from tests.scheduling.random_schedules import make_random_change, make_random_schedule

AVAILABLE, DOCTORS = "/api/appointments/available/", "/api/users/doctors/"
PUBLIC = [AVAILABLE, DOCTORS, f"{DOCTORS}?ordering=next_available&page_size=1", "/api/clinic/", "/"]
SECOND = timedelta(seconds=1)


def bodies(clinic: Clinic, paths: list[str]) -> list[bytes]:
    """Return the responses to requests without a sign-in."""
    responses = [ClinicClient(clinic).get(path) for path in paths]
    assert {response.status_code for response in responses} == {200}
    return [response.content for response in responses]


def queries(act: Callable[[], object]) -> int:
    """Return how many statements read tables, but for the lookup of the host."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum("FROM" in query["sql"] and "tenants_domain" not in query["sql"] for query in captured)


@pytest.fixture
def doctor(committed_clinic: Clinic, now: datetime) -> Doctor:
    """A doctor with two open slots, after whose creation the cache is empty."""
    doctor = make_doctor(name="Marsh")
    for hours in (2, 3):
        make_slot(doctor, now + timedelta(hours=hours))
    empty_cache(committed_clinic)
    return doctor


@pytest.mark.parametrize("path", [*PUBLIC, "a doctor"])
def test_a_cached_response_needs_no_query_and_equals_the_first(
    committed_clinic: Clinic, doctor: Doctor, now: datetime, path: str
) -> None:
    path = f"{DOCTORS}{doctor.pk}/" if path == "a doctor" else path
    with time_machine.travel(now, tick=False):
        first = ClinicClient(committed_clinic).get(path)
        answers: list[Any] = []

        count = queries(lambda: answers.append(ClinicClient(committed_clinic).get(path)))

    (second,) = answers
    changing = {"X-Request-ID", "RateLimit-Remaining"}
    assert count == 0
    assert second.content == first.content
    assert {name: value for name, value in second.headers.items() if name not in changing} == {
        name: value for name, value in first.headers.items() if name not in changing
    }


def block_first_listed(clinic: Clinic, *, now: datetime) -> None:
    """Block the first open slot, which the doctors' next open times depend on."""
    listed = data_of(ClinicClient(clinic).get(AVAILABLE))["results"]
    if listed:
        change_slot(slot=Slot.objects.get(pk=listed[0]["id"]), status="blocked", now=now)


def test_after_any_changes_cached_responses_equal_fresh_ones(committed_clinic: Clinic) -> None:
    rng = Random(7)
    schedule = make_random_schedule(rng)
    paths = [*PUBLIC, *(f"{DOCTORS}{doctor.pk}/" for doctor in schedule.doctors)]
    with time_machine.travel(schedule.now, tick=False) as clock:
        for step in range(25):
            empty_cache(committed_clinic)
            bodies(committed_clinic, paths)

            with suppress(DomainError):
                if step % 2:
                    block_first_listed(committed_clinic, now=clock_now())
                else:
                    make_random_change(schedule, rng)
            clock.shift(rng.choice([0, 10, 20]) * SECOND)  # entries live for 30 seconds
            cached = bodies(committed_clinic, paths)
            empty_cache(committed_clinic)

            assert cached == bodies(committed_clinic, paths)


@pytest.mark.parametrize("notice", [0, 90])
@pytest.mark.parametrize("path", PUBLIC[:3])
def test_a_response_ends_when_its_first_slot_can_no_longer_be_booked(
    committed_clinic: Clinic, doctor: Doctor, now: datetime, path: str, notice: int
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=notice)
    empty_cache(committed_clinic)
    last = now + timedelta(hours=2, minutes=-notice)
    over = last + (SECOND if notice else timedelta())
    with time_machine.travel(last - SECOND, tick=False) as clock:
        (before,) = bodies(committed_clinic, [path])
        clock.move_to(over)

        (after,) = bodies(committed_clinic, [path])

    assert (b"T14:00:00Z" in before, b"T14:00:00Z" in after) == (True, False)


def test_a_change_of_the_clinics_name_or_texts_is_shown_at_once(committed_clinic: Clinic) -> None:
    empty_cache(committed_clinic)
    bodies(committed_clinic, ["/", "/api/clinic/"])

    rename_clinic(clinic=committed_clinic, name="The clinic by the sea")
    HomePage.objects.create(heading="Welcome to the sea")
    page, clinic = bodies(committed_clinic, ["/", "/api/clinic/"])

    assert b"Welcome to the sea" in page
    assert b"The clinic by the sea" in clinic


def test_users_who_are_signed_in_get_a_page_of_their_own(
    committed_clinic: Clinic, doctor: Doctor, settings: Any
) -> None:
    bodies(committed_clinic, ["/"])
    user = user_of(make_patient())
    client = ClinicClient(committed_clinic)
    client.cookies[settings.REFRESH_COOKIE] = start_session(user=user).refresh

    page = client.get("/")

    assert str(user.pk) in page.content.decode()
    assert str(user.pk).encode() not in bodies(committed_clinic, ["/"])[0]
    assert page["Cache-Control"] == "no-store"


def test_cached_responses_are_counted_and_refused_beyond_the_limit(
    committed_clinic: Clinic, doctor: Doctor, settings: Any
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "reads by address": 3}
    client = ClinicClient(committed_clinic)

    answers = [client.get("/api/clinic/") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]


def test_a_client_that_has_a_cached_response_gets_304(
    committed_clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    client = ClinicClient(committed_clinic)
    with time_machine.travel(now, tick=False):
        etag = client.get(AVAILABLE)["ETag"]

        again = client.get(AVAILABLE, headers={"If-None-Match": etag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


def test_clinics_do_not_share_the_response_of_a_path(
    committed_clinic: Clinic, clinics: tuple[Clinic, Clinic], doctor: Doctor
) -> None:
    own = data_of(ClinicClient(committed_clinic).get(DOCTORS))
    with enter_clinic(clinics[0]):
        other = data_of(ClinicClient(clinics[0]).get(DOCTORS))

    assert [row["name"] for row in own["results"]] == ["Marsh"]
    assert str(doctor.pk) not in str(other)


def test_a_search_for_a_day_ends_when_its_last_slot_can_no_longer_be_booked(
    committed_clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    path = f"{DOCTORS}?available_on={now:%Y-%m-%d}"
    with time_machine.travel(now + timedelta(hours=3) - SECOND, tick=False) as clock:
        before = data_of(ClinicClient(committed_clinic).get(path))["count"]
        clock.shift(SECOND)

        after = data_of(ClinicClient(committed_clinic).get(path))["count"]

    assert (before, after) == (1, 0)


def test_a_later_page_follows_the_doctors_before_it(
    committed_clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    """On the first page, Marsh's slot in two hours becomes too soon to be booked."""
    make_slot(make_doctor(name="Reed"), now + timedelta(minutes=150))
    empty_cache(committed_clinic)
    path = f"{DOCTORS}?ordering=next_available&page_size=1&page=2"
    names = []
    with time_machine.travel(now + timedelta(hours=2) - SECOND, tick=False) as clock:
        for _moment in range(2):
            names += [row["name"] for row in data_of(ClinicClient(committed_clinic).get(path))["results"]]
            clock.shift(SECOND)

    assert names == ["Reed", "Marsh"]
