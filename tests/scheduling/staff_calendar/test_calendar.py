"""Tests of `portal/calendar/`: what a day shows, to whom, and at what cost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings.attendance import check_in
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.models import Booking, HolidayChoice, OutsideCalendar, Slot, TimeOff
from scheduling.staff_calendar.version import calendar_version
from tenants.accounts.models import User
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, make_receptionist, user_of
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_hours, make_slot
from tests.factories.visit_types import make_place, make_visit_type

AsUser = Callable[..., ClinicClient]
URL = "/api/portal/calendar/"
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def day_of(client: ClinicClient, day: str, *doctors: Doctor) -> list[dict[str, Any]]:
    """Return the day of each doctor."""
    query = {"from": day, "doctor": [str(doctor.pk) for doctor in doctors]}
    return [column["days"][0] for column in data_of(client.get(URL, query))["doctors"]]


def today_of(client: ClinicClient, doctor: Doctor) -> dict[str, Any]:
    """Return the doctor's day at the time of the tests."""
    return day_of(client, "2026-03-02", doctor)[0]


@pytest.fixture
def at_desk(as_user: AsUser, clinic: Clinic) -> ClinicClient:
    """A client of a receptionist."""
    return as_user(make_receptionist())


def test_a_visit_of_several_slots_is_one_visit_with_its_end_and_buffers(
    doctor: Doctor, patient: Patient, at_desk: ClinicClient, now: datetime
) -> None:
    visit_type = make_visit_type(duration_minutes=60, buffer_after_minutes=15)
    slots = [make_slot(doctor, now + HOUR + n * QUARTER, minutes=15) for n in range(6)]
    book_slot(slot_id=slots[0].pk, patient=patient, by=user_of(patient), visit_type=visit_type, now=now)

    day = today_of(at_desk, doctor)

    (visit,) = day["visits"]
    start = visit["minute"]
    assert (visit["end_minute"], visit["busy_minute"], visit["busy_end_minute"]) == (
        start + 60, start, start + 75,
    )  # fmt: skip
    assert [slot["id"] for period in day["free"] for slot in period["slots"]] == [str(slots[5].pk)]


def test_a_day_shows_every_visit_however_many_slots_it_has(
    doctor: Doctor, patient: Patient, at_desk: ClinicClient, now: datetime
) -> None:
    slots = [make_slot(doctor, now + n * timedelta(minutes=5), minutes=5) for n in range(1, 121)]
    make_booking(slots[-1], patient, now=now)

    day = today_of(at_desk, doctor)

    assert [visit["booking"]["slot"] for visit in day["visits"]] == [str(slots[-1].pk)]
    assert [len(period["slots"]) for period in day["free"]] == [119]


def test_an_overbooked_patient_is_on_the_day(
    doctor: Doctor, patient: Patient, admin: User, at_desk: ClinicClient, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    make_booking(slot, patient, now=now)
    book_slot(slot_id=slot.pk, patient=make_patient(), by=admin, overbook=True, now=now)

    visits = today_of(at_desk, doctor)["visits"]

    assert sorted(visit["booking"]["overbooked"] for visit in visits) == [False, True]


def test_cancelled_and_arrived_visits_are_shown_with_their_status(
    doctor: Doctor, patient: Patient, admin: User, at_desk: ClinicClient, now: datetime
) -> None:
    first, second = (make_booking(make_slot(doctor, now + n * HOUR), patient, now=now) for n in (1, 3))
    cancel_booking(booking=first, by=admin, now=now)
    check_in(booking=second, by=admin, now=second.starts_at)

    shown = [visit["booking"] for visit in today_of(at_desk, doctor)["visits"]]

    assert [(booking["status"], booking["arrived_at"] is not None) for booking in shown] == [
        ("CANCELLED", False), ("CHECKED_IN", True),
    ]  # fmt: skip


def test_a_hold_is_shown_without_a_name_until_it_ends(
    doctor: Doctor, patient: Patient, at_desk: ClinicClient, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    hold = hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)

    (held,) = today_of(at_desk, doctor)["visits"]
    Booking.objects.filter(pk=hold.pk).update(held_until=now - QUARTER)
    later = today_of(at_desk, doctor)

    assert (held["booking"]["status"], held["booking"]["patient"]) == ("HELD", None)
    assert later["visits"] == []
    assert len(later["free"]) == 1


def test_time_off_and_holidays_are_shown_with_their_reason(
    doctor: Doctor, at_desk: ClinicClient, now: datetime
) -> None:
    TimeOff.objects.create(
        doctor=doctor, first_on=now.date(), last_on=now.date(), opens=720, closes=780, note="Lunch"
    )
    TimeOff.objects.create(first_on=now.date(), last_on=now.date(), note="Water off")
    HolidayChoice.objects.create(day=now.date(), is_open=False, name="Works outing")
    Slot.objects.filter(pk=make_slot(doctor, now + HOUR).pk).update(status="blocked")

    answer = data_of(at_desk.get(URL, {"from": "2026-03-02", "doctor": str(doctor.pk)}))
    day = answer["doctors"][0]["days"][0]

    assert [(row["note"], row["everybody"], row["minute"], row["end_minute"]) for row in day["time_off"]] == [
        ("Water off", True, 0, 1440), ("Lunch", False, 720, 780),
    ]  # fmt: skip
    assert answer["days"][0]["holiday"] == "Works outing"
    assert len(day["blocked"]) == 1


def test_time_in_which_a_doctor_is_busy_elsewhere_is_shown_and_not_free(
    doctor: Doctor, at_desk: ClinicClient, now: datetime
) -> None:
    make_slot(doctor, now + HOUR)
    calendar = OutsideCalendar.objects.create(doctor=doctor, kind="ics", name="Hospital", host="a.example")
    calendar.busy_periods.create(doctor=doctor, starts_at=now + HOUR, ends_at=now + 2 * HOUR)

    day = today_of(at_desk, doctor)

    assert [(row["minute"], row["end_minute"]) for row in day["elsewhere"]] == [(780, 840)]
    assert day["free"] == []


def test_a_day_lists_the_hours_of_each_doctor_at_their_place(
    clinic: Clinic, at_desk: ClinicClient, now: datetime
) -> None:
    early, late = make_doctor(), make_doctor()
    make_hours(early, (0, "08:00", "12:00"), (0, "13:00", "17:00"), now=now)
    make_hours(late, (0, "12:00", "20:00"), now=now)
    late.working_hours.update(place=make_place(time_zone="America/New_York"))

    first, second = day_of(at_desk, "2026-03-02", early, late)

    assert [(hours["minute"], hours["end_minute"]) for hours in first["hours"]] == [(480, 720), (780, 1020)]
    assert [(h["minute"], h["local_time"], h["tz_label"]) for h in second["hours"]] == [
        (1020, "12:00", "New York time")
    ]


def test_both_passes_of_a_doubled_hour_have_their_own_place(
    clinic: Clinic, doctor: Doctor, patient: Patient, at_desk: ClinicClient
) -> None:
    for hour in (0, 1):  # 01:00 at London twice: at 00:00 and at 01:00 UTC
        starts_at = datetime.fromisoformat(f"2026-10-25T0{hour}:00Z")
        Booking.objects.create(
            doctor=doctor, patient=patient, slot=make_slot(doctor, starts_at),
            starts_at=starts_at, ends_at=starts_at + 2 * QUARTER,
        )  # fmt: skip

    (day,) = day_of(at_desk, "2026-10-25", doctor)

    assert [(v["minute"], v["booking"]["local_time"], v["booking"]["clock_pass"]) for v in day["visits"]] == [
        (60, "01:00", 1),
        (120, "01:00", 2),
    ]


def test_doctors_see_only_their_own_calendar(
    doctor: Doctor, as_user: AsUser, clinic: Clinic, patient: Patient
) -> None:
    client = as_user(doctor.user)

    own = data_of(client.get(URL))["doctors"]
    statuses = [client.get(URL, {"doctor": str(pk)}).status_code for pk in (make_doctor().pk, uuid4())]

    assert [column["doctor"]["id"] for column in own] == [str(doctor.pk)]
    assert statuses == [404, 404]
    assert as_user(patient.user).get(URL).status_code == 403


@pytest.mark.parametrize(
    ("days", "doctors", "status"),
    [(1, 8, 200), (1, 9, 400), (7, 2, 200), (7, 3, 400), (8, 1, 400), (0, 1, 400)],
)
def test_a_calendar_has_at_most_sixteen_days_of_doctors(
    days: int, doctors: int, status: int, at_desk: ClinicClient
) -> None:
    ids = [str(make_doctor().pk) for _ in range(doctors)]
    last = datetime.fromisoformat("2026-03-09") + timedelta(days=days - 1)

    answer = at_desk.get(URL, {"from": "2026-03-09", "to": f"{last:%Y-%m-%d}", "doctor": ids})

    assert answer.status_code == status


def test_the_front_desk_has_to_name_a_doctor(at_desk: ClinicClient) -> None:
    answer = at_desk.get(URL)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["doctor"]


def test_the_number_of_queries_does_not_depend_on_the_doctors(at_desk: ClinicClient, now: datetime) -> None:
    doctors = [make_doctor() for _ in range(8)]
    for doctor in doctors:
        make_hours(doctor, (0, "08:00", "12:00"), now=now)
        make_booking(make_slot(doctor, now + HOUR), make_patient(), now=now)
    today_of(at_desk, doctors[0])

    counts = [len(queries_of(partial(day_of, at_desk, "2026-03-02", *doctors[:n]))) for n in (2, 8)]

    assert counts[0] == counts[1]


def test_a_patient_is_logged_once_an_hour_however_often_the_calendar_is_read(
    doctor: Doctor, patient: Patient, at_desk: ClinicClient, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    listed = AuditEntry.objects.filter(what="listed", record_id=str(patient.pk))

    counts = []
    for _ in range(3):
        today_of(at_desk, doctor)
        counts.append(listed.count())

    assert counts == [1, 1, 1]


Change = Callable[[Doctor, Booking], object]
_CHANGES: dict[str, Change] = {
    "a booking": lambda _, booking: Booking.objects.filter(pk=booking.pk).update(status="CHECKED_IN"),
    "its patient": lambda _, booking: Patient.objects.filter(pk=booking.patient_id).update(last_name="New"),
    "a slot": lambda doctor, _: Slot.objects.filter(doctor=doctor).update(status="blocked"),
    "time off": lambda doctor, _: TimeOff.objects.create(doctor=doctor, first_on="2026-03-02"),
    "an exception": lambda doctor, _: doctor.exceptions.create(day="2026-03-02", slot_minutes=30),
    "the hours": lambda doctor, _: doctor.working_hours.create(weekday=0, opens=0, closes=9, slot_minutes=5),
    "a holiday": lambda *_: HolidayChoice.objects.create(day="2026-03-02", is_open=False),
    "the country": lambda *_: ClinicSettings.objects.update(holiday_country="GB"),
    "the doctor": lambda doctor, _: Doctor.objects.filter(pk=doctor.pk).update(name="New"),
    "a place": lambda *_: make_place(),
}  # fmt: skip


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES.keys())
def test_every_change_of_the_day_changes_its_etag(
    change: Change, doctor: Doctor, patient: Patient, at_desk: ClinicClient, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    for model in (Booking, Patient, Slot, Doctor):  # the clock is frozen, so every change has the same time
        model.objects.filter().update(updated_at=now - HOUR)
    query = {"from": "2026-03-02", "doctor": str(doctor.pk)}
    etag = at_desk.get(URL, query).headers["ETag"]

    unchanged = at_desk.get(URL, query, headers={"If-None-Match": etag})
    change(doctor, booking)
    changed = at_desk.get(URL, query, headers={"If-None-Match": etag})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200


def test_the_end_of_a_hold_changes_the_etag(doctor: Doctor, patient: Patient, now: datetime) -> None:
    hold = hold_slot(
        slot_id=make_slot(doctor, now + 2 * HOUR).pk, patient=patient, by=user_of(patient), now=now
    )
    assert hold.held_until is not None
    day = {"first": now.date(), "last": now.date()}

    before = calendar_version([doctor.pk], now=now, **day)
    after = calendar_version([doctor.pk], now=hold.held_until, **day)

    assert before != after


def test_an_unchanged_calendar_costs_a_bounded_number_of_queries(
    doctor: Doctor, at_desk: ClinicClient, now: datetime
) -> None:
    query = {"from": "2026-03-02", "doctor": str(doctor.pk)}
    etag = at_desk.get(URL, query).headers["ETag"]

    queries = queries_of(lambda: at_desk.get(URL, query, headers={"If-None-Match": etag}))

    assert len(queries) == 2  # the doctors, and the version
