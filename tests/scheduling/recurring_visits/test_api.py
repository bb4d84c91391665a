"""The endpoints `appointments/series/` and `appointments/chains/`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.account_closure import close_account
from scheduling.models import Booking, IdempotentAnswer, Series
from tenants.accounts.models import User
from tenants.accounts.models.audit_entry import AuditEntry
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_doctor, make_patient
from tests.factories.queries import queries_of
from tests.factories.schedule import make_slot
from tests.factories.visit_types import make_chain, make_visit_type

AsUser = Callable[[User | None], ClinicClient]
SERIES = "/api/appointments/series/"
CHAINS = "/api/appointments/chains/"


def series_body(doctor: Doctor, **fields: Any) -> dict[str, Any]:
    """Return the body for a series on two Tuesdays at nine."""
    defaults = {"first_on": "2026-03-03", "clock": "09:00", "unit": "week", "every": 1, "count": 2}
    return {"doctor": str(doctor.pk), **defaults, **fields}


@pytest.fixture
def tuesdays(doctor: Doctor, now: datetime) -> list[Any]:
    """The slots of two Tuesdays at nine."""
    first = now.replace(hour=9) + timedelta(days=1)
    return [make_slot(doctor, first), make_slot(doctor, first + timedelta(days=7))]


def test_a_series_is_booked_shown_and_cancelled(
    as_user: AsUser, doctor: Doctor, patient: Patient, tuesdays: list[Any]
) -> None:
    client = as_user(patient.user)

    created = client.post(SERIES, series_body(doctor))
    shown = client.get(f"{SERIES}{data_of(created)['id']}/")
    cancelled = client.post(f"{SERIES}{data_of(created)['id']}/cancel/", {"reason": "Away"})

    assert created.status_code == 201
    for response, status in ((created, "CONFIRMED"), (shown, "CONFIRMED"), (cancelled, "CANCELLED")):
        instances = data_of(response)["instances"]
        assert [(visit["on"], visit["code"], visit["booking"]["status"]) for visit in instances] == [
            ("2026-03-03", "", status),
            ("2026-03-10", "", status),
        ]


def test_visits_within_the_cancellation_notice_are_kept_and_reported(
    as_user: AsUser, doctor: Doctor, patient: Patient, tuesdays: list[Any]
) -> None:
    ClinicSettings.objects.update(cancellation_notice_minutes=2 * 24 * 60)
    client = as_user(patient.user)
    series = data_of(client.post(SERIES, series_body(doctor)))["id"]

    cancelled = data_of(client.post(f"{SERIES}{series}/cancel/", {}))["instances"]

    assert [(visit["code"], visit["booking"]["status"]) for visit in cancelled] == [
        ("notice_too_short", "CONFIRMED"),
        ("", "CANCELLED"),
    ]


def test_a_series_without_any_bookable_visit_is_refused_with_a_report(
    as_user: AsUser, doctor: Doctor, patient: Patient
) -> None:
    response = as_user(patient.user).post(SERIES, series_body(doctor))

    body = response.json()
    assert (response.status_code, body["code"]) == (422, "series_not_booked")
    assert [(visit["on"], visit["code"]) for visit in body["data"]["instances"]] == [
        ("2026-03-03", "slot_not_offered"),
        ("2026-03-10", "slot_not_offered"),
    ]
    assert Series.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"count": 1}, "count"),
        ({"count": 53}, "count"),
        ({"every": 0}, "every"),
        ({"clock": "24:00"}, "clock"),
        ({"unit": "day"}, "unit"),
        ({"doctor": str(uuid4())}, "doctor"),
        ({"first_on": "0001-01-01"}, "first_on"),
    ],
)
def test_an_invalid_series_is_refused(
    as_user: AsUser, doctor: Doctor, patient: Patient, changes: dict[str, Any], field: str
) -> None:
    response = as_user(patient.user).post(SERIES, series_body(doctor) | changes)

    assert (response.status_code, list(response.json()["errors"])) == (400, [field])


def test_a_repeated_series_request_gets_the_first_response(
    as_user: AsUser, doctor: Doctor, patient: Patient, tuesdays: list[Any]
) -> None:
    client, key = as_user(patient.user), {"Idempotency-Key": "k1"}

    first, repeat = (client.post(SERIES, series_body(doctor), headers=key) for _ in range(2))

    assert (first.status_code, repeat.status_code) == (201, 201)
    assert data_of(first) == data_of(repeat)
    assert Booking.objects.count() == 2


def test_staff_reading_a_series_is_in_the_audit_log(
    as_user: AsUser, admin: User, doctor: Doctor, patient: Patient, tuesdays: list[Any]
) -> None:
    series = data_of(as_user(patient.user).post(SERIES, series_body(doctor)))["id"]

    as_user(admin).get(f"{SERIES}{series}/")

    read = AuditEntry.objects.filter(by=admin, what="read").values_list("kind", flat=True)
    assert sorted(read) == ["clinics.patient", "scheduling.booking", "scheduling.booking"]


@pytest.fixture
def chain(doctor: Doctor, tuesdays: list[Any]) -> Any:
    """A chain of two visits, the second with another doctor. Its slots are in `.slots`."""
    visit_type = make_visit_type(name="Check-up")
    created: Any = make_chain(visit_type, visit_type, name="Both")
    created.slots = [tuesdays[0], make_slot(make_doctor(), tuesdays[0].ends_at)]
    return created


def test_chains_are_listed_with_their_times_and_booked(as_user: AsUser, patient: Patient, chain: Any) -> None:
    client = as_user(patient.user)
    slots = [str(slot.pk) for slot in chain.slots]

    [listed] = data_of(client.get(CHAINS))["results"]
    times = data_of(client.get(f"{CHAINS}{chain.pk}/available/?from=2026-03-02&to=2026-03-04"))["results"]
    booked = client.post(f"{CHAINS}{chain.pk}/book/", {"slots": slots})

    assert (listed["name"], [step["name"] for step in listed["steps"]]) == ("Both", ["Check-up", "Check-up"])
    assert [[(visit["id"], visit["local_time"]) for visit in option["visits"]] for option in times] == [
        [(slots[0], "09:00"), (slots[1], "09:30")]
    ]
    assert (booked.status_code, [visit["slot"] for visit in data_of(booked)]) == (201, slots)


def test_booked_times_of_a_chain_are_no_longer_available(
    as_user: AsUser, patient: Patient, chain: Any
) -> None:
    client = as_user(patient.user)
    path = f"{CHAINS}{chain.pk}/available/?from=2026-03-02&to=2026-03-04"
    before = data_of(client.get(path))["count"]

    client.post(f"{CHAINS}{chain.pk}/book/", {"slots": [str(slot.pk) for slot in chain.slots]})

    assert (before, data_of(client.get(path))["count"]) == (1, 0)


@pytest.mark.parametrize("change", [{"is_active": False}, {"who_may_book": "staff"}])
def test_a_chain_with_a_visit_that_patients_cannot_book_is_not_shown(
    visitor: ClinicClient, chain: Any, change: dict[str, Any]
) -> None:
    visit_type = chain.steps.all()[0].visit_type
    type(visit_type).objects.filter(pk=visit_type.pk).update(**change)

    assert data_of(visitor.get(CHAINS))["results"] == []
    assert visitor.get(f"{CHAINS}{chain.pk}/available/").status_code == 404


def test_listing_chains_has_a_constant_number_of_queries(visitor: ClinicClient, chain: Any) -> None:
    visitor.get(CHAINS)  # caches the host
    count_of_one = len(queries_of(lambda: visitor.get(CHAINS)))
    for _ in range(2):
        make_chain(make_visit_type(), make_visit_type())

    assert len(queries_of(lambda: visitor.get(CHAINS))) == count_of_one


def test_closing_an_account_deletes_its_idempotent_responses(
    as_user: AsUser, doctor: Doctor, chain: Any, tuesdays: list[Any], now: datetime
) -> None:
    patient = make_patient()
    assert patient.user is not None
    client = as_user(patient.user)
    visit_type = str(chain.steps.all()[0].visit_type_id)
    slots = [str(slot.pk) for slot in chain.slots]
    client.post(f"{CHAINS}{chain.pk}/book/", {"slots": slots}, headers={"Idempotency-Key": "k1"})
    second_body = series_body(doctor, visit_type=visit_type)
    client.post(SERIES, second_body, headers={"Idempotency-Key": "k2"})
    stored = IdempotentAnswer.objects.count()

    close_account(user=patient.user, password=PASSWORD, address="", now=now)

    assert (stored, IdempotentAnswer.objects.count()) == (2, 0)
