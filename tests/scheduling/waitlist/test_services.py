"""Joining and leaving the waiting list."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient, Specialty
from scheduling.errors import AlreadyWaiting, VisitTypeNotOffered, WaitlistFull
from scheduling.models import VisitType, WaitlistEntry
from scheduling.waitlist.join_checks import WaitlistRequest
from scheduling.waitlist.selectors import live_entries
from scheduling.waitlist.services import (
    MAX_ENTRIES,
    end_past_entries,
    join_waitlist,
    leave_waitlist,
)
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput, NotFound
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.people import make_doctor, make_patient
from tests.factories.threads import run_concurrently
from tests.factories.waitlist import make_entry

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def test_an_entry_stores_the_request(doctor: Doctor, patient: Patient, now: datetime) -> None:
    visit = VisitType.objects.create(name="Check-up")

    entry = make_entry(
        patient, doctor, now=now, first=TODAY, last=TODAY + 400 * DAY, visit_type=visit, weekdays=[4, 0, 4]
    )

    entry.refresh_from_db()
    assert (entry.patient, entry.doctor, entry.specialty, entry.visit_type) == (patient, doctor, None, visit)
    assert (entry.first_on, entry.last_on, entry.weekdays) == (TODAY, TODAY + 400 * DAY, [0, 4])
    assert (entry.status, entry.offers_missed, entry.created_at) == ("waiting", 0, now)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"first": TODAY - DAY, "last": TODAY}, "from"),
        ({"first": TODAY + DAY, "last": TODAY}, "to"),
        # 2 March 2026 is a Monday.
        ({"first": TODAY, "last": TODAY + DAY, "weekdays": [2, 3, 4, 5, 6]}, "weekdays"),
        ({"first": TODAY, "last": TODAY + DAY, "weekdays": []}, "weekdays"),
    ],
)
def test_an_impossible_request_is_refused(
    doctor: Doctor, patient: Patient, now: datetime, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_entry(patient, doctor, now=now, **values)

    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    "values",
    [
        {"first": TODAY, "last": TODAY},
        {"first": TODAY, "last": TODAY + DAY, "weekdays": [1]},
        {"first": TODAY + 999 * DAY, "last": TODAY + 999 * DAY},
    ],
)
def test_a_possible_request_is_accepted(
    doctor: Doctor, patient: Patient, now: datetime, values: dict[str, Any]
) -> None:
    assert make_entry(patient, doctor, now=now, **values).status == "waiting"


def test_today_is_in_the_clinics_time_zone(doctor: Doctor, patient: Patient) -> None:
    # In London it is already 2 June.
    now = datetime.fromisoformat("2026-06-01T23:00:00Z")

    with pytest.raises(InvalidInput):
        make_entry(patient, doctor, now=now, first=date(2026, 6, 1), last=date(2026, 6, 5))


def test_an_entry_is_for_a_doctor_or_a_specialty(doctor: Doctor, patient: Patient, now: datetime) -> None:
    specialty = Specialty.objects.get(code="audiology")
    make_doctor(specialties=["audiology"])

    with pytest.raises(InvalidInput):
        make_entry(patient, now=now)
    with pytest.raises(InvalidInput):
        make_entry(patient, doctor, specialty=specialty, now=now)
    assert make_entry(patient, specialty=specialty, now=now).specialty == specialty


def test_the_visit_type_must_be_offered_by_the_doctor_and_bookable_by_the_patient(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    of_other_doctor = VisitType.objects.create(name="Elsewhere")
    of_other_doctor.doctors.add(make_doctor())
    staff_only = VisitType.objects.create(name="Of staff", who_may_book="staff")

    for visit in (of_other_doctor, staff_only):
        with pytest.raises(VisitTypeNotOffered):
            make_entry(patient, doctor, now=now, visit_type=visit)


def test_a_duplicate_entry_is_refused(doctor: Doctor, patient: Patient, now: datetime) -> None:
    entry = make_entry(patient, doctor, now=now, weekdays=[0, 1])

    with pytest.raises(AlreadyWaiting):
        make_entry(patient, doctor, now=now, weekdays=[1, 0])
    make_entry(patient, doctor, now=now, weekdays=[0])
    make_entry(make_patient(), doctor, now=now, weekdays=[0, 1])

    assert patient.user is not None
    leave_waitlist(entry=entry, by=patient.user, now=now)
    make_entry(patient, doctor, now=now, weekdays=[0, 1])


def test_a_patient_has_a_limited_number_of_entries(doctor: Doctor, patient: Patient, now: datetime) -> None:
    entries_of_patient = [
        make_entry(patient, doctor, now=now, last=TODAY + n * DAY) for n in range(1, MAX_ENTRIES + 1)
    ]

    with pytest.raises(WaitlistFull):
        make_entry(patient, doctor, now=now, last=TODAY + 99 * DAY)
    WaitlistEntry.objects.filter(pk=entries_of_patient[0].pk).update(status="booked")
    make_entry(patient, doctor, now=now, last=TODAY + 99 * DAY)

    assert WaitlistEntry.objects.live(today=TODAY).count() == MAX_ENTRIES


def test_concurrent_requests_do_not_exceed_the_limit(committed_clinic: Clinic, now: datetime) -> None:
    doctor, patient = make_doctor(), make_patient()

    def join(days: int) -> Callable[[], object]:
        return lambda: make_entry(patient, doctor, now=now, last=TODAY + days * DAY)

    duplicate_results = run_concurrently(committed_clinic, *[join(1)] * 4)
    other_results = run_concurrently(committed_clinic, *[join(days) for days in range(2, 14)])

    assert sum(isinstance(each, AlreadyWaiting) for each in duplicate_results) == 3
    assert sum(isinstance(each, WaitlistFull) for each in other_results) == 3
    assert WaitlistEntry.objects.count() == MAX_ENTRIES


def test_a_patient_whose_data_is_erased_cannot_join(doctor: Doctor, patient: Patient, now: datetime) -> None:
    Patient.objects.update(erased_at=now)

    with pytest.raises(NotFound):
        make_entry(patient, doctor, now=now)


def test_an_entry_can_be_left_once(doctor: Doctor, patient: Patient, now: datetime) -> None:
    entry = make_entry(patient, doctor, now=now)
    assert patient.user is not None

    leave_waitlist(entry=entry, by=patient.user, now=now)
    with pytest.raises(NotFound):
        leave_waitlist(entry=entry, by=patient.user, now=now)

    entry.refresh_from_db()
    assert (entry.status, audit_entries()) == ("ended", [])


def test_changes_by_staff_are_audited(doctor: Doctor, patient: Patient, admin: User, now: datetime) -> None:
    request = WaitlistRequest(first=TODAY, last=TODAY, doctor=doctor)
    entry = join_waitlist(patient=patient, by=admin, request=request, now=now)
    leave_waitlist(entry=entry, by=admin, now=now)

    rows = [("scheduling.waitlistentry", str(entry.pk)), ("clinics.patient", str(patient.pk))]
    assert audit_entries() == [(action, *each) for action in ("added", "removed") for each in rows]


@pytest.mark.parametrize(("days", "status"), [(0, "waiting"), (1, "ended")])
def test_an_entry_ends_after_its_last_day(
    doctor: Doctor, patient: Patient, now: datetime, days: int, status: str
) -> None:
    entry = make_entry(patient, doctor, now=now, last=TODAY)

    end_past_entries(now=now + days * DAY)

    entry.refresh_from_db()
    assert (entry.status, live_entries(now=now + days * DAY).count()) == (status, 1 - days)


def positions(now: datetime) -> dict[Any, tuple[int, int]]:
    """Return position and number of waiting entries for each entry."""
    return {entry.pk: (entry.position, entry.waiting) for entry in live_entries(now=now)}  # type: ignore[attr-defined]


def test_positions_count_all_entries_for_the_same_times(clinic: Clinic, now: datetime) -> None:
    hearing_doctor, eye_doctor = (make_doctor(specialties=[code]) for code in ("audiology", "optometry"))
    missed = make_entry(make_patient(), hearing_doctor, now=now)
    specialty = make_entry(
        make_patient(), specialty=hearing_doctor.specialties.get(), now=now + timedelta(minutes=1)
    )
    later = make_entry(make_patient(), hearing_doctor, now=now + timedelta(minutes=2))
    other = make_entry(make_patient(), eye_doctor, now=now)
    WaitlistEntry.objects.filter(pk=missed.pk).update(offers_missed=1)
    WaitlistEntry.objects.filter(pk=later.pk).update(status="offered")

    assert positions(now) == {missed.pk: (3, 3), specialty.pk: (1, 3), later.pk: (2, 3), other.pk: (1, 1)}


def test_a_patients_own_entries_do_not_count_before_each_other(clinic: Clinic, now: datetime) -> None:
    hearing_doctor = make_doctor(specialties=["audiology"])
    specialty = hearing_doctor.specialties.get()
    first, second = (
        {
            make_entry(waiting_patient, hearing_doctor, now=since).pk,
            make_entry(waiting_patient, specialty=specialty, now=since).pk,
        }
        for waiting_patient, since in ((make_patient(), now), (make_patient(), now + DAY))
    )

    assert positions(now) == dict.fromkeys(first, (1, 2)) | dict.fromkeys(second, (2, 2))


def test_ended_and_past_entries_are_not_counted(doctor: Doctor, now: datetime) -> None:
    first, second = (make_entry(make_patient(), doctor, now=now, last=TODAY) for _ in range(2))
    third = make_entry(make_patient(), doctor, now=now + timedelta(minutes=1))
    WaitlistEntry.objects.filter(pk=first.pk).update(status="booked")

    assert positions(now)[third.pk] == (2, 2)
    assert positions(now + DAY) == {third.pk: (1, 1)}
    assert second.pk in positions(now)
