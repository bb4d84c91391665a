"""Adding time off: affected bookings, decisions about them, and closed slots."""

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
from scheduling.time_off.decisions import Action, AppliedAction, Decision, Outcome
from scheduling.time_off.give import TimeOffResult, give_time_off
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.people import make_patient
from tests.factories.queue import queued_job_kinds, queued_jobs
from tests.factories.schedule import make_booking, make_slot, slot_starts
from tests.factories.time_off import (
    book_at,
    instant_at,
    local_time_text,
    make_working_doctor,
    slot_at,
    time_off_spec,
)

pytestmark = pytest.mark.usefixtures("clinic")
KEPT, MOVED, CANCELLED = AppliedAction.KEPT, AppliedAction.MOVED, AppliedAction.CANCELLED
MONDAY = "2026-03-09"


@pytest.fixture
def doctor(clinic: Clinic, now: datetime) -> Doctor:
    """A doctor who works from nine to noon every day."""
    return make_working_doctor(now=now)


def give(
    doctor: Doctor | None,
    spec: TimeOffSpec,
    *,
    by: User,
    now: datetime,
    note: str = "",
    others: Action = Action.KEEP,
    decisions: dict[Booking, Decision] | None = None,
) -> TimeOffResult:
    decisions_by_id = {booking.pk: decision for booking, decision in (decisions or {}).items()}
    return give_time_off(
        doctor=doctor, spec=spec, note=note, decisions=decisions_by_id, others=others, by=by, now=now
    )


def summary(outcomes: list[Outcome]) -> list[tuple[str, str, str | None]]:
    """Return each booking's local time, the applied action and the code of a refusal."""
    return [
        (
            local_time_text(each.booking.starts_at),
            each.done.value,
            each.refused.code if each.refused else None,
        )
        for each in outcomes
    ]


def bookable_times(doctor: Doctor, day: str) -> list[str]:
    """Return the bookable times of that day."""
    free = Slot.objects.offered().filter(
        doctor=doctor, starts_at__gte=instant_at(day), starts_at__lt=instant_at(day) + timedelta(1)
    )
    return [local_time_text(slot.starts_at)[-5:] for slot in free.order_by("starts_at")]


def test_time_off_is_stored_and_requests_slots_without_a_new_version_of_the_hours(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    version_before = Doctor.objects.get(pk=doctor.pk).schedule_version
    before = len(queued_jobs(kind="doctor_hours", row_id=doctor.pk))

    result = give(
        doctor,
        time_off_spec(MONDAY, None, "12:00", "13:00", frozenset({0, 1})),
        note="Lunch",
        by=admin,
        now=now,
    )

    stored = TimeOff.objects.get()
    assert stored == result.time_off
    assert (stored.doctor, stored.opens, stored.closes, stored.weekdays) == (doctor, 720, 780, [0, 1])
    assert (str(stored.first_on), stored.last_on, stored.note, stored.by) == (MONDAY, None, "Lunch", admin)
    assert len(queued_jobs(kind="doctor_hours", row_id=doctor.pk)) == before + 1
    assert Doctor.objects.get(pk=doctor.pk).schedule_version == version_before
    assert audit_entries() == [("added", "scheduling.timeoff", str(stored.pk))]


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (time_off_spec("2026-03-09", "2026-03-08"), "to"),
        (time_off_spec("2026-03-09", weekdays=frozenset()), "weekdays"),
        (time_off_spec("2026-03-09", opens="10:00", closes="10:00"), "closes"),
        (time_off_spec("2026-02-01", "2026-03-01"), "to"),
    ],
    ids=["ends before it begins", "on no day", "empty", "over"],
)
def test_invalid_time_off_is_refused(
    doctor: Doctor, admin: User, now: datetime, spec: TimeOffSpec, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        give(doctor, spec, by=admin, now=now)

    assert list(refused.value.errors) == [field]
    assert (TimeOff.objects.count(), Slot.objects.filter(fits_hours=False).count()) == (0, 0)


def test_time_off_that_ends_today_is_accepted(doctor: Doctor, admin: User, now: datetime) -> None:
    give(doctor, time_off_spec("2026-02-01", "2026-03-02"), by=admin, now=now)

    assert TimeOff.objects.count() == 1


def test_time_off_cannot_be_booked_from_then_on(doctor: Doctor, admin: User, now: datetime) -> None:
    slots = [slot_at(doctor, f"{MONDAY} {local_time}") for local_time in ("09:30", "10:00", "10:30")]

    give(doctor, time_off_spec(MONDAY, opens="10:00", closes="10:30"), by=admin, now=now)

    patient = make_patient()
    with pytest.raises(SlotNotOffered):
        make_booking(slots[1], patient, now=now)
    assert make_booking(slots[0], patient, now=now).slot == slots[0]
    assert make_booking(slots[2], patient, now=now).slot == slots[2]


def test_the_generator_removes_only_the_closed_slots(doctor: Doctor, admin: User, now: datetime) -> None:
    before = slot_starts(doctor)
    give(doctor, time_off_spec(MONDAY, opens="10:00", closes="10:45"), by=admin, now=now)
    closed = slot_starts(doctor, fits_hours=False)

    generated = generate_slots(doctor=doctor, now=now)

    assert (generated.added, generated.removed, generated.unfitting) == (0, 2, 0)
    assert closed == [f"{MONDAY} 10:00+0000", f"{MONDAY} 10:30+0000"]
    assert slot_starts(doctor) == [start for start in before if start not in closed]


def test_slots_added_by_hand_are_closed_but_kept(doctor: Doctor, admin: User, now: datetime) -> None:
    slot = make_slot(doctor, instant_at(f"{MONDAY} 15:00"))

    give(doctor, time_off_spec(MONDAY), by=admin, now=now)
    generate_slots(doctor=doctor, now=now)

    assert list(Slot.objects.filter(doctor=doctor, starts_at__date=MONDAY)) == [slot]
    assert bookable_times(doctor, MONDAY) == []


def test_a_slot_added_by_hand_during_time_off_is_offered(doctor: Doctor, admin: User, now: datetime) -> None:
    give(doctor, time_off_spec(MONDAY), by=admin, now=now)

    make_slot(doctor, instant_at(f"{MONDAY} 15:00"))
    generate_slots(doctor=doctor, now=now)

    assert bookable_times(doctor, MONDAY) == ["15:00"]


@pytest.mark.parametrize(
    ("hours", "affected"),
    [
        (("09:00", "10:00"), False),
        (("09:00", "10:01"), True),
        (("10:00", "10:30"), True),
        (("10:29", "11:00"), True),
        (("10:30", "11:00"), False),
    ],
)
def test_a_booking_is_affected_if_it_overlaps_by_a_minute(
    doctor: Doctor, admin: User, now: datetime, hours: tuple[str, str], affected: bool
) -> None:
    booking = book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    result = give(doctor, time_off_spec(MONDAY, "", *hours), by=admin, now=now)

    assert [each.booking for each in result.outcomes] == ([booking] if affected else [])


def test_affected_bookings_are_kept_by_default(doctor: Doctor, admin: User, now: datetime) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    result = give(doctor, time_off_spec(MONDAY), by=admin, now=now)

    assert summary(result.outcomes) == [(f"{MONDAY} 10:00", "kept", None)]
    assert TimeOffEffect.objects.count() == 0
    generate_slots(doctor=doctor, now=now)
    assert slot_starts(doctor, fits_hours=False) == [f"{MONDAY} 10:00+0000"]


def test_other_bookings_are_cancelled_with_the_note_as_reason(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    booking = book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    result = give(doctor, time_off_spec(MONDAY), note="Ill", others=Action.CANCEL, by=admin, now=now)

    event = BookingEvent.objects.get(booking=booking, kind="cancelled")
    effect = TimeOffEffect.objects.get()
    assert summary(result.outcomes) == [(f"{MONDAY} 10:00", "cancelled", None)]
    assert (event.note, event.by) == ("Ill", admin)
    assert (effect.booking, effect.done, effect.old_slot, effect.old_starts_at, effect.old_ends_at) == (
        booking, "cancelled", booking.slot, booking.starts_at, booking.ends_at,
    )  # fmt: skip
    assert queued_job_kinds(row_id=event.pk) == ["booking_event"]


def test_other_bookings_move_to_the_nearest_times_in_order(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    for local_time in ("10:00", "10:30"):
        book_at(doctor, f"{MONDAY} {local_time}", make_patient(), now=now)

    result = give(
        doctor, time_off_spec(MONDAY, opens="10:00", closes="11:00"), others=Action.MOVE, by=admin, now=now
    )

    assert summary(result.outcomes) == [
        (f"{MONDAY} 09:30", "moved", None),
        (f"{MONDAY} 11:00", "moved", None),
    ]
    assert [local_time_text(each.old_starts_at)[-5:] for each in result.outcomes] == ["10:00", "10:30"]
    assert set(BookingEvent.objects.filter(kind="rescheduled").values_list("by", flat=True)) == {admin.pk}


def test_a_decision_for_one_booking_overrides_the_choice_for_the_others(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    first, second, third = (
        book_at(doctor, f"{MONDAY} {local_time}", make_patient(), now=now)
        for local_time in ("10:00", "10:30", "11:00")
    )
    decisions = {
        # The nearest alternative of the first booking.
        second: Decision(Action.MOVE, slot_at(doctor, f"{MONDAY} 09:30").pk),
        third: Decision(Action.CANCEL),
    }

    result = give(
        doctor,
        time_off_spec(MONDAY, opens="10:00"),
        decisions=decisions,
        others=Action.MOVE,
        by=admin,
        now=now,
    )

    assert [each.booking.pk for each in result.outcomes] == [first.pk, second.pk, third.pk]
    assert summary(result.outcomes) == [
        (f"{MONDAY} 09:00", "moved", None),
        (f"{MONDAY} 09:30", "moved", None),
        (f"{MONDAY} 11:00", "cancelled", None),
    ]


def test_a_refusal_is_reported_and_does_not_stop_the_others(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    first, second = (
        book_at(doctor, f"{MONDAY} {local_time}", make_patient(), now=now)
        for local_time in ("10:00", "10:30")
    )
    inside = Decision(Action.MOVE, slot_at(doctor, f"{MONDAY} 11:00").pk)
    others = Decision(Action.MOVE, slot_at(doctor, f"{MONDAY} 09:00").pk)

    result = give(
        doctor,
        time_off_spec(MONDAY, opens="10:00"),
        decisions={first: inside, second: others},
        by=admin,
        now=now,
    )

    assert summary(result.outcomes) == [
        (f"{MONDAY} 10:00", "kept", "slot_not_offered"),
        (f"{MONDAY} 09:00", "moved", None),
    ]
    assert [effect.booking for effect in TimeOffEffect.objects.all()] == [second]


def test_a_booking_without_alternatives_is_kept(admin: User, clinic: Clinic, now: datetime) -> None:
    doctor = make_working_doctor(now=now, specialties=[])
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    result = give(doctor, time_off_spec("2026-03-02", None), others=Action.MOVE, by=admin, now=now)

    assert summary(result.outcomes) == [(f"{MONDAY} 10:00", "kept", "no_time_open")]


def test_a_decision_for_an_unaffected_booking_does_nothing(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    unaffected = book_at(doctor, "2026-03-10 10:00", make_patient(), now=now)

    result = give(
        doctor, time_off_spec(MONDAY), decisions={unaffected: Decision(Action.CANCEL)}, by=admin, now=now
    )

    assert result.outcomes == []
    assert Booking.objects.get(pk=unaffected.pk).status == "CONFIRMED"


def test_pending_bookings_are_affected_and_cancelled_ones_are_not(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    cancelled, pending = (
        book_at(doctor, f"{MONDAY} {local_time}", make_patient(), now=now)
        for local_time in ("10:00", "10:30")
    )
    cancel_booking(booking=cancelled, by=admin, now=now)
    Booking.objects.filter(pk=pending.pk).update(status="PENDING")

    result = give(doctor, time_off_spec(MONDAY), by=admin, now=now)

    assert [each.booking for each in result.outcomes] == [pending]


def test_a_checked_in_booking_is_affected_and_cannot_be_moved(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    checked_in = book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    later = instant_at(f"{MONDAY} 09:45")
    check_in(booking=checked_in, by=admin, now=later)

    result = give(doctor, time_off_spec(MONDAY), others=Action.MOVE, by=admin, now=later)

    assert summary(result.outcomes) == [(f"{MONDAY} 10:00", "kept", "booking_over")]


def test_a_visit_in_progress_is_affected_and_kept(doctor: Doctor, admin: User, now: datetime) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    minutes = {"going on": "10:29", "just over": "10:30"}

    affected = {}
    for case, local_time in minutes.items():
        result = give(
            doctor,
            time_off_spec(MONDAY),
            others=Action.CANCEL,
            by=admin,
            now=instant_at(f"{MONDAY} {local_time}"),
        )
        affected[case] = summary(result.outcomes)

    assert affected == {"going on": [(f"{MONDAY} 10:00", "kept", "booking_over")], "just over": []}


def test_a_hold_during_time_off_is_released(doctor: Doctor, admin: User, now: datetime) -> None:
    patient = make_patient()
    assert patient.user is not None
    slots = [slot_at(doctor, f"{MONDAY} {local_time}") for local_time in ("10:00", "11:00")]
    other = make_patient()
    assert other.user is not None
    inside = hold_slot(slot_id=slots[0].pk, patient=patient, by=patient.user, now=now)
    outside = hold_slot(slot_id=slots[1].pk, patient=other, by=other.user, now=now)

    result = give(doctor, time_off_spec(MONDAY, opens="10:00", closes="11:00"), by=admin, now=now)

    assert result.outcomes == []
    states = {hold.pk: hold.status for hold in Booking.objects.all()}
    assert states == {inside.pk: "CANCELLED", outside.pk: "HELD"}
    confirmed = confirm_hold(hold_id=outside.pk, patient=other, by=other.user, now=now)
    assert confirmed.status == "CONFIRMED"


def test_time_off_of_one_doctor_does_not_affect_others(doctor: Doctor, admin: User, now: datetime) -> None:
    other = make_working_doctor(now=now)
    book_at(other, f"{MONDAY} 10:00", make_patient(), now=now)
    before = bookable_times(other, MONDAY)

    result = give(doctor, time_off_spec(MONDAY), others=Action.CANCEL, by=admin, now=now)
    for each in (doctor, other):
        generate_slots(doctor=each, now=now)

    assert result.outcomes == []
    assert (bookable_times(doctor, MONDAY), bookable_times(other, MONDAY)) == ([], before)
    assert Booking.objects.get().status == "CONFIRMED"


def test_time_off_of_the_whole_clinic_affects_all_doctors_at_once(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    other = make_working_doctor(now=now)
    bookings = [book_at(each, f"{MONDAY} 10:00", make_patient(), now=now) for each in (doctor, other)]

    result = give(None, time_off_spec(MONDAY), others=Action.CANCEL, by=admin, now=now)

    assert sorted(each.booking.pk for each in result.outcomes) == sorted(each.pk for each in bookings)
    assert {each.done for each in result.outcomes} == {CANCELLED}
    assert (bookable_times(doctor, MONDAY), bookable_times(other, MONDAY)) == ([], [])
    assert queued_job_kinds(kind="booking_rules") == ["booking_rules"]


@pytest.mark.parametrize(
    ("day", "affected"),
    [
        # In spring the clocks go from 01:00 to 02:00, so one of the two hours off is left.
        ("2026-03-29", ["00:30+0000", "02:00+0100"]),
        # In autumn the hour from 01:00 to 02:00 is repeated: both are off.
        ("2026-10-25", ["00:30+0100", "01:00+0100", "01:30+0100", "01:00+0000", "01:30+0000", "02:00+0000"]),
    ],
)
def test_time_off_on_days_when_the_clocks_change(
    admin: User, clinic: Clinic, day: str, affected: list[str]
) -> None:
    now = instant_at(day) - timedelta(days=7)
    doctor = make_working_doctor(now=now, hours=("00:00", "04:00"))
    for start in slot_starts(doctor):
        if start.startswith(day):
            slot = Slot.objects.get(doctor=doctor, starts_at=datetime.strptime(start, "%Y-%m-%d %H:%M%z"))
            make_booking(slot, make_patient(), now=now)

    result = give(doctor, time_off_spec(day, opens="00:30", closes="02:30"), by=admin, now=now)

    zone = clinic.zone
    assert [f"{each.booking.starts_at.astimezone(zone):%H:%M%z}" for each in result.outcomes] == affected
    assert [start[-10:] for start in slot_starts(doctor, fits_hours=False)] == affected


def test_moved_and_cancelled_bookings_are_in_the_audit_log(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    patient = make_patient()
    booking = book_at(doctor, f"{MONDAY} 10:00", patient, now=now)

    result = give(doctor, time_off_spec(MONDAY), others=Action.CANCEL, by=admin, now=now)

    assert audit_entries() == [
        ("cancelled", "scheduling.booking", str(booking.pk)),
        ("cancelled", "clinics.patient", str(patient.pk)),
        ("added", "scheduling.timeoff", str(result.time_off.pk)),
    ]
