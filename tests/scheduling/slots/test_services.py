"""Slots changed by hand: added, moved, blocked and withdrawn, but never if they are booked."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.cancel import cancel_booking
from scheduling.errors import SlotBooked, SlotOverlaps, SlotStarted
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, Slot, TimeOff
from scheduling.slots.services import add_slots, change_slot, periods_of_day, withdraw_slot
from tenants.base.errors import InvalidInput, NotFound
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor
from tests.factories.schedule import make_booking, make_hours, make_slot, slot_starts

AsUser = Callable[..., ClinicClient]
HALF_HOUR = timedelta(minutes=30)


def add(doctor: Doctor, starts_at: datetime, length: timedelta, *, now: datetime) -> Slot:
    (slot,) = add_slots(doctor=doctor, periods=[(starts_at, starts_at + length)], now=now)
    return slot


def test_a_slot_is_added_free_and_by_hand(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    slot = add(doctor, now + timedelta(hours=1), HALF_HOUR, now=now)

    stored = Slot.objects.get()
    assert (stored.pk, stored.doctor, stored.status, stored.origin) == (slot.pk, doctor, "free", "hand")
    assert (stored.starts_at, stored.ends_at) == (now + timedelta(hours=1), now + timedelta(hours=1.5))


def test_adjacent_slots_are_allowed_and_overlapping_ones_are_all_refused(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    first = add(doctor, now + timedelta(hours=1), HALF_HOUR, now=now)
    add(doctor, first.ends_at, HALF_HOUR, now=now)
    free = (now + timedelta(hours=5), now + timedelta(hours=6))
    overlapping = (first.starts_at + timedelta(minutes=29), first.starts_at + timedelta(minutes=59))

    with pytest.raises(SlotOverlaps):
        add_slots(doctor=doctor, periods=[free, overlapping], now=now)

    assert Slot.objects.count() == 2


def test_two_doctors_may_work_at_the_same_time(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    add(doctor, now + timedelta(hours=1), HALF_HOUR, now=now)

    assert add(make_doctor(), now + timedelta(hours=1), HALF_HOUR, now=now).status == "free"


@pytest.mark.parametrize(
    ("minutes", "allowed"), [(-30, False), (0, False), (4, False), (5, True), (480, True), (481, False)]
)
def test_a_slot_lasts_from_five_minutes_to_eight_hours(
    clinic: Clinic, doctor: Doctor, now: datetime, minutes: int, allowed: bool
) -> None:
    starts_at, length = now + timedelta(hours=1), timedelta(minutes=minutes)

    if allowed:
        add(doctor, starts_at, length, now=now)
    else:
        with pytest.raises(InvalidInput) as refused:
            add(doctor, starts_at, length, now=now)
        assert list(refused.value.errors) == ["ends_at"]

    assert Slot.objects.count() == allowed


@pytest.mark.parametrize(("minutes_past", "allowed"), [(-1, True), (0, False), (1, False)])
def test_a_slot_must_start_in_the_future(
    clinic: Clinic, doctor: Doctor, now: datetime, minutes_past: int, allowed: bool
) -> None:
    starts_at = now - timedelta(minutes=minutes_past)

    if allowed:
        assert add(doctor, starts_at, HALF_HOUR, now=now).starts_at == starts_at
    else:
        with pytest.raises(SlotStarted):
            add(doctor, starts_at, HALF_HOUR, now=now)


def test_a_slot_is_at_most_two_years_ahead(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    furthest = now + timedelta(days=731)
    add(doctor, furthest, HALF_HOUR, now=now)

    with pytest.raises(InvalidInput):
        add(doctor, furthest + timedelta(hours=1), HALF_HOUR, now=now)


def test_periods_of_a_day_follow_elapsed_time_when_the_clocks_go_back(clinic: Clinic) -> None:
    periods = periods_of_day(day=date(2026, 10, 25), interval=(30, 150), slot_minutes=60)

    assert [start for start, _ in periods] == [
        datetime(2026, 10, 24, 23, 30, tzinfo=UTC) + timedelta(hours=n) for n in range(3)
    ]


def test_periods_of_a_day_end_at_midnight_at_the_latest(clinic: Clinic) -> None:
    assert len(periods_of_day(day=date(2026, 3, 2), interval=(23 * 60, 24 * 60), slot_minutes=30)) == 2
    with pytest.raises(InvalidInput):
        periods_of_day(day=date(2026, 3, 2), interval=(23 * 60, 60), slot_minutes=30)


def test_a_blocked_slot_can_be_offered_again(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    slot = make_slot(doctor, now + timedelta(hours=1))

    assert change_slot(slot=slot, status="blocked", now=now).status == "blocked"
    assert change_slot(slot=slot, status="free", now=now).status == "free"


def test_a_moved_slot_is_checked_like_a_new_one(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    slot, other = (make_slot(doctor, now + timedelta(hours=n)) for n in (1, 3))

    with pytest.raises(SlotOverlaps):
        change_slot(slot=slot, starts_at=other.starts_at, ends_at=other.ends_at, now=now)
    with pytest.raises(SlotStarted):
        change_slot(slot=slot, starts_at=now, now=now)
    with pytest.raises(InvalidInput):
        change_slot(slot=slot, ends_at=slot.starts_at, now=now)
    moved = change_slot(slot=slot, ends_at=slot.starts_at + timedelta(hours=1), now=now)

    assert (moved.starts_at, moved.ends_at) == (now + timedelta(hours=1), now + timedelta(hours=2))


def test_a_withdrawn_slot_is_kept_until_a_new_slot_replaces_it(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(hours=1))

    withdraw_slot(slot=slot, now=now)

    assert [each.status for each in Slot.objects.all()] == ["withdrawn"]
    with pytest.raises(NotFound):
        change_slot(slot=slot, status="free", now=now)
    add(doctor, slot.starts_at, HALF_HOUR, now=now)
    assert [each.status for each in Slot.objects.all()] == ["free"]


def test_a_moved_generated_slot_leaves_a_withdrawn_one_until_it_moves_back(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    make_hours(doctor, (0, "14:00", "14:30"), now=now)
    generate_slots(doctor=doctor, now=now, last=now.date())
    slot = Slot.objects.get()
    original, new = (slot.starts_at, slot.ends_at), (now + timedelta(hours=8), now + timedelta(hours=9))

    moved = change_slot(slot=slot, starts_at=new[0], ends_at=new[1], now=now)
    generate_slots(doctor=doctor, now=now, last=now.date())

    assert slot_starts(doctor, status="withdrawn") == ["2026-03-02 14:00+0000"]
    assert slot_starts(doctor, status="free") == ["2026-03-02 20:00+0000"]

    change_slot(slot=moved, starts_at=original[0], ends_at=original[1], now=now)
    generate_slots(doctor=doctor, now=now, last=now.date())

    assert [(each.pk, each.status) for each in Slot.objects.all()] == [(slot.pk, "free")]


def test_replacing_a_withdrawn_slot_keeps_its_cancelled_booking(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(hours=1))
    booking = make_booking(slot, patient, now=now)
    assert patient.user is not None
    cancel_booking(booking=booking, by=patient.user, now=now)
    withdraw_slot(slot=slot, now=now)

    add(doctor, slot.starts_at, HALF_HOUR, now=now)

    stored = Booking.objects.get()
    assert (stored.slot, stored.starts_at) == (None, slot.starts_at)


def test_a_booked_slot_cannot_be_moved_blocked_or_withdrawn(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(hours=1))
    make_booking(slot, patient, now=now)

    with pytest.raises(SlotBooked):
        change_slot(slot=slot, starts_at=now + timedelta(minutes=50), now=now)
    with pytest.raises(SlotBooked):
        change_slot(slot=slot, status="blocked", now=now)
    with pytest.raises(SlotBooked):
        withdraw_slot(slot=slot, now=now)

    assert (Slot.objects.get().starts_at, Slot.objects.get().status) == (slot.starts_at, "free")


# Time off (I50) and shortened hours (I51)


def add_time_off(doctor: Doctor | None, *, now: datetime) -> None:
    """Time off every day from 13:00 to 15:00, of the doctor or of the whole clinic."""
    TimeOff.objects.create(doctor=doctor, first_on=now.date(), last_on=None, opens=13 * 60, closes=15 * 60)


@pytest.mark.parametrize("whole_clinic", [False, True])
@pytest.mark.parametrize(("hour", "minutes"), [(13, 30), (12, 90), (14, 480)])
def test_a_slot_added_within_time_off_needs_a_confirmation(
    doctor: Doctor, as_user: AsUser, now: datetime, *, whole_clinic: bool, hour: int, minutes: int
) -> None:
    """I50."""
    add_time_off(None if whole_clinic else doctor, now=now)
    start = now.replace(hour=hour) + timedelta(days=1)
    body = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(minutes=minutes)).isoformat()}
    client = as_user(doctor.user)

    refused = client.post("/api/appointments/availability/", body)
    count = Slot.objects.count()
    confirmed = client.post("/api/appointments/availability/", {**body, "during_time_off": True})

    assert (refused.status_code, refused.json()["code"], count) == (409, "during_time_off", 0)
    assert confirmed.status_code == 201
    assert Slot.objects.get().is_offered


def test_several_slots_of_which_one_is_within_time_off_need_a_confirmation(
    doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    add_time_off(doctor, now=now)
    body = {"date": "2026-03-03", "from": "12:00", "to": "14:00", "slot_minutes": 60}
    client = as_user(doctor.user)

    refused = client.post("/api/appointments/availability/", body)
    confirmed = client.post("/api/appointments/availability/", {**body, "during_time_off": True})

    assert (refused.status_code, confirmed.status_code, Slot.objects.count()) == (409, 201, 2)


def test_a_slot_added_beside_time_off_needs_none(doctor: Doctor, now: datetime) -> None:
    add_time_off(doctor, now=now)
    noon = now + timedelta(days=1)

    before = add(doctor, noon, timedelta(hours=1), now=now)
    after = add(doctor, noon + timedelta(hours=3), timedelta(hours=1), now=now)

    assert before.is_offered
    assert after.is_offered


def test_a_slot_moved_into_time_off_or_set_free_there_needs_a_confirmation(
    doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(days=1))
    blocked = make_slot(doctor, now + timedelta(days=1, hours=2), status="blocked")
    add_time_off(doctor, now=now)
    client, start = as_user(doctor.user), now + timedelta(days=1, hours=1)
    moved = {"starts_at": start.isoformat(), "ends_at": (start + HALF_HOUR).isoformat()}

    refused = [
        client.patch(f"/api/appointments/slots/{row.pk}/", body)
        for row, body in ((slot, moved), (blocked, {"status": "free"}))
    ]
    unchanged = list(Slot.objects.order_by("starts_at").values_list("starts_at", "status"))
    confirmed = [
        client.patch(f"/api/appointments/slots/{row.pk}/", {**body, "during_time_off": True})
        for row, body in ((slot, moved), (blocked, {"status": "free"}))
    ]

    assert {answer.json()["code"] for answer in refused} == {"during_time_off"}
    assert unchanged == [(slot.starts_at, "free"), (blocked.starts_at, "blocked")]
    assert [answer.status_code for answer in confirmed] == [200, 200]
    assert [row.is_offered for row in Slot.objects.all()] == [True, True]


def test_a_confirmed_slot_of_the_hours_is_not_removed_by_the_slot_generator(
    doctor: Doctor, now: datetime
) -> None:
    make_hours(doctor, (1, "13:00", "14:00"), now=now)
    generate_slots(doctor=doctor, now=now, last=now.date() + timedelta(days=1))
    slot = Slot.objects.filter(doctor=doctor).earliest("starts_at")
    change_slot(slot=slot, status="blocked", now=now)
    add_time_off(doctor, now=now)
    change_slot(slot=slot, status="free", during_time_off=True, now=now)

    generate_slots(doctor=doctor, now=now, last=now.date() + timedelta(days=1))

    assert slot_starts(doctor) == ["2026-03-03 13:00+0000"]
    assert Slot.objects.get(pk=slot.pk).is_offered


def test_a_slot_outside_shortened_hours_is_not_offered_when_it_is_set_free(
    doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    """I51."""
    make_hours(doctor, (1, "09:00", "12:00"), now=now)
    generate_slots(doctor=doctor, now=now, last=now.date() + timedelta(days=1))
    nine, ten = Slot.objects.filter(doctor=doctor, starts_at__minute=0).order_by("starts_at")[:2]
    for slot in (nine, ten):
        change_slot(slot=slot, status="blocked", now=now)
    make_hours(doctor, (1, "10:00", "12:00"), now=now)
    generate_slots(doctor=doctor, now=now, last=now.date() + timedelta(days=1))
    client = as_user(doctor.user)

    statuses = [
        client.patch(f"/api/appointments/slots/{slot.pk}/", {"status": "free"}).status_code
        for slot in (nine, ten)
    ]
    listed = data_of(client.get("/api/appointments/available/?from=2026-03-03&to=2026-03-03"))["results"]

    assert statuses == [200, 200]
    assert [slot["local_time"] for slot in listed] == ["10:00", "10:30", "11:00", "11:30"]
