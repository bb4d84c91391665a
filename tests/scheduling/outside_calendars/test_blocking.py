"""Busy times of outside calendars block every way to a booking, and are read again before one."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.availability.next_open_slot import refresh_next_slot
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import confirm_hold, hold_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.clock.time_off import TimeOffSpec
from scheduling.errors import SlotTaken, TimeWithdrawn
from scheduling.models import (
    Booking,
    BusyPeriod,
    HolidayChoice,
    NextOpen,
    OutsideCalendar,
    Slot,
    TimeOff,
    VisitType,
    WaitlistOffer,
)
from scheduling.outside_calendars.refresh import refresh_calendars
from scheduling.outside_calendars.services import remove_calendar
from scheduling.time_off.alternatives import preview_time_off
from tenants.accounts.models import User
from tests.factories.admin_pages import submit_form
from tests.factories.calendar_server import CalendarServer, calendar, event
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import make_entry
from tests.scheduling.outside_calendars.conftest import AddCalendar

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NINE = event("20260303T090000Z", "20260303T100000Z")


@pytest.fixture
def slots(doctor: Doctor, now: datetime) -> list[Slot]:
    """Half hours of Tuesday 3 March, from half past eight to half past ten."""
    first = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
    made = [make_slot(doctor, first + index * HOUR / 2) for index in range(4)]
    refresh_next_slot(doctor_id=doctor.pk, now=now)
    return made


def listed(client: ClinicClient, **query: Any) -> list[str]:
    """The local starts that `available/` lists."""
    days = {"from": "2026-03-03", "to": "2026-03-03"}
    page = data_of(client.get("/api/appointments/available/", days | query))
    return [slot["local_time"] for slot in page["results"]]


def test_busy_time_is_not_listed_and_removing_the_calendar_opens_it(
    slots: list[Slot], add: AddCalendar, visitor: ClinicClient, admin: User, now: datetime
) -> None:
    doctor = slots[0].doctor
    visit = VisitType.objects.create(name="Long", duration_minutes=60, buffer_before_minutes=30)
    queries: list[dict[str, Any]] = [{}, {"any_doctor": "true"}, {"doctor": doctor.pk}]
    assert [listed(visitor, **query) for query in queries] == [["08:30", "09:00", "09:30", "10:00"]] * 3
    assert listed(visitor, visit_type=visit.pk) == ["08:30", "09:00", "09:30"]

    added = add(NINE)

    assert [listed(visitor, **query) for query in queries] == [["08:30", "10:00"]] * 3
    # With its buffer before it, and an hour long, no such visit fits.
    assert listed(visitor, visit_type=visit.pk) == []
    remove_calendar(calendar=added, by=admin, now=now)
    assert listed(visitor) == ["08:30", "09:00", "09:30", "10:00"]


def test_the_next_open_slot_and_the_doctor_search_skip_busy_time(
    slots: list[Slot], add: AddCalendar, visitor: ClinicClient, provider: CalendarServer, now: datetime
) -> None:
    doctor = slots[0].doctor
    add(event("20260303T083000Z", "20260303T093000Z"))

    assert NextOpen.objects.get(doctor=doctor).starts_at == slots[2].starts_at
    found = data_of(visitor.get("/api/users/doctors/", {"available_on": "2026-03-03"}))
    assert [row["next_available"] for row in found["results"]] == ["2026-03-03T09:30:00Z"]

    provider.body = calendar(event("20260302T000000Z", "20260305T000000Z"))
    stored = OutsideCalendar.objects.select_related("doctor").get()
    refresh_calendars([stored], not_since=now, now=now + HOUR)
    assert NextOpen.objects.get(doctor=doctor).starts_at is None
    assert data_of(visitor.get("/api/users/doctors/", {"available_on": "2026-03-03"}))["results"] == []


def test_booking_holding_and_moving_into_busy_time_is_refused_with_other_times(
    slots: list[Slot], add: AddCalendar, patient: Patient, admin: User, now: datetime
) -> None:
    add(NINE)
    first = make_booking(slots[0], patient, now=now)
    user = user_of(patient)
    attempts: list[Callable[[], object]] = [
        lambda: book_slot(slot_id=slots[1].pk, patient=make_patient(), by=admin, now=now),
        lambda: hold_slot(slot_id=slots[1].pk, patient=patient, by=user, now=now),
        lambda: reschedule_booking(booking=first, slot_id=slots[2].pk, by=user, now=now),
    ]
    for attempt in attempts:
        with pytest.raises(SlotTaken) as refused:
            attempt()
        assert [slot["id"] for slot in refused.value.data["alternatives"]] == [str(slots[3].pk)]
        assert "another calendar" not in str(refused.value.message)


def test_the_statement_itself_refuses_busy_time_that_the_early_check_did_not_see(
    slots: list[Slot], add: AddCalendar, admin: User, patient: Patient, now: datetime
) -> None:
    """A visit longer than its slot runs into the busy time, which only the statement can see."""
    add(NINE)
    visit = VisitType.objects.create(name="Long", duration_minutes=60)

    with pytest.raises(SlotTaken):
        book_slot(slot_id=slots[0].pk, patient=patient, by=admin, visit_type=visit, now=now)

    BusyPeriod.objects.all().delete()
    assert book_slot(slot_id=slots[0].pk, patient=patient, by=admin, visit_type=visit, now=now)


def test_staff_book_over_busy_time_knowingly_and_nobody_else_books_beside_it(
    slots: list[Slot], add: AddCalendar, admin: User, patient: Patient, now: datetime
) -> None:
    add(NINE)

    booking = book_slot(slot_id=slots[1].pk, patient=patient, by=admin, overbook=True, now=now)

    assert booking.overbooked
    BusyPeriod.objects.all().delete()
    with pytest.raises(SlotTaken):
        make_booking(slots[1], make_patient(), now=now)


def test_only_staff_are_told_why_a_time_is_not_offered(
    slots: list[Slot], add: AddCalendar, as_user: Callable[..., ClinicClient], admin: User
) -> None:
    add(NINE)
    query = {"doctor": str(slots[1].doctor_id), "at": "2026-03-03T09:00"}

    (public,) = data_of(as_user().get("/api/appointments/explain/", query))["times"]
    (staff,) = data_of(as_user(admin).get("/api/appointments/explain/", query))["times"]

    assert (public["open"], public["rules"]) == (
        False, [{"rule": "not_offered", "words": "This time is not offered."}],
    )  # fmt: skip
    assert [rule["rule"] for rule in staff["rules"]] == ["busy_elsewhere"]


def test_a_hold_on_time_that_becomes_busy_ends_and_a_booking_stays(
    slots: list[Slot], add: AddCalendar, patient: Patient, now: datetime
) -> None:
    kept = make_booking(slots[1], make_patient(), now=now)
    hold = hold_slot(slot_id=slots[2].pk, patient=patient, by=user_of(patient), now=now)

    add(NINE)

    with pytest.raises(TimeWithdrawn):
        confirm_hold(hold_id=hold.pk, patient=patient, by=user_of(patient), now=now)
    assert Booking.objects.get(pk=kept.pk).status == "CONFIRMED"


def test_time_that_opens_is_offered_to_the_waiting_list(
    slots: list[Slot], add: AddCalendar, provider: CalendarServer, patient: Patient, now: datetime
) -> None:
    add(event("20260303T000000Z", "20260304T000000Z"))
    make_entry(patient, slots[0].doctor, now=now)
    assert not WaitlistOffer.objects.exists()
    provider.body = calendar(event("20260303T000000Z", "20260303T093000Z"))

    stored = OutsideCalendar.objects.select_related("doctor").get()
    refresh_calendars([stored], not_since=now, now=now + HOUR)

    assert WaitlistOffer.objects.get().booking.slot == slots[2]


def test_alternatives_for_time_off_are_not_in_busy_time(
    slots: list[Slot], add: AddCalendar, patient: Patient, doctor: Doctor, now: datetime
) -> None:
    make_booking(slots[0], patient, now=now)
    add(NINE)
    off = TimeOffSpec(first=date(2026, 3, 3), last=date(2026, 3, 3), opens=0, closes=9 * 60)

    (affected,) = preview_time_off(doctor, off, now=now)

    assert [found.slot for found in affected.alternatives or ()] == [slots[3]]


@pytest.fixture
def client(as_user: Callable[..., ClinicClient], patient: Patient) -> ClinicClient:
    """A client of the patient."""
    return as_user(user_of(patient))


def post_booking(client: ClinicClient, slot: Slot) -> Any:
    """The response to a patient's booking."""
    return client.post(
        "/api/appointments/bookings/", {"slot": str(slot.pk)}, HTTP_IDEMPOTENCY_KEY=str(slot.pk)
    )


def test_a_booking_reads_a_stale_copy_first(
    slots: list[Slot], add: AddCalendar, provider: CalendarServer, client: ClinicClient, now: datetime
) -> None:
    add()
    provider.body = calendar(NINE)

    # Fresh: it is not read again, and the time is still offered.
    OutsideCalendar.objects.update(read_at=now - 9 * MINUTE, attempted_at=now - 9 * MINUTE)
    assert post_booking(client, slots[1]).status_code == 201
    assert len(provider.requests) == 1
    # Stale: it is read, and the time is busy.
    OutsideCalendar.objects.update(read_at=now - 10 * MINUTE, attempted_at=now - 10 * MINUTE)
    held = client.post("/api/appointments/holds/", {"slot": str(slots[2].pk)})
    assert (held.status_code, held.json()["code"]) == (409, "slot_taken")
    assert len(provider.requests) == 2


def test_a_booking_with_a_dead_feed_is_decided_on_the_last_copy_and_the_next_does_not_wait(
    slots: list[Slot], add: AddCalendar, provider: CalendarServer, client: ClinicClient, now: datetime
) -> None:
    add(NINE)
    provider.status = 500
    OutsideCalendar.objects.update(read_at=now - HOUR, attempted_at=now - HOUR)

    refused = post_booking(client, slots[1])
    booked = post_booking(client, slots[3])

    assert (refused.status_code, booked.status_code) == (409, 201)
    assert len(provider.requests) == 2


def test_the_admins_form_reads_a_stale_copy_too(
    slots: list[Slot], add: AddCalendar, provider: CalendarServer, desk: ClinicClient, now: datetime
) -> None:
    add()
    provider.body = calendar(NINE)
    OutsideCalendar.objects.update(read_at=now - HOUR, attempted_at=now - HOUR)
    form = {"patient": str(make_patient().pk), "slot": str(slots[1].pk), "reason": ""}

    submit_form(desk, "scheduling/booking/add/", form)

    assert len(provider.requests) == 2
    assert not Booking.objects.filter(slot=slots[1]).exists()


def test_a_move_by_staff_reads_a_stale_copy_too(
    slots: list[Slot],
    add: AddCalendar,
    provider: CalendarServer,
    as_user: Callable[..., ClinicClient],
    now: datetime,
) -> None:
    add()
    booking = make_booking(slots[3], make_patient(), now=now)
    provider.body = calendar(NINE)
    OutsideCalendar.objects.update(read_at=now - HOUR, attempted_at=now - HOUR)
    begins = slots[1].starts_at.isoformat()
    body = {"starts_at": begins, "version": booking.version, "outside_hours": True}

    moved = as_user(make_receptionist()).post(f"/api/portal/bookings/{booking.pk}/move/", body)

    assert (moved.status_code, moved.json()["code"], len(provider.requests)) == (409, "slot_taken", 2)


def test_time_off_and_absences_read_a_stale_copy_before_they_move_appointments(
    slots: list[Slot],
    add: AddCalendar,
    provider: CalendarServer,
    *,
    as_user: Callable[..., ClinicClient],
    admin: User,
    now: datetime,
) -> None:
    add()
    doctor, booking = slots[0].doctor, make_booking(slots[3], make_patient(), now=now)
    provider.body = calendar(NINE)
    away = {"doctor": str(doctor.pk), "from": "2026-03-03", "to": "2026-03-03", "opens": "10:00"}
    to_slot = {"bookings": [{"booking": str(booking.pk), "action": "move", "slot": str(slots[1].pk)}]}
    requests: list[tuple[str, dict[str, Any]]] = [
        ("/api/appointments/time-off/", to_slot),
        ("/api/portal/absences/", to_slot),
        ("/api/portal/absences/", {"others": "move"}),
    ]

    moved = []
    for path, decisions in requests:
        OutsideCalendar.objects.update(read_at=now - HOUR, attempted_at=now - HOUR)
        result = data_of(as_user(admin).post(path, away | decisions))
        moved += [row["booking"]["local_time"] for row in result["bookings"]]

    assert moved == ["10:00", "10:00", "08:30"]
    assert len(provider.requests) == 4


def test_a_change_of_hours_reads_a_stale_copy_before_it_moves_appointments(
    slots: list[Slot],
    add: AddCalendar,
    provider: CalendarServer,
    *,
    as_user: Callable[..., ClinicClient],
    admin: User,
    now: datetime,
) -> None:
    add()
    doctor, booking = slots[0].doctor, make_booking(slots[3], make_patient(), now=now)
    provider.body = calendar(NINE)
    OutsideCalendar.objects.update(read_at=now - HOUR, attempted_at=now - HOUR)
    path = f"/api/users/doctors/{doctor.pk}/deactivate/"
    body = {"bookings": [{"booking": str(booking.pk), "action": "move", "slot": str(slots[1].pk)}]}

    as_user(admin).post(path, body)

    assert len(provider.requests) == 2
    assert Booking.objects.get(pk=booking.pk).slot_id == slots[3].pk


@pytest.mark.usefixtures("at_now")
def test_the_admins_pages_read_a_stale_copy_before_they_move_appointments(
    slots: list[Slot], add: AddCalendar, provider: CalendarServer, desk: ClinicClient, now: datetime
) -> None:
    add()
    provider.body = calendar(NINE)
    booking = make_booking(slots[3], make_patient(), now=now)
    day, chosen = "2026-03-03", {f"booking-{booking.pk}": str(slots[1].pk), "seen": "yes"}
    time_off = {"first_on": day, "last_on": day, "opens": "10:00", "closes": "24:00"}
    time_off |= {"doctor": str(booking.doctor_id), "note": "", "others": "keep"}
    forms: dict[str, dict[str, Any]] = {
        "scheduling/timeoff/add/": time_off | {"weekdays": [str(weekday) for weekday in range(7)]},
        "scheduling/holidaychoice/add/": {"day": day, "name": "Works outing"},
    }

    for path, form in forms.items():
        OutsideCalendar.objects.update(read_at=now - HOUR, attempted_at=now - HOUR)
        submit_form(desk, path, form | chosen)

    assert len(provider.requests) == 3
    assert Booking.objects.get(pk=booking.pk).slot_id == slots[3].pk
    assert (TimeOff.objects.count(), HolidayChoice.objects.count()) == (1, 1)
