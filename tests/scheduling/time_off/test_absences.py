"""`portal/absences/`: the front desk records that a doctor is ill, and decides about each appointment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import Booking, BookingEvent, Slot, TimeOff
from tenants.accounts.models import AuditEntry, User
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot

URL = "/api/portal/absences/"
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def client(as_user: Callable[..., ClinicClient]) -> ClinicClient:
    """A client of a receptionist."""
    return as_user(make_receptionist())


@pytest.fixture
def bookings(doctor: Doctor, now: datetime) -> list[Booking]:
    """Three appointments on Tuesday from nine on, and open times on Wednesday."""
    first = datetime(2026, 3, 3, 9, tzinfo=UTC)
    for index in range(3):
        make_slot(doctor, first + timedelta(days=1) + index * HALF_HOUR)
    return [
        make_booking(make_slot(doctor, first + index * HALF_HOUR), make_patient(), now=now)
        for index in range(3)
    ]


def absence(doctor: Doctor, **fields: Any) -> dict[str, Any]:
    """A day on which the doctor is away from nine to five."""
    day = {"from": "2026-03-03", "to": "2026-03-03", "opens": "09:00", "closes": "17:00"}
    return {"doctor": str(doctor.pk), **day, **fields}


def test_the_desk_previews_an_absence_and_decides_about_each_appointment(
    client: ClinicClient, doctor: Doctor, bookings: list[Booking]
) -> None:
    preview = data_of(client.post(f"{URL}preview/", absence(doctor)))["bookings"]
    assert [row["booking"]["id"] for row in preview] == [str(booking.pk) for booking in bookings]
    assert [row["alternatives"][0]["local_date"] for row in preview] == ["2026-03-04"] * 3
    assert not TimeOff.objects.exists()

    decisions = [
        {"booking": str(bookings[0].pk), "action": "move", "slot": preview[0]["alternatives"][0]["id"]},
        {"booking": str(bookings[1].pk), "action": "cancel"},
        {"booking": str(bookings[2].pk), "action": "keep"},
    ]
    done = client.post(URL, absence(doctor, note="The doctor is away.", bookings=decisions))

    assert done.status_code == 201
    assert [(row["done"], row["refused"]) for row in data_of(done)["bookings"]] == [
        ("moved", None), ("cancelled", None), ("kept", None),
    ]  # fmt: skip
    event = BookingEvent.objects.get(booking=bookings[1], kind="cancelled")
    assert event.note == "The doctor is away."
    # The times that became free are not offered again.
    assert not Slot.objects.offered().filter(starts_at__date="2026-03-03").exists()
    assert AuditEntry.objects.filter(kind="scheduling.timeoff", what="added").count() == 1


def test_repeating_the_request_gives_the_first_answer_and_changes_nothing(
    client: ClinicClient, doctor: Doctor, bookings: list[Booking]
) -> None:
    body = absence(doctor, others="cancel")

    first = client.post(URL, body, HTTP_IDEMPOTENCY_KEY="k")
    second = client.post(URL, body, HTTP_IDEMPOTENCY_KEY="k")
    other = client.post(URL, absence(doctor, others="keep"), HTTP_IDEMPOTENCY_KEY="k")

    assert data_of(second) == data_of(first)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert TimeOff.objects.count() == 1
    assert BookingEvent.objects.filter(kind="cancelled").count() == 3


def test_appointments_that_cannot_be_changed_are_named_and_the_others_are_changed(
    client: ClinicClient, doctor: Doctor, bookings: list[Booking], admin: User, now: datetime
) -> None:
    Booking.objects.filter(pk=bookings[0].pk).update(status="CHECKED_IN")
    Slot.objects.filter(starts_at__date="2026-03-04").delete()
    decisions = [{"booking": str(bookings[1].pk), "action": "move"}]

    rows = data_of(client.post(URL, absence(doctor, bookings=decisions, others="cancel")))["bookings"]

    assert [row["done"] for row in rows] == ["kept", "kept", "cancelled"]
    assert [row["refused"] and row["refused"]["code"] for row in rows] == [
        "booking_over", "no_time_open", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "allowed"),
    [
        (("2026-03-02", "2026-03-08"), True),
        (("2026-03-02", "2026-03-09"), False),
        (("2026-03-09", "2026-03-09"), True),
        (("2026-03-10", "2026-03-10"), False),
    ],
    ids=["seven days", "eight days", "begins in a week", "begins later"],
)
def test_receptionists_record_short_absences_and_admins_any(
    as_user: Callable[..., ClinicClient], admin: User, doctor: Doctor, days: tuple[str, str], allowed: bool
) -> None:
    body = absence(doctor, **{"from": days[0], "to": days[1]})

    preview = as_user(make_receptionist()).post(f"{URL}preview/", body)
    recorded = as_user(make_receptionist()).post(URL, body)

    assert [preview.status_code, recorded.status_code] == ([200, 201] if allowed else [422, 422])
    assert as_user(admin).post(URL, body).status_code == 201
    if not allowed:
        assert recorded.json()["code"] == "absence_too_long"


def test_only_the_front_desk_records_absences_and_an_absence_has_an_end(
    as_user: Callable[..., ClinicClient], client: ClinicClient, doctor: Doctor, patient: Patient
) -> None:
    for user in (doctor.user, user_of(patient)):
        for url in (URL, f"{URL}preview/", f"{URL}reach/", f"{URL}email/"):
            assert as_user(user).post(url, absence(doctor)).status_code == 403
    body = absence(doctor)
    del body["to"]
    assert client.post(URL, body).json()["errors"] == {"to": ["This field is required."]}
    assert client.post(URL, absence(doctor, to="2026-03-01", **{"from": "2026-03-01"})).status_code == 400
