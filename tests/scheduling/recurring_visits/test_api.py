"""`appointments/series/` and `appointments/chains/`: over HTTP."""

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


def wish(doctor: Doctor, **fields: Any) -> dict[str, Any]:
    """Two Tuesdays at nine."""
    usual = {"first_on": "2026-03-03", "clock": "09:00", "unit": "week", "every": 1, "count": 2}
    return {"doctor": str(doctor.pk), **usual, **fields}


@pytest.fixture
def tuesdays(doctor: Doctor, now: datetime) -> list[Any]:
    """The slots of two Tuesdays at nine."""
    first = now.replace(hour=9) + timedelta(days=1)
    return [make_slot(doctor, first), make_slot(doctor, first + timedelta(days=7))]


def test_a_series_is_booked_shown_and_cancelled(
    as_user: AsUser, doctor: Doctor, patient: Patient, tuesdays: list[Any]
) -> None:
    client = as_user(patient.user)

    made = client.post(SERIES, wish(doctor))
    shown = client.get(f"{SERIES}{data_of(made)['id']}/")
    cancelled = client.post(f"{SERIES}{data_of(made)['id']}/cancel/", {"reason": "Away"})

    assert made.status_code == 201
    for answer, status in ((made, "CONFIRMED"), (shown, "CONFIRMED"), (cancelled, "CANCELLED")):
        instances = data_of(answer)["instances"]
        assert [(one["on"], one["code"], one["booking"]["status"]) for one in instances] == [
            ("2026-03-03", "", status),
            ("2026-03-10", "", status),
        ]


def test_what_may_not_be_cancelled_any_more_stays_and_is_said(
    as_user: AsUser, doctor: Doctor, patient: Patient, tuesdays: list[Any]
) -> None:
    ClinicSettings.objects.update(cancellation_notice_minutes=2 * 24 * 60)
    client = as_user(patient.user)
    series = data_of(client.post(SERIES, wish(doctor)))["id"]

    cancelled = data_of(client.post(f"{SERIES}{series}/cancel/", {}))["instances"]

    assert [(one["code"], one["booking"]["status"]) for one in cancelled] == [
        ("notice_too_short", "CONFIRMED"),
        ("", "CANCELLED"),
    ]


def test_a_series_that_cannot_be_booked_at_all_is_refused_with_the_report(
    as_user: AsUser, doctor: Doctor, patient: Patient
) -> None:
    answer = as_user(patient.user).post(SERIES, wish(doctor))

    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "series_not_booked")
    assert [(one["on"], one["code"]) for one in body["data"]["instances"]] == [
        ("2026-03-03", "slot_not_offered"),
        ("2026-03-10", "slot_not_offered"),
    ]
    assert Series.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
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
def test_a_series_that_makes_no_sense_is_refused(
    as_user: AsUser, doctor: Doctor, patient: Patient, wrong: dict[str, Any], field: str
) -> None:
    answer = as_user(patient.user).post(SERIES, wish(doctor) | wrong)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_repeat_of_a_series_gets_the_first_answer(
    as_user: AsUser, doctor: Doctor, patient: Patient, tuesdays: list[Any]
) -> None:
    client, key = as_user(patient.user), {"Idempotency-Key": "k1"}

    first, repeat = (client.post(SERIES, wish(doctor), headers=key) for _ in range(2))

    assert (first.status_code, repeat.status_code) == (201, 201)
    assert data_of(first) == data_of(repeat)
    assert Booking.objects.count() == 2


def test_staff_reading_a_series_is_in_the_audit_log(
    as_user: AsUser, admin: User, doctor: Doctor, patient: Patient, tuesdays: list[Any]
) -> None:
    series = data_of(as_user(patient.user).post(SERIES, wish(doctor)))["id"]

    as_user(admin).get(f"{SERIES}{series}/")

    read = AuditEntry.objects.filter(by=admin, what="read").values_list("kind", flat=True)
    assert sorted(read) == ["clinics.patient", "scheduling.booking", "scheduling.booking"]


@pytest.fixture
def chain(doctor: Doctor, tuesdays: list[Any]) -> Any:
    """Two visits in a row: the first Tuesday's, then one with another doctor. `.slots` are theirs."""
    visit_type = make_visit_type(name="Check-up")
    made: Any = make_chain(visit_type, visit_type, name="Both")
    made.slots = [tuesdays[0], make_slot(make_doctor(), tuesdays[0].ends_at)]
    return made


def test_chains_are_listed_with_their_times_and_booked(as_user: AsUser, patient: Patient, chain: Any) -> None:
    client = as_user(patient.user)
    slots = [str(slot.pk) for slot in chain.slots]

    [listed] = data_of(client.get(CHAINS))["results"]
    times = data_of(client.get(f"{CHAINS}{chain.pk}/available/?from=2026-03-02&to=2026-03-04"))["results"]
    booked = client.post(f"{CHAINS}{chain.pk}/book/", {"slots": slots})

    assert (listed["name"], [step["name"] for step in listed["steps"]]) == ("Both", ["Check-up", "Check-up"])
    assert [[(one["id"], one["local_time"]) for one in way["visits"]] for way in times] == [
        [(slots[0], "09:00"), (slots[1], "09:30")]
    ]
    assert (booked.status_code, [one["slot"] for one in data_of(booked)]) == (201, slots)


def test_times_of_a_chain_are_gone_once_they_are_booked(
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


def test_listing_chains_costs_the_same_for_one_and_for_three(visitor: ClinicClient, chain: Any) -> None:
    visitor.get(CHAINS)  # whose host this is, is asked once
    one = len(queries_of(lambda: visitor.get(CHAINS)))
    for _ in range(2):
        make_chain(make_visit_type(), make_visit_type())

    assert len(queries_of(lambda: visitor.get(CHAINS))) == one


def test_who_closes_their_account_is_in_no_kept_answer(
    as_user: AsUser, doctor: Doctor, chain: Any, tuesdays: list[Any], now: datetime
) -> None:
    patient = make_patient()
    assert patient.user is not None
    client = as_user(patient.user)
    visit_type = str(chain.steps.all()[0].visit_type_id)
    slots = [str(slot.pk) for slot in chain.slots]
    client.post(f"{CHAINS}{chain.pk}/book/", {"slots": slots}, headers={"Idempotency-Key": "k1"})
    again = wish(doctor, visit_type=visit_type)
    client.post(SERIES, again, headers={"Idempotency-Key": "k2"})
    kept = IdempotentAnswer.objects.count()

    close_account(user=patient.user, password=PASSWORD, address="", now=now)

    assert (kept, IdempotentAnswer.objects.count()) == (2, 0)
