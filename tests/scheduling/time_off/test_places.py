"""Time off follows the clock of the place where the doctor works."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Q

from clinics.models import Doctor, Patient
from scheduling.clock.planning import Hours, parse_clock
from scheduling.explain.rules import explanation
from scheduling.hours.services import set_working_hours
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, Place, Slot, TimeOff
from scheduling.slots.services import add_slots
from scheduling.time_off.alternatives import preview_time_off
from scheduling.time_off.decisions import Action, AppliedAction
from scheduling.time_off.give import give_time_off
from scheduling.time_off.revoke import revoke_time_off
from scheduling.time_off.selectors import time_off
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.models import Clinic
from tests.factories.schedule import make_booking
from tests.factories.time_off import time_off_spec
from tests.factories.visit_types import make_place

TUESDAY = 1


@pytest.fixture
def now() -> datetime:
    """Monday 1 June 2026, 09:00 in London."""
    return datetime(2026, 6, 1, 8, tzinfo=UTC)


def set_hours(doctor: Doctor, *week: tuple[int, str, str, Place | None], now: datetime) -> None:
    """Set hours (weekday, opens, closes, place) with slots of an hour, and generate the slots."""
    hours = [
        Hours(weekday, parse_clock(opens), parse_clock(closes), 60, place=place.pk if place else None)
        for weekday, opens, closes, place in week
    ]
    set_working_hours(doctor=doctor, week=hours, now=now)
    generate_slots(doctor=doctor, now=now)


def open_starts(doctor: Doctor, first: datetime, last: datetime) -> list[str]:
    """The starts (UTC) of the offered slots between two instants."""
    slots = Slot.objects.offered().filter(doctor=doctor, starts_at__gte=first, starts_at__lt=last)
    return [f"{slot.starts_at:%d %H:%M}" for slot in slots.order_by("starts_at")]


NINTH, ELEVENTH = datetime(2026, 6, 9, 6, tzinfo=UTC), datetime(2026, 6, 11, tzinfo=UTC)


def test_a_day_off_is_the_day_of_the_place_where_the_doctor_works(
    clinic: Clinic, doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    """I26."""
    los_angeles = make_place("America/Los_Angeles")
    set_hours(doctor, (TUESDAY, "16:00", "20:00", los_angeles), now=now)
    starts = ["09 23:00", "10 00:00", "10 01:00", "10 02:00"]
    assert open_starts(doctor, NINTH, ELEVENTH) == starts
    slot = Slot.objects.get(doctor=doctor, starts_at=datetime(2026, 6, 10, 2, tzinfo=UTC))
    booking = make_booking(slot, patient, now=now)
    spec = time_off_spec("2026-06-09")

    affected = preview_time_off(doctor, spec, now=now)
    given = give_time_off(doctor=doctor, spec=spec, others=Action.CANCEL, by=admin, now=now)
    blocked = open_starts(doctor, NINTH, ELEVENTH)
    generate_slots(doctor=doctor, now=now)
    generated = open_starts(doctor, NINTH, ELEVENTH)
    reasons = explanation(doctor, booking.starts_at, visit_type=None, patient=None, now=now).reasons

    assert [each.booking for each in affected] == [booking]
    first_choice = (affected[0].alternatives or [])[0].slot.starts_at
    assert first_choice != booking.starts_at
    assert [outcome.done for outcome in given.outcomes] == [AppliedAction.CANCELLED]
    assert (blocked, generated) == ([], [])
    assert [reason.rule for reason in reasons] == ["time_off"]

    revoke_time_off(time_off=TimeOff.objects.get(), by=admin, now=now)
    generate_slots(doctor=doctor, now=now)
    assert open_starts(doctor, NINTH, ELEVENTH) == starts


def test_the_clinics_wednesday_off_leaves_tuesday_evening_elsewhere_open(
    clinic: Clinic, doctor: Doctor, admin: User, now: datetime
) -> None:
    set_hours(doctor, (TUESDAY, "16:00", "20:00", make_place("America/Los_Angeles")), now=now)

    give_time_off(doctor=None, spec=time_off_spec("2026-06-10"), by=admin, now=now)
    generate_slots(doctor=doctor, now=now)

    assert open_starts(doctor, NINTH, ELEVENTH) == ["09 23:00", "10 00:00", "10 01:00", "10 02:00"]


def test_each_of_two_places_in_one_day_has_the_time_off_on_its_own_clock(
    clinic: Clinic, doctor: Doctor, admin: User, now: datetime
) -> None:
    new_york = make_place("America/New_York")
    # 09:00 to 12:00 in London, then 10:00 to 13:00 in New York (15:00 to 18:00 in London).
    set_hours(doctor, (TUESDAY, "09:00", "12:00", None), (TUESDAY, "10:00", "13:00", new_york), now=now)

    give_time_off(
        doctor=doctor, spec=time_off_spec("2026-06-09", opens="10:00", closes="11:00"), by=admin, now=now
    )
    generate_slots(doctor=doctor, now=now)

    # Without 10:00 London (09:00 UTC) and 10:00 New York (14:00 UTC).
    assert open_starts(doctor, NINTH, ELEVENTH) == ["09 08:00", "09 10:00", "09 15:00", "09 16:00"]


def test_both_passes_of_the_places_doubled_hour_are_time_off_and_the_skipped_hour_is_none(
    clinic: Clinic, doctor: Doctor, admin: User
) -> None:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    new_york = make_place("America/New_York")
    set_hours(doctor, *[(weekday, "00:00", "04:00", new_york) for weekday in range(7)], now=now)
    # New York: 01:00 to 02:00 comes twice on 1 November 2026, 05:00 and 06:00 UTC.
    give_time_off(
        doctor=doctor, spec=time_off_spec("2026-11-01", opens="01:00", closes="02:00"), by=admin, now=now
    )
    generate_slots(doctor=doctor, now=now)
    first = datetime(2026, 11, 1, 4, tzinfo=UTC)

    assert open_starts(doctor, first, first + timedelta(hours=8)) == ["01 04:00", "01 07:00", "01 08:00"]

    spring = datetime(2027, 3, 1, tzinfo=UTC)
    generate_slots(doctor=doctor, now=spring)
    # New York skips 02:00 to 03:00 on 14 March 2027, so time off in that hour takes nothing away.
    spec = time_off_spec("2027-03-14", opens="02:00", closes="03:00")
    give_time_off(doctor=doctor, spec=spec, by=admin, now=spring)
    generate_slots(doctor=doctor, now=spring)
    first = datetime(2027, 3, 14, 4, tzinfo=UTC)
    assert open_starts(doctor, first, first + timedelta(hours=5)) == ["14 05:00", "14 06:00", "14 07:00"]


def test_slots_added_by_hand_at_a_place_reopen_on_its_clock(
    clinic: Clinic, doctor: Doctor, admin: User, now: datetime
) -> None:
    los_angeles = make_place("America/Los_Angeles")
    evening = datetime(2026, 6, 10, 2, tzinfo=UTC)  # 9 June, 19:00 in Los Angeles
    (slot,) = add_slots(doctor=doctor, periods=[(evening, evening + timedelta(hours=1))], now=now)
    Slot.objects.filter(pk=slot.pk).update(place=los_angeles)

    given = give_time_off(doctor=doctor, spec=time_off_spec("2026-06-09"), by=admin, now=now)
    blocked = Slot.objects.get(pk=slot.pk).fits_hours
    revoke_time_off(time_off=given.time_off, by=admin, now=now)

    assert (blocked, Slot.objects.get(pk=slot.pk).fits_hours) == (False, True)


def test_today_can_be_taken_off_until_it_ends_at_the_last_place(
    clinic: Clinic, doctor: Doctor, admin: User
) -> None:
    """At 03:00 on 10 June in London it is still 9 June in Los Angeles."""
    now = datetime(2026, 6, 10, 2, tzinfo=UTC)
    with pytest.raises(InvalidInput):
        give_time_off(doctor=doctor, spec=time_off_spec("2026-06-09"), by=admin, now=now)

    make_place("America/Los_Angeles")
    give_time_off(doctor=doctor, spec=time_off_spec("2026-06-09"), by=admin, now=now)

    assert TimeOff.objects.filter(Q(doctor=doctor)).count() == 1
    assert not Booking.objects.exists()


@pytest.mark.parametrize(("hour", "is_listed"), [(6, True), (7, False)])
def test_time_off_is_listed_until_its_last_day_has_ended_at_every_place(
    clinic: Clinic, doctor: Doctor, admin: User, now: datetime, *, hour: int, is_listed: bool
) -> None:
    """The last day, 9 June, ends at 07:00 UTC in Los Angeles, eight hours after it has ended in London."""
    make_place("America/Los_Angeles")
    given = give_time_off(doctor=doctor, spec=time_off_spec("2026-06-09"), by=admin, now=now)
    instant = datetime(2026, 6, 10, hour, tzinfo=UTC)

    listed = [list(time_off(doctor_or_all, now=instant)) for doctor_or_all in (doctor, None)]

    assert listed == [[given.time_off] if is_listed else []] * 2
