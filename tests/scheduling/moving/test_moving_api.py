"""The API of moves: the visit, a move, an undo, a conflict, and what is in the way of a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.clock.time_off import TimeOffSpec
from scheduling.models import Booking, Slot
from scheduling.time_off.give import give_time_off
from tenants.accounts.models import AuditEntry, User
from tests.factories.people import make_patient
from tests.factories.schedule import make_booking, make_hours, make_slot

ForUser = Callable[[User | None], Any]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def nine(now: datetime) -> datetime:
    return now.replace(day=3, hour=9)


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, nine: datetime, now: datetime) -> Booking:
    make_hours(doctor, (1, "09:00", "12:00"), now=now)
    for place in range(6):
        make_slot(doctor, nine + 30 * place * MINUTE, origin=Slot.Origin.HOURS)
    return make_booking(Slot.objects.get(starts_at=nine), patient, now=now)


def test_staff_move_a_visit_and_undo_it(
    booking: Booking, doctor: Doctor, admin: User, as_user: ForUser, nine: datetime
) -> None:
    client, url = as_user(doctor.user), f"/api/portal/bookings/{booking.pk}/"
    shown = client.get(f"{url}move/").json()["data"]
    body = {"starts_at": "2026-03-03T10:10", "version": shown["version"]}
    moved = client.post(f"{url}move/", body, content_type="application/json").json()["data"]
    stale = as_user(admin).post(f"{url}move/", body, content_type="application/json")
    undone = client.post(f"{url}move/undo/", {"version": 1}, content_type="application/json").json()

    assert (shown["local_time"], shown["version"], shown["undo_until"]) == ("09:00", 0, None)
    assert (moved["local_time"], moved["local_end_time"], moved["version"]) == ("10:10", "10:40", 1)
    assert moved["undo_until"] == "2026-03-02T12:00:15Z"
    conflict = stale.json()
    assert (stale.status_code, conflict["code"]) == (409, "booking_changed")
    assert conflict["data"]["booking"]["local_time"] == "10:10"
    assert (undone["data"]["local_time"], undone["message"]) == (
        "09:00",
        "Move undone. No message was sent.",
    )


def test_why_not_names_the_visits_that_staff_may_see_and_what_can_be_confirmed(
    booking: Booking, admin: User, as_user: ForUser, nine: datetime, now: datetime
) -> None:
    doctor = booking.doctor
    other = make_booking(Slot.objects.get(starts_at=nine + 60 * MINUTE), make_patient(), now=now)
    spec = TimeOffSpec(first=nine.date(), last=nine.date(), opens=11 * 60, closes=12 * 60)
    give_time_off(doctor=doctor, spec=spec, note="Team meeting", by=admin, now=now)

    def why_not(**query: Any) -> dict[str, Any]:
        query = {"doctor": doctor.pk, "moving": booking.pk, **query}
        answer: dict[str, Any] = as_user(admin).get("/api/portal/why-not/", query).json()["data"]
        return answer

    free = why_not(starts_at="2026-03-03T09:10:00Z")
    taken = why_not(starts_at="2026-03-03T10:50:00Z")
    late = why_not(starts_at="2026-03-02T11:00:00Z")

    assert (free["obstacles"], free["overlaps"], free["local_end_time"]) == ([], [], "09:40")
    away = "The doctor is away at this time. (Team meeting)"
    assert taken["obstacles"] == [{"rule": "time_off", "words": away, "confirm": "outside_hours"}]
    overlapped = taken["overlaps"][0] if taken["overlaps"] else {}
    assert overlapped == {} or overlapped["patient"] == other.patient.full_name
    assert [one["rule"] for one in late["obstacles"]] == ["started", "outside_hours"]
    both = why_not(starts_at="2026-03-03T10:20:00Z")
    assert [(one["patient"], one["local_time"]) for one in both["overlaps"]] == [
        (other.patient.full_name, "10:00")
    ]
    assert AuditEntry.objects.filter(what="listed", record_id=other.patient_id).exists()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"starts_at": "2026-03-29T01:30"},  # the clocks go forward
        {"starts_at": "2026-03-03T09:10:00Z", "minutes": "4"},
        {"starts_at": "2026-03-03T09:10:00Z", "place": "0197f3c8-5d0e-7c3a-9d0e-2f1f6c3b8a11"},
    ],
)
def test_a_bad_question_is_refused_with_the_field(
    doctor: Doctor, admin: User, as_user: ForUser, query: dict[str, str]
) -> None:
    answer = as_user(admin).get("/api/portal/why-not/", {"doctor": doctor.pk, **query})

    assert (answer.status_code, bool(answer.json()["errors"])) == (400, True)
