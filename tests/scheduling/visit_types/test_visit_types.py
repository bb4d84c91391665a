"""Visit types: where visits of their length fit, their buffers, and who may book them."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError

from clinics.models import ClinicSettings, Doctor, Patient
from clinics.public_holidays import public_holidays
from scheduling.availability.conditions import Conditions
from scheduling.availability.open_slots import AvailabilityQuery, open_slots
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.errors import (
    BookedTooLate,
    PatientBusy,
    SlotTaken,
    TooFarAhead,
    VisitTooLong,
    VisitTypeNotOffered,
)
from scheduling.models import Booking, Slot, VisitType
from tenants.accounts.models import User
from tenants.base.errors import DomainError, InvalidInput
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.schedule import make_slot
from tests.factories.visit_types import make_question, make_visit_type

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def book(
    slot: Slot, patient: Patient, visit_type: VisitType | None, *, now: datetime, **extra: object
) -> Booking:
    options = {"by": user_of(patient), **extra}
    return book_slot(slot_id=slot.pk, patient=patient, visit_type=visit_type, now=now, **options)  # type: ignore[arg-type]


def refusal(
    slot: Slot, patient: Patient, visit_type: VisitType, *, now: datetime, **extra: object
) -> DomainError | None:
    """Try to book. Return the error, or None if the slot was booked."""
    try:
        book(slot, patient, visit_type, now=now, **extra)
    except DomainError as error:
        return error
    return None


def consecutive_slots(doctor: Doctor, first: datetime, count: int, *, minutes: int = 15) -> list[Slot]:
    """Make slots that follow each other without a gap."""
    step = timedelta(minutes=minutes)
    return [make_slot(doctor, first + n * step, minutes=minutes) for n in range(count)]


def open_starts(doctor: Doctor, visit_type: VisitType | None, *, now: datetime) -> list[datetime]:
    """Return the starts that `available/` lists for the visit type, in the next 60 days."""
    query = AvailabilityQuery(
        first=now.date(),
        last=now.date() + timedelta(days=60),
        limit=1000,
        conditions=Conditions(doctor=doctor.pk),
        visit_type=visit_type.pk if visit_type else None,
    )
    found = open_slots(query, now=now)
    count, results = found.count, found.results
    slots = json.loads(results)
    assert count == len(slots)
    return [datetime.fromisoformat(slot["starts_at"]) for slot in slots]


def test_a_long_visit_takes_the_slots_it_needs_and_no_more(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slots = consecutive_slots(doctor, now + HOUR, 4)
    visit = make_visit_type(duration_minutes=40)

    booking = book(slots[0], patient, visit, now=now)

    assert (booking.starts_at, booking.ends_at) == (now + HOUR, now + HOUR + timedelta(minutes=40))
    assert open_starts(doctor, None, now=now) == [slots[3].starts_at]


def test_a_long_visit_needs_consecutive_slots_without_a_gap(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    consecutive_slots(doctor, now + HOUR, 2)
    late = consecutive_slots(doctor, now + 2 * HOUR, 3)
    visit = make_visit_type(duration_minutes=45)
    first = Slot.objects.earliest("starts_at")

    refused = refusal(first, patient, visit, now=now)

    assert isinstance(refused, VisitTooLong)
    assert open_starts(doctor, visit, now=now) == [late[0].starts_at]


def test_a_visit_shorter_than_its_slot_takes_the_whole_slot(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR, minutes=30)
    visit = make_visit_type(duration_minutes=10)

    booking = book(slot, patient, visit, now=now)

    assert booking.ends_at - booking.starts_at == timedelta(minutes=10)
    assert open_starts(doctor, visit, now=now) == []


def test_two_long_visits_do_not_share_a_slot(doctor: Doctor, patient: Patient, now: datetime) -> None:
    slots = consecutive_slots(doctor, now + HOUR, 4)
    visit = make_visit_type(duration_minutes=30)
    book(slots[1], patient, visit, now=now)
    other_patient = make_patient()

    errors = [refusal(slot, other_patient, visit, now=now) for slot in slots[:3]]

    assert [type(error) for error in errors] == [SlotTaken, SlotTaken, SlotTaken]
    assert open_starts(doctor, visit, now=now) == []
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("buffer_before", "buffer_after", "open_numbers"),
    # The fifth of nine slots of 15 minutes is booked.
    [(0, 0, [0, 1, 2, 3, 5, 6, 7, 8]), (15, 0, [0, 1, 2, 6, 7, 8]), (0, 10, [0, 1, 2, 6, 7, 8]),
     (15, 15, [0, 1, 7, 8])],
)  # fmt: skip
def test_the_buffers_of_both_visits_count(
    doctor: Doctor,
    patient: Patient,
    now: datetime,
    *,
    buffer_before: int,
    buffer_after: int,
    open_numbers: list[int],
) -> None:
    slots = consecutive_slots(doctor, now + 2 * HOUR, 9)
    visit = make_visit_type(buffer_before_minutes=buffer_before, buffer_after_minutes=buffer_after)
    book(slots[4], patient, visit, now=now)
    other_patient = make_patient()

    starts = open_starts(doctor, visit, now=now)

    assert starts == [slots[n].starts_at for n in open_numbers]
    bookable = []
    for number, slot in enumerate(slots):
        if refusal(slot, other_patient, visit, now=now) is None:
            bookable.append(number)
            cancel_booking(
                booking=Booking.objects.get(patient=other_patient, status="CONFIRMED"),
                by=user_of(other_patient),
                now=now,
            )
    assert bookable == open_numbers


def test_a_buffer_does_not_occupy_the_patient(doctor: Doctor, patient: Patient, now: datetime) -> None:
    visit = make_visit_type(buffer_after_minutes=30)
    book(make_slot(doctor, now + HOUR), patient, visit, now=now)
    other_slot = make_slot(make_doctor(), now + HOUR + timedelta(minutes=30))

    assert refusal(other_slot, patient, visit, now=now) is None


def test_a_patient_is_busy_for_the_whole_of_a_long_visit(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slots = consecutive_slots(doctor, now + HOUR, 3)
    visit = make_visit_type(duration_minutes=45)
    book(slots[0], patient, visit, now=now)
    overlapping = make_slot(make_doctor(), now + HOUR + timedelta(minutes=30), minutes=15)

    assert isinstance(refusal(overlapping, patient, make_visit_type(), now=now), PatientBusy)


@pytest.mark.parametrize(
    ("minutes_ahead", "expected"), [(119, BookedTooLate), (120, type(None)), (121, type(None))]
)
def test_patients_must_book_before_the_notice_period_to_the_minute(
    doctor: Doctor, patient: Patient, now: datetime, minutes_ahead: int, expected: type
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=60)
    visit = make_visit_type(notice_minutes=120)
    slot = make_slot(doctor, now + timedelta(minutes=minutes_ahead))

    starts = open_starts(doctor, visit, now=now)

    assert starts == ([] if expected is BookedTooLate else [slot.starts_at])
    assert type(refusal(slot, patient, visit, now=now)) is expected


def test_staff_can_book_within_the_notice_period(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    visit = make_visit_type(notice_minutes=600)

    booking = book(make_slot(doctor, now + HOUR), patient, visit, now=now, by=admin)

    assert booking.status == "CONFIRMED"


@pytest.mark.parametrize(
    ("counts", "last", "too_far"),
    # From Monday 2 March 2026 on; the fifth business day is the next Monday.
    [("all", "2026-03-07", "2026-03-08"), ("business", "2026-03-09", "2026-03-10")],
)
def test_the_booking_window_counts_all_days_or_business_days(
    doctor: Doctor, patient: Patient, now: datetime, *, counts: str, last: str, too_far: str
) -> None:
    visit = make_visit_type(window_days=5, window_counts=counts)
    within, beyond = (
        make_slot(doctor, datetime.fromisoformat(f"{day}T10:00+00:00")) for day in (last, too_far)
    )

    assert open_starts(doctor, visit, now=now) == [within.starts_at]
    assert isinstance(refusal(beyond, patient, visit, now=now), TooFarAhead)
    assert refusal(within, patient, visit, now=now) is None


def test_holidays_are_not_business_days(doctor: Doctor, now: datetime) -> None:
    ClinicSettings.objects.update(holiday_country="IE")
    assert public_holidays("IE", "", 2026)[datetime(2026, 3, 17).date()]  # noqa: DTZ001
    visit = make_visit_type(window_days=12, window_counts="business")
    # Without Saint Patrick's day the twelfth business day would be Wednesday 18 March.
    slots = [make_slot(doctor, datetime.fromisoformat(f"2026-03-{day}T10:00+00:00")) for day in (18, 19, 20)]

    assert open_starts(doctor, visit, now=now) == [slot.starts_at for slot in slots[:2]]


def test_who_may_book_is_respected(doctor: Doctor, patient: Patient, admin: User, now: datetime) -> None:
    staff_only, known, new = (
        make_visit_type(who_may_book="staff"),
        make_visit_type(who_may_book="known"),
        make_visit_type(new_patients_only=True),
    )
    slots = [make_slot(doctor, now + n * HOUR) for n in range(1, 8)]

    at_first = [
        type(refusal(slots[n], patient, visit, now=now)) for n, visit in enumerate((staff_only, known))
    ]
    book(slots[2], patient, new, now=now)
    later = [type(refusal(slots[n], patient, visit, now=now)) for n, visit in ((3, new), (4, known))]

    assert at_first == [VisitTypeNotOffered, VisitTypeNotOffered]
    assert later == [VisitTypeNotOffered, type(None)]
    assert book(slots[5], patient, staff_only, now=now, by=admin).visit_type == staff_only


def test_a_visit_type_cannot_be_both_for_new_and_for_known_patients_only(clinic: Clinic) -> None:
    with pytest.raises(IntegrityError, match="visittype_is_for_somebody"):
        make_visit_type(who_may_book="known", new_patients_only=True)


def test_only_doctors_who_offer_a_visit_type_can_be_booked_for_it(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    visit, other_doctor = make_visit_type(), make_doctor()
    visit.doctors.add(other_doctor)
    slot, other_slot = make_slot(doctor, now + HOUR), make_slot(other_doctor, now + 2 * HOUR)

    assert open_starts(doctor, visit, now=now) == []
    assert open_starts(other_doctor, visit, now=now) == [other_slot.starts_at]
    assert isinstance(refusal(slot, patient, visit, now=now), VisitTypeNotOffered)
    assert refusal(other_slot, patient, visit, now=now) is None


def test_a_booking_that_waits_for_approval_takes_its_slot(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    visit, slot = make_visit_type(needs_approval=True), make_slot(doctor, now + HOUR)

    booking = book(slot, patient, visit, now=now)

    assert booking.status == "PENDING"
    assert isinstance(refusal(slot, make_patient(), visit, now=now), SlotTaken)
    assert book(make_slot(doctor, now + 2 * HOUR), patient, visit, now=now, by=admin).status == "CONFIRMED"


@pytest.mark.parametrize(
    ("missed", "days_ago", "status"), [(1, 1, "CONFIRMED"), (2, 364, "PENDING"), (2, 366, "CONFIRMED")]
)
def test_a_patient_with_too_many_no_shows_within_a_year_needs_approval(
    doctor: Doctor, patient: Patient, now: datetime, *, missed: int, days_ago: int, status: str
) -> None:
    ClinicSettings.objects.update(no_show_limit=2)
    for number in range(missed):
        past_slot = make_slot(doctor, now - timedelta(days=days_ago, hours=number))
        Booking.objects.create(
            slot=past_slot,
            doctor=doctor,
            patient=patient,
            starts_at=past_slot.starts_at,
            ends_at=past_slot.ends_at,
            status="NO_SHOW",
        )

    assert book(make_slot(doctor, now + HOUR), patient, None, now=now).status == status


def test_answers_are_checked_and_stored_with_the_text_of_the_question(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    visit = make_visit_type()
    when = make_question(visit, is_required=True)
    fever = make_question(visit, "Fever?", kind="yes_no", position=1)
    slot = make_slot(doctor, now + HOUR)

    without_answer = refusal(slot, patient, visit, now=now, answers={str(fever.pk): "yes"})
    with_wrong_answer = refusal(
        slot, patient, visit, now=now, answers={str(when.pk): "Monday", str(fever.pk): "maybe"}
    )
    booking = book(slot, patient, visit, now=now, answers={str(when.pk): " Monday ", "other": "x"})

    assert [type(error) for error in (without_answer, with_wrong_answer)] == [InvalidInput, InvalidInput]
    assert booking.answers == [{"question": str(when.pk), "text": "Since when?", "answer": "Monday"}]
