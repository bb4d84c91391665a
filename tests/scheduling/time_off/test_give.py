"""Giving time off: whom it hits, what becomes of them, and that nobody can book there any more."""

from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor
from scheduling.bookings.attendance import check_in
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import confirm_hold, hold_slot
from scheduling.clock.time_off import TimeOffSpec
from scheduling.errors import SlotNotOffered
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, BookingEvent, Slot, TimeOff, TimeOffEffect
from scheduling.time_off.give import Action, AppliedAction, Decision, Outcome, TimeOffResult, give_time_off
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.models import Clinic
from tests.factories.audit import entries
from tests.factories.people import make_patient
from tests.factories.queue import kinds_waiting, waiting
from tests.factories.schedule import make_booking, make_slot, starts_of
from tests.factories.time_off import at, book_at, make_working_doctor, off, slot_at, wall_of

pytestmark = pytest.mark.usefixtures("clinic")
KEPT, MOVED, CANCELLED = AppliedAction.KEPT, AppliedAction.MOVED, AppliedAction.CANCELLED
MONDAY = "2026-03-09"


@pytest.fixture
def doctor(clinic: Clinic, now: datetime) -> Doctor:
    """A doctor who works from nine to noon every day."""
    return make_working_doctor(now=now)


def give(
    doctor: Doctor | None,
    when: TimeOffSpec,
    *,
    by: User,
    now: datetime,
    note: str = "",
    others: Action = Action.KEEP,
    decisions: dict[Booking, Decision] | None = None,
) -> TimeOffResult:
    named = {booking.pk: decision for booking, decision in (decisions or {}).items()}
    return give_time_off(doctor=doctor, spec=when, note=note, decisions=named, others=others, by=by, now=now)


def said(outcomes: list[Outcome]) -> list[tuple[str, str, str | None]]:
    """When each booking now is, what was done with it, and why no more."""
    return [
        (wall_of(each.booking.starts_at), each.done.value, each.refused.code if each.refused else None)
        for each in outcomes
    ]


def offered(doctor: Doctor, day: str) -> list[str]:
    """The times of that day that can be booked."""
    free = Slot.objects.offered().filter(
        doctor=doctor, starts_at__gte=at(day), starts_at__lt=at(day) + timedelta(1)
    )
    return [wall_of(slot.starts_at)[-5:] for slot in free.order_by("starts_at")]


def test_time_off_is_kept_and_the_slots_are_asked_for(doctor: Doctor, admin: User, now: datetime) -> None:
    version = Doctor.objects.get(pk=doctor.pk).schedule_version
    before = len(waiting(kind="doctor_hours", row_id=doctor.pk))

    given = give(
        doctor, off(MONDAY, None, "12:00", "13:00", frozenset({0, 1})), note="Lunch", by=admin, now=now
    )

    stored = TimeOff.objects.get()
    assert stored == given.time_off
    assert (stored.doctor, stored.opens, stored.closes, stored.weekdays) == (doctor, 720, 780, [0, 1])
    assert (str(stored.first_on), stored.last_on, stored.note, stored.by) == (MONDAY, None, "Lunch", admin)
    assert len(waiting(kind="doctor_hours", row_id=doctor.pk)) == before + 1
    assert Doctor.objects.get(pk=doctor.pk).schedule_version == version + 1
    assert entries() == [("added", "scheduling.timeoff", str(stored.pk))]


@pytest.mark.parametrize(
    ("when", "field"),
    [
        (off("2026-03-09", "2026-03-08"), "to"),
        (off("2026-03-09", weekdays=frozenset()), "weekdays"),
        (off("2026-03-09", opens="10:00", closes="10:00"), "closes"),
        (off("2026-02-01", "2026-03-01"), "to"),
    ],
    ids=["ends before it begins", "on no day", "empty", "over"],
)
def test_time_off_that_is_none_is_refused(
    doctor: Doctor, admin: User, now: datetime, when: TimeOffSpec, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        give(doctor, when, by=admin, now=now)

    assert list(refused.value.errors) == [field]
    assert (TimeOff.objects.count(), Slot.objects.filter(fits_hours=False).count()) == (0, 0)


def test_time_off_that_ends_today_is_taken(doctor: Doctor, admin: User, now: datetime) -> None:
    give(doctor, off("2026-02-01", "2026-03-02"), by=admin, now=now)

    assert TimeOff.objects.count() == 1


def test_nobody_can_book_in_it_from_that_moment_on(doctor: Doctor, admin: User, now: datetime) -> None:
    slots = [slot_at(doctor, f"{MONDAY} {wall}") for wall in ("09:30", "10:00", "10:30")]

    give(doctor, off(MONDAY, opens="10:00", closes="10:30"), by=admin, now=now)

    patient = make_patient()
    with pytest.raises(SlotNotOffered):
        make_booking(slots[1], patient, now=now)
    assert make_booking(slots[0], patient, now=now).slot == slots[0]
    assert make_booking(slots[2], patient, now=now).slot == slots[2]


def test_the_generator_then_removes_what_was_shut_and_nothing_else(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    before = starts_of(doctor)
    give(doctor, off(MONDAY, opens="10:00", closes="10:45"), by=admin, now=now)
    shut = starts_of(doctor, fits_hours=False)

    generated = generate_slots(doctor=doctor, now=now)

    assert (generated.added, generated.removed, generated.unfitting) == (0, 2, 0)
    assert shut == [f"{MONDAY} 10:00+0000", f"{MONDAY} 10:30+0000"]
    assert starts_of(doctor) == [start for start in before if start not in shut]


def test_what_was_made_by_hand_is_shut_too_and_stays(doctor: Doctor, admin: User, now: datetime) -> None:
    slot = make_slot(doctor, at(f"{MONDAY} 15:00"))

    give(doctor, off(MONDAY), by=admin, now=now)
    generate_slots(doctor=doctor, now=now)

    assert list(Slot.objects.filter(doctor=doctor, starts_at__date=MONDAY)) == [slot]
    assert offered(doctor, MONDAY) == []


def test_a_slot_made_by_hand_afterwards_is_a_decision_and_is_offered(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    give(doctor, off(MONDAY), by=admin, now=now)

    make_slot(doctor, at(f"{MONDAY} 15:00"))
    generate_slots(doctor=doctor, now=now)

    assert offered(doctor, MONDAY) == ["15:00"]


@pytest.mark.parametrize(
    ("hours", "hit"),
    [
        (("09:00", "10:00"), False),
        (("09:00", "10:01"), True),
        (("10:00", "10:30"), True),
        (("10:29", "11:00"), True),
        (("10:30", "11:00"), False),
    ],
)
def test_a_booking_is_hit_where_it_shares_a_minute(
    doctor: Doctor, admin: User, now: datetime, hours: tuple[str, str], hit: bool
) -> None:
    booking = book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    given = give(doctor, off(MONDAY, "", *hours), by=admin, now=now)

    assert [each.booking for each in given.outcomes] == ([booking] if hit else [])


def test_whom_it_hits_keeps_the_appointment_unless_somebody_says_otherwise(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    given = give(doctor, off(MONDAY), by=admin, now=now)

    assert said(given.outcomes) == [(f"{MONDAY} 10:00", "kept", None)]
    assert TimeOffEffect.objects.count() == 0
    generate_slots(doctor=doctor, now=now)
    assert starts_of(doctor, fits_hours=False) == [f"{MONDAY} 10:00+0000"]


def test_the_others_are_cancelled_with_the_note_as_reason(doctor: Doctor, admin: User, now: datetime) -> None:
    booking = book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    given = give(doctor, off(MONDAY), note="Ill", others=Action.CANCEL, by=admin, now=now)

    event = BookingEvent.objects.get(booking=booking, kind="cancelled")
    effect = TimeOffEffect.objects.get()
    assert said(given.outcomes) == [(f"{MONDAY} 10:00", "cancelled", None)]
    assert (event.note, event.by) == ("Ill", admin)
    assert (effect.booking, effect.done, effect.old_slot, effect.old_starts_at, effect.old_ends_at) == (
        booking, "cancelled", booking.slot, booking.starts_at, booking.ends_at,
    )  # fmt: skip
    assert kinds_waiting(row_id=event.pk) == ["booking_event"]


def test_the_others_move_to_the_nearest_times_one_after_the_other(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    for wall in ("10:00", "10:30"):
        book_at(doctor, f"{MONDAY} {wall}", make_patient(), now=now)

    given = give(doctor, off(MONDAY, opens="10:00", closes="11:00"), others=Action.MOVE, by=admin, now=now)

    assert said(given.outcomes) == [(f"{MONDAY} 09:30", "moved", None), (f"{MONDAY} 11:00", "moved", None)]
    assert [wall_of(each.old_starts_at)[-5:] for each in given.outcomes] == ["10:00", "10:30"]
    assert set(BookingEvent.objects.filter(kind="rescheduled").values_list("by", flat=True)) == {admin.pk}


def test_what_is_decided_of_one_booking_comes_before_what_holds_for_the_others(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    first, second, third = (
        book_at(doctor, f"{MONDAY} {wall}", make_patient(), now=now) for wall in ("10:00", "10:30", "11:00")
    )
    decisions = {
        # The nearest of the first one's alternatives.
        second: Decision(Action.MOVE, slot_at(doctor, f"{MONDAY} 09:30").pk),
        third: Decision(Action.CANCEL),
    }

    given = give(
        doctor, off(MONDAY, opens="10:00"), decisions=decisions, others=Action.MOVE, by=admin, now=now
    )

    assert [each.booking.pk for each in given.outcomes] == [first.pk, second.pk, third.pk]
    assert said(given.outcomes) == [
        (f"{MONDAY} 09:00", "moved", None),
        (f"{MONDAY} 09:30", "moved", None),
        (f"{MONDAY} 11:00", "cancelled", None),
    ]


def test_a_refusal_is_told_and_stops_nobody_else(doctor: Doctor, admin: User, now: datetime) -> None:
    first, second = (
        book_at(doctor, f"{MONDAY} {wall}", make_patient(), now=now) for wall in ("10:00", "10:30")
    )
    inside = Decision(Action.MOVE, slot_at(doctor, f"{MONDAY} 11:00").pk)
    others = Decision(Action.MOVE, slot_at(doctor, f"{MONDAY} 09:00").pk)

    given = give(
        doctor, off(MONDAY, opens="10:00"), decisions={first: inside, second: others}, by=admin, now=now
    )

    assert said(given.outcomes) == [
        (f"{MONDAY} 10:00", "kept", "slot_not_offered"),
        (f"{MONDAY} 09:00", "moved", None),
    ]
    assert [effect.booking for effect in TimeOffEffect.objects.all()] == [second]


def test_where_there_is_nowhere_to_move_to_the_booking_stays(
    admin: User, clinic: Clinic, now: datetime
) -> None:
    doctor = make_working_doctor(now=now, specialties=[])
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    given = give(doctor, off("2026-03-02", None), others=Action.MOVE, by=admin, now=now)

    assert said(given.outcomes) == [(f"{MONDAY} 10:00", "kept", "no_time_open")]


def test_a_decision_on_a_booking_that_is_not_hit_does_nothing(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    elsewhere = book_at(doctor, "2026-03-10 10:00", make_patient(), now=now)

    given = give(doctor, off(MONDAY), decisions={elsewhere: Decision(Action.CANCEL)}, by=admin, now=now)

    assert given.outcomes == []
    assert Booking.objects.get(pk=elsewhere.pk).status == "CONFIRMED"


def test_a_cancelled_booking_is_not_hit_and_one_that_waits_for_approval_is(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    gone, pending = (
        book_at(doctor, f"{MONDAY} {wall}", make_patient(), now=now) for wall in ("10:00", "10:30")
    )
    cancel_booking(booking=gone, by=admin, now=now)
    Booking.objects.filter(pk=pending.pk).update(status="PENDING")

    given = give(doctor, off(MONDAY), by=admin, now=now)

    assert [each.booking for each in given.outcomes] == [pending]


def test_who_is_in_the_waiting_room_is_hit_and_cannot_be_moved(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    here = book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    later = at(f"{MONDAY} 09:45")
    check_in(booking=here, by=admin, now=later)

    given = give(doctor, off(MONDAY), others=Action.MOVE, by=admin, now=later)

    assert said(given.outcomes) == [(f"{MONDAY} 10:00", "kept", "booking_over")]


def test_a_visit_that_goes_on_is_hit_by_what_is_left_of_the_day(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    minutes = {"going on": "10:29", "just over": "10:30"}

    hit = {}
    for when, wall in minutes.items():
        given = give(doctor, off(MONDAY), others=Action.CANCEL, by=admin, now=at(f"{MONDAY} {wall}"))
        hit[when] = said(given.outcomes)

    assert hit == {"going on": [(f"{MONDAY} 10:00", "kept", "booking_over")], "just over": []}


def test_a_held_time_is_given_up(doctor: Doctor, admin: User, now: datetime) -> None:
    patient = make_patient()
    assert patient.user is not None
    slots = [slot_at(doctor, f"{MONDAY} {wall}") for wall in ("10:00", "11:00")]
    other = make_patient()
    assert other.user is not None
    inside = hold_slot(slot_id=slots[0].pk, patient=patient, by=patient.user, now=now)
    outside = hold_slot(slot_id=slots[1].pk, patient=other, by=other.user, now=now)

    given = give(doctor, off(MONDAY, opens="10:00", closes="11:00"), by=admin, now=now)

    assert given.outcomes == []
    states = {hold.pk: hold.status for hold in Booking.objects.all()}
    assert states == {inside.pk: "CANCELLED", outside.pk: "HELD"}
    confirmed = confirm_hold(hold_id=outside.pk, patient=other, by=other.user, now=now)
    assert confirmed.status == "CONFIRMED"


def test_one_doctors_time_off_is_nobody_elses(doctor: Doctor, admin: User, now: datetime) -> None:
    other = make_working_doctor(now=now)
    book_at(other, f"{MONDAY} 10:00", make_patient(), now=now)
    before = offered(other, MONDAY)

    given = give(doctor, off(MONDAY), others=Action.CANCEL, by=admin, now=now)
    for each in (doctor, other):
        generate_slots(doctor=each, now=now)

    assert given.outcomes == []
    assert (offered(doctor, MONDAY), offered(other, MONDAY)) == ([], before)
    assert Booking.objects.get().status == "CONFIRMED"


def test_the_whole_clinics_hits_everybody_and_shuts_at_once(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    other = make_working_doctor(now=now)
    bookings = [book_at(each, f"{MONDAY} 10:00", make_patient(), now=now) for each in (doctor, other)]

    given = give(None, off(MONDAY), others=Action.CANCEL, by=admin, now=now)

    assert sorted(each.booking.pk for each in given.outcomes) == sorted(each.pk for each in bookings)
    assert {each.done for each in given.outcomes} == {CANCELLED}
    assert (offered(doctor, MONDAY), offered(other, MONDAY)) == ([], [])
    assert kinds_waiting(kind="booking_rules") == ["booking_rules"]


@pytest.mark.parametrize(
    ("day", "hit"),
    [
        # In spring the clock goes from 01:00 to 02:00: of two hours off one is left.
        ("2026-03-29", ["00:30+0000", "02:00+0100"]),
        # In autumn it shows 01:00 to 02:00 twice: both are off.
        ("2026-10-25", ["00:30+0100", "01:00+0100", "01:30+0100", "01:00+0000", "01:30+0000", "02:00+0000"]),
    ],
)
def test_both_clock_changes(admin: User, clinic: Clinic, day: str, hit: list[str]) -> None:
    now = at(day) - timedelta(days=7)
    doctor = make_working_doctor(now=now, hours=("00:00", "04:00"))
    for start in starts_of(doctor):
        if start.startswith(day):
            slot = Slot.objects.get(doctor=doctor, starts_at=datetime.strptime(start, "%Y-%m-%d %H:%M%z"))
            make_booking(slot, make_patient(), now=now)

    given = give(doctor, off(day, opens="00:30", closes="02:30"), by=admin, now=now)

    zone = clinic.zone
    assert [f"{each.booking.starts_at.astimezone(zone):%H:%M%z}" for each in given.outcomes] == hit
    assert [start[-10:] for start in starts_of(doctor, fits_hours=False)] == hit


def test_moved_and_cancelled_bookings_are_in_the_audit_log(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    patient = make_patient()
    booking = book_at(doctor, f"{MONDAY} 10:00", patient, now=now)

    given = give(doctor, off(MONDAY), others=Action.CANCEL, by=admin, now=now)

    assert entries() == [
        ("cancelled", "scheduling.booking", str(booking.pk)),
        ("cancelled", "clinics.patient", str(patient.pk)),
        ("added", "scheduling.timeoff", str(given.time_off.pk)),
    ]
