"""A patient's own hold is never in the patient's way: not in a limit, and not from another tab or device."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings import hold as hold_service
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import confirm_hold, hold_slot
from scheduling.bookings.release_holds import expire_hold
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.errors import LimitReached
from scheduling.explain.rules import explanation
from scheduling.models import Booking, Slot
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.queue import queued_job_kinds
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_visit_type

AsUser = Callable[..., ClinicClient]
API = "/api/appointments"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DOCTOR_LIMITS = ["day_limit", "day_limit_minutes", "week_limit", "week_limit_minutes"]


def hold(slot: Slot, patient: Patient, *, now: datetime) -> Booking:
    return hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)


def limit_to_one_visit(doctor: Doctor, limit: str) -> None:
    """Let the doctor have one visit of half an hour."""
    setattr(doctor, limit, 30 if "minutes" in limit else 1)
    doctor.save(update_fields=[limit])


@pytest.mark.parametrize("limit", DOCTOR_LIMITS)
def test_a_patient_who_holds_a_time_can_book_another_with_a_doctor_who_takes_one(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime, limit: str
) -> None:
    """I45: the hold fills the doctor's limit, so it is released for the booking."""
    limit_to_one_visit(doctor, limit)
    first, second, third = (make_slot(doctor, now + n * HOUR) for n in (1, 2, 3))
    held = hold(first, patient, now=now)
    explained = explanation(doctor, second.starts_at, visit_type=None, patient=patient, now=now)

    booked = as_user(patient.user).post(f"{API}/bookings/", {"slot": str(second.pk)})
    of_another = as_user(make_patient().user).post(f"{API}/bookings/", {"slot": str(third.pk)})

    assert explained.is_open
    assert (booked.status_code, of_another.status_code) == (201, 422)
    assert Booking.objects.get(pk=held.pk).status == "CANCELLED"


def test_a_hold_that_does_not_fill_a_limit_is_not_released(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(day_limit=2)
    held = hold(make_slot(doctor, now + HOUR), patient, now=now)

    make_booking(make_slot(doctor, now + 2 * HOUR), patient, now=now)

    assert Booking.objects.get(pk=held.pk).status == "HELD"


def test_a_hold_of_another_patient_fills_a_limit(doctor: Doctor, patient: Patient, now: datetime) -> None:
    limit_to_one_visit(doctor, "day_limit")
    held = hold(make_slot(doctor, now + HOUR), make_patient(), now=now)
    slot = make_slot(doctor, now + 2 * HOUR)
    explained = explanation(doctor, slot.starts_at, visit_type=None, patient=patient, now=now)

    with pytest.raises(LimitReached):
        make_booking(slot, patient, now=now)

    assert [reason.rule for reason in explained.reasons] == ["limit"]
    assert Booking.objects.get(pk=held.pk).status == "HELD"


@pytest.mark.parametrize("limit", DOCTOR_LIMITS)
def test_a_patients_hold_does_not_keep_them_from_moving_a_booking_to_that_day(
    doctor: Doctor, patient: Patient, now: datetime, limit: str
) -> None:
    other = make_doctor()
    booking = make_booking(make_slot(other, now + HOUR), patient, now=now)
    limit_to_one_visit(doctor, limit)
    hold(make_slot(doctor, now + 2 * HOUR), patient, now=now)
    slot = make_slot(doctor, now + 3 * HOUR)

    moved = reschedule_booking(booking=booking, slot_id=slot.pk, by=user_of(patient), now=now)

    assert moved.slot == slot


def test_a_patient_with_one_upcoming_appointment_at_most_can_hold_another_time_instead(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    """I45b."""
    ClinicSettings.objects.update(upcoming_limit=1)
    client, slots = as_user(patient.user), [make_slot(doctor, now + n * HOUR) for n in (1, 2)]

    answers = [client.post(f"{API}/holds/", {"slot": str(slot.pk)}) for slot in slots]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_a_patients_own_hold_is_not_explained_as_their_limit(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    ClinicSettings.objects.update(upcoming_limit=1)
    hold(make_slot(doctor, now + HOUR), patient, now=now)
    slot = make_slot(doctor, now + 2 * HOUR)

    assert explanation(doctor, slot.starts_at, visit_type=None, patient=patient, now=now).is_open


def test_a_second_tab_continues_the_hold_of_the_first(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    client, body = as_user(patient.user), {"slot": str(make_slot(doctor, now + HOUR).pk)}

    first, second = (client.post(f"{API}/holds/", body) for _tab in range(2))
    confirmed = client.post(f"{API}/bookings/", {"hold": data_of(first)["id"]})

    assert [answer.status_code for answer in (first, second, confirmed)] == [201, 201, 201]
    assert data_of(first) == data_of(second)
    assert Booking.objects.get().events.filter(kind="held").count() == 1


def test_a_continued_hold_ends_as_late_as_a_new_one(doctor: Doctor, patient: Patient, now: datetime) -> None:
    slot = make_slot(doctor, now + HOUR)
    first = hold(slot, patient, now=now)

    second = hold(slot, patient, now=now + 5 * MINUTE)

    assert (second.pk, second.held_until) == (first.pk, now + 15 * MINUTE)
    assert queued_job_kinds(row_id=first.pk) == ["hold", "hold"]
    assert expire_hold(booking_id=first.pk, now=now + 10 * MINUTE) is None
    assert expire_hold(booking_id=first.pk, now=now + 15 * MINUTE) == first


def test_a_hold_for_another_visit_type_replaces_the_hold(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot, visit = make_slot(doctor, now + HOUR), make_visit_type()
    first = hold(slot, patient, now=now)

    second = hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)

    assert second.pk != first.pk
    assert Booking.objects.get(pk=first.pk).status == "CANCELLED"


@pytest.mark.parametrize("locked", [True, False])
def test_two_tabs_that_hold_a_slot_at_once_get_the_same_hold(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """As a control, the tabs do not look for a hold: then each makes a hold of its own, or is refused."""
    patient, slot = make_patient(), make_slot(make_doctor(), now + HOUR)
    if not locked:
        monkeypatch.setattr(hold_service, "_same_hold", lambda *_a, **_k: None)

    outcomes = run_concurrently(
        committed_clinic, *(partial(hold, slot, patient, now=now) for _tab in range(6))
    )

    holds = {outcome.pk for outcome in outcomes if isinstance(outcome, Booking)}
    assert (len(holds) == 1 and len(outcomes) == 6) is locked


def test_a_booking_with_a_hold_in_another_tab_ends_that_hold(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    held = hold(slot, patient, now=now)

    booked = as_user(patient.user).post(f"{API}/bookings/", {"slot": str(slot.pk)})

    assert booked.status_code == HTTPStatus.CREATED
    assert Booking.objects.get(pk=held.pk).status == "CANCELLED"


def test_a_hold_counted_when_it_was_made_is_confirmed_although_the_day_is_full(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(day_limit=2)
    held = hold(make_slot(doctor, now + HOUR), patient, now=now)
    other = make_patient()
    book_slot(slot_id=make_slot(doctor, now + 2 * HOUR).pk, patient=other, by=user_of(other), now=now)

    confirmed = confirm_hold(hold_id=held.pk, patient=patient, by=user_of(patient), now=now)

    assert confirmed.status == "CONFIRMED"
