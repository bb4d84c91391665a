"""A freed time is offered to the first matching entry and held for it."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient, Specialty
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking, Slot, VisitType, WaitlistEntry, WaitlistOffer
from scheduling.waitlist.offer_open_times import offer_released_slot
from tenants.accounts.models import User
from tests.factories.people import make_dependant, make_doctor, make_patient
from tests.factories.queue import run_due_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import entry_state, make_entry, offered_entry

SECOND = timedelta(seconds=1)


@pytest.fixture
def slot(doctor: Doctor, now: datetime) -> Slot:
    """Wednesday 4 March 2026, noon in London, in two days."""
    return make_slot(doctor, now + timedelta(days=2))


@pytest.fixture
def entry(doctor: Doctor, patient: Patient, now: datetime) -> WaitlistEntry:
    """The patient's waiting-list entry for the doctor."""
    return make_entry(patient, doctor, now=now)


def test_a_cancelled_time_is_offered_and_held(
    doctor: Doctor, patient: Patient, admin: User, slot: Slot, at_now: datetime
) -> None:
    entry = make_entry(patient, doctor, now=at_now)
    booking = make_booking(slot, make_patient(), now=at_now)
    cancel_booking(booking=booking, by=admin, now=at_now)

    run_due_jobs()

    offer = WaitlistOffer.objects.get()
    hold = offer.booking
    assert (offer.entry, offer.outcome, offer.ends_at) == (entry, "open", at_now + timedelta(hours=2))
    assert (hold.status, hold.slot, hold.patient, hold.held_until) == ("HELD", slot, patient, offer.ends_at)
    assert entry_state(entry) == ("offered", 0)
    assert [event.by for event in hold.events.filter(kind="held")] == [None]


def test_without_entries_no_offer_is_made(slot: Slot, now: datetime) -> None:
    assert offer_released_slot(slot_id=slot.pk, now=now) is None
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("fields", [{"status": "blocked"}, {"status": "withdrawn"}, {"fits_hours": False}])
def test_a_slot_that_cannot_be_booked_is_not_offered(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime, fields: dict[str, Any]
) -> None:
    make_entry(patient, doctor, now=now)
    Slot.objects.update(**fields)

    assert offer_released_slot(slot_id=slot.pk, now=now) is None


def test_a_slot_that_was_booked_again_is_not_offered(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime
) -> None:
    make_entry(patient, doctor, now=now)
    make_booking(slot, make_patient(), now=now)

    assert offer_released_slot(slot_id=slot.pk, now=now) is None


def test_only_entries_for_the_doctor_or_the_specialty_get_offers(patient: Patient, now: datetime) -> None:
    doctor = make_doctor(specialties=["audiology"])
    make_entry(make_patient(), make_doctor(), now=now)
    make_entry(make_patient(), specialty=Specialty.objects.get(code="general-medicine"), now=now)
    of_specialty = make_entry(patient, specialty=Specialty.objects.get(code="audiology"), now=now)
    of_doctor = make_entry(make_patient(), doctor, now=now + SECOND)
    slots = [make_slot(doctor, now + timedelta(days=2, hours=n)) for n in range(3)]

    offers = [offer_released_slot(slot_id=slot.pk, now=now) for slot in slots]

    assert [offered_entry(offer) for offer in offers[:2]] == [of_specialty, of_doctor]
    assert offers[2] is None


@pytest.mark.parametrize(
    ("first", "last", "weekdays", "fits"),
    [
        ("2026-03-04", "2026-03-04", [2], True),
        ("2026-03-02", "2026-03-03", [2, 0, 1], False),
        ("2026-03-05", "2026-03-11", [2, 3], False),
        ("2026-03-02", "2026-03-31", [0, 1, 3, 4, 5, 6], False),
        ("2026-03-02", "2026-03-31", [2], True),
    ],
)
def test_the_day_must_match_the_entry(
    entry: WaitlistEntry, slot: Slot, *, now: datetime, first: str, last: str, weekdays: list[int], fits: bool
) -> None:
    WaitlistEntry.objects.update(first_on=first, last_on=last, weekdays=weekdays)

    assert (offer_released_slot(slot_id=slot.pk, now=now) is not None) == fits


@pytest.mark.parametrize(("utc_hour", "day"), [("22:59", 3), ("23:00", 4)])
def test_days_are_in_the_clinics_time_zone(doctor: Doctor, patient: Patient, utc_hour: str, day: int) -> None:
    # In summer London's midnight is 23:00 UTC of the day before.
    now = datetime.fromisoformat("2026-06-01T12:00:00Z")
    make_entry(patient, doctor, now=now, first=date(2026, 6, day), last=date(2026, 6, day))
    slot = make_slot(doctor, datetime.fromisoformat(f"2026-06-03T{utc_hour}:00Z"))

    assert offer_released_slot(slot_id=slot.pk, now=now) is not None


def test_offers_go_to_fewest_missed_offers_first_then_longest_wait(doctor: Doctor, now: datetime) -> None:
    missed_one, later, earlier = (
        make_entry(make_patient(), doctor, now=now + timedelta(minutes=minute)) for minute in (0, 2, 1)
    )
    WaitlistEntry.objects.filter(pk=missed_one.pk).update(offers_missed=1)
    slots = [make_slot(doctor, now + timedelta(days=2, hours=n)) for n in range(3)]
    now += timedelta(minutes=5)

    order = [offered_entry(offer_released_slot(slot_id=slot.pk, now=now)) for slot in slots]

    assert order == [earlier, later, missed_one]


def test_entries_of_the_same_time_have_a_fixed_order(doctor: Doctor, slot: Slot, now: datetime) -> None:
    entries = [make_entry(make_patient(), doctor, now=now) for _ in range(5)]

    assert offered_entry(offer_released_slot(slot_id=slot.pk, now=now)) == min(
        entries, key=lambda entry: entry.pk
    )


def test_a_patient_with_an_overlapping_booking_is_skipped(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime
) -> None:
    busy = make_entry(patient, doctor, now=now)
    free = make_entry(make_patient(), doctor, now=now + SECOND)
    make_booking(make_slot(make_doctor(), slot.starts_at), patient, now=now)

    assert offered_entry(offer_released_slot(slot_id=slot.pk, now=now)) == free
    assert entry_state(busy) == ("waiting", 0)


def test_a_patient_at_the_limit_without_a_later_booking_is_skipped(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime
) -> None:
    ClinicSettings.objects.update(upcoming_limit=1)
    make_entry(patient, doctor, now=now)
    free = make_entry(make_patient(), doctor, now=now + SECOND)
    make_booking(make_slot(doctor, slot.starts_at - timedelta(days=1)), patient, now=now)

    assert offered_entry(offer_released_slot(slot_id=slot.pk, now=now)) == free


def test_an_entry_whose_visit_does_not_fit_is_skipped(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime
) -> None:
    hour = VisitType.objects.create(name="An hour", duration_minutes=60)
    with_buffer = VisitType.objects.create(name="With time around it", buffer_after_minutes=30)
    make_booking(make_slot(doctor, slot.ends_at), make_patient(), now=now)
    make_entry(patient, doctor, now=now, visit_type=hour)
    make_entry(make_patient(), doctor, now=now + SECOND, visit_type=with_buffer)
    fitting = make_entry(make_patient(), doctor, now=now + 2 * SECOND)

    assert offered_entry(offer_released_slot(slot_id=slot.pk, now=now)) == fitting


def test_a_visit_longer_than_its_slot_is_held_as_a_whole(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime
) -> None:
    make_slot(doctor, slot.ends_at)
    hour = VisitType.objects.create(name="An hour", duration_minutes=60)
    make_entry(patient, doctor, now=now, visit_type=hour)

    offer = offer_released_slot(slot_id=slot.pk, now=now)

    assert offer is not None
    assert offer.booking.ends_at - offer.booking.starts_at == timedelta(hours=1)


def test_the_clinics_booking_notice_applies_to_offers(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=2 * 24 * 60 + 1)
    make_entry(patient, doctor, now=now)

    assert offer_released_slot(slot_id=slot.pk, now=now) is None


def test_a_patient_without_a_reachable_account_gets_no_offer(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime
) -> None:
    child = make_dependant(patient)
    for waiting_patient in (make_patient(), child):
        WaitlistEntry.objects.create(
            patient=waiting_patient,
            doctor=doctor,
            first_on=slot.starts_at,
            last_on=slot.starts_at,
            created_at=now,
        )
    User.objects.exclude(patient=patient).update(is_active=False)

    assert offered_entry(offer_released_slot(slot_id=slot.pk, now=now)).patient == child
    User.objects.update(is_active=False)
    Booking.objects.update(status="CANCELLED", cancelled_at=now)
    WaitlistOffer.objects.all().delete()
    WaitlistEntry.objects.update(status="waiting")
    assert offer_released_slot(slot_id=slot.pk, now=now) is None


# Duration of offers


@pytest.mark.parametrize(
    ("minutes_before", "minutes_open"),
    [
        # Two hours by default, but at most until an hour before the start, or half the time to the start.
        (181, 120),
        (180, 120),
        (179, 119),
        (121, 61),
        (120, 60),
        (118, 59),
        (60, 30),
        (30, 15),
        (29, None),
        (1, None),
    ],
)
def test_an_offer_ends_well_before_its_time_starts(
    doctor: Doctor, patient: Patient, now: datetime, minutes_before: int, minutes_open: int | None
) -> None:
    slot = make_slot(doctor, now + timedelta(minutes=minutes_before))
    make_entry(patient, doctor, now=now)

    offer = offer_released_slot(slot_id=slot.pk, now=now)

    assert (offer and offer.ends_at - now) == (minutes_open and timedelta(minutes=minutes_open))


def test_the_clinic_sets_how_long_an_offer_lasts(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime
) -> None:
    ClinicSettings.objects.update(offer_minutes=45)
    make_entry(patient, doctor, now=now)

    offer = offer_released_slot(slot_id=slot.pk, now=now)

    assert offer is not None
    assert offer.ends_at == now + timedelta(minutes=45)


@pytest.mark.parametrize(
    ("freed", "ends"),
    [
        ("2026-03-02T18:59:00Z", "2026-03-02T20:59:00Z"),
        ("2026-03-02T19:00:00Z", "2026-03-02T21:00:00Z"),
        ("2026-03-02T20:30:00Z", "2026-03-03T09:30:00Z"),
        ("2026-03-02T20:59:59Z", "2026-03-03T09:59:59Z"),
        ("2026-03-03T08:00:00Z", "2026-03-03T10:00:00Z"),
    ],
)
def test_quiet_hours_do_not_count_towards_an_offers_duration(
    doctor: Doctor, patient: Patient, slot: Slot, *, now: datetime, freed: str, ends: str
) -> None:
    make_entry(patient, doctor, now=now)

    offer = offer_released_slot(slot_id=slot.pk, now=datetime.fromisoformat(freed))

    assert offer is not None
    assert offer.ends_at == datetime.fromisoformat(ends)


@pytest.mark.parametrize("freed", ["2026-03-02T21:00:00Z", "2026-03-03T07:59:59Z"])
def test_in_quiet_hours_a_time_is_kept_until_the_usual_time_after_the_morning(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime, freed: str
) -> None:
    make_entry(patient, doctor, now=now)

    offer = offer_released_slot(slot_id=slot.pk, now=datetime.fromisoformat(freed))

    assert offer is not None
    assert offer.ends_at == datetime.fromisoformat("2026-03-03T10:00:00Z")
    assert list(Slot.objects.untaken(now=datetime.fromisoformat(freed))) == []


def test_a_clinic_without_quiet_hours_offers_at_night(
    doctor: Doctor, patient: Patient, slot: Slot, now: datetime
) -> None:
    ClinicSettings.objects.update(quiet_from=time(0), quiet_until=time(0))
    make_entry(patient, doctor, now=now)

    assert offer_released_slot(slot_id=slot.pk, now=now + timedelta(hours=14)) is not None
