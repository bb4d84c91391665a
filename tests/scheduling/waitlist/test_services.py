"""Putting oneself on the waiting list, and leaving it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient, Specialty
from scheduling.errors import AlreadyWaiting, VisitTypeNotOffered, WaitlistFull
from scheduling.models import VisitType, WaitlistEntry
from scheduling.waitlist.selectors import live_entries
from scheduling.waitlist.services import (
    MAX_ENTRIES,
    WaitlistRequest,
    end_past_entries,
    join_waitlist,
    leave_waitlist,
)
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput, NotFound
from tenants.models import Clinic
from tests.factories.audit import entries
from tests.factories.people import make_doctor, make_patient
from tests.factories.threads import at_once
from tests.factories.waitlist import make_entry

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def test_an_entry_says_what_is_wished(doctor: Doctor, patient: Patient, now: datetime) -> None:
    visit = VisitType.objects.create(name="Check-up")

    entry = make_entry(
        patient, doctor, now=now, first=TODAY, last=TODAY + 400 * DAY, visit_type=visit, weekdays=[4, 0, 4]
    )

    entry.refresh_from_db()
    assert (entry.patient, entry.doctor, entry.specialty, entry.visit_type) == (patient, doctor, None, visit)
    assert (entry.first_on, entry.last_on, entry.weekdays) == (TODAY, TODAY + 400 * DAY, [0, 4])
    assert (entry.status, entry.offers_missed, entry.created_at) == ("waiting", 0, now)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"first": TODAY - DAY, "last": TODAY}, "from"),
        ({"first": TODAY + DAY, "last": TODAY}, "to"),
        # 2 March 2026 is a Monday.
        ({"first": TODAY, "last": TODAY + DAY, "weekdays": [2, 3, 4, 5, 6]}, "weekdays"),
        ({"first": TODAY, "last": TODAY + DAY, "weekdays": []}, "weekdays"),
    ],
)
def test_what_can_never_be_is_refused(
    doctor: Doctor, patient: Patient, now: datetime, wish: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_entry(patient, doctor, now=now, **wish)

    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    "wish",
    [
        {"first": TODAY, "last": TODAY},
        {"first": TODAY, "last": TODAY + DAY, "weekdays": [1]},
        {"first": TODAY + 999 * DAY, "last": TODAY + 999 * DAY},
    ],
)
def test_what_can_be_is_not(doctor: Doctor, patient: Patient, now: datetime, wish: dict[str, Any]) -> None:
    assert make_entry(patient, doctor, now=now, **wish).status == "waiting"


def test_today_is_the_clinics_own(doctor: Doctor, patient: Patient) -> None:
    # In London it is 2 June already.
    late = datetime.fromisoformat("2026-06-01T23:00:00Z")

    with pytest.raises(InvalidInput):
        make_entry(patient, doctor, now=late, first=date(2026, 6, 1), last=date(2026, 6, 5))


def test_one_waits_with_a_doctor_or_in_a_specialty(doctor: Doctor, patient: Patient, now: datetime) -> None:
    specialty = Specialty.objects.get(code="audiology")

    with pytest.raises(InvalidInput):
        make_entry(patient, now=now)
    with pytest.raises(InvalidInput):
        make_entry(patient, doctor, specialty=specialty, now=now)
    assert make_entry(patient, specialty=specialty, now=now).specialty == specialty


def test_a_visit_must_be_one_that_the_doctor_offers_and_the_patient_may_book(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    elsewhere = VisitType.objects.create(name="Elsewhere")
    elsewhere.doctors.add(make_doctor())
    of_staff = VisitType.objects.create(name="Of staff", who_may_book="staff")

    for visit in (elsewhere, of_staff):
        with pytest.raises(VisitTypeNotOffered):
            make_entry(patient, doctor, now=now, visit_type=visit)


def test_who_waits_for_the_same_already_is_told(doctor: Doctor, patient: Patient, now: datetime) -> None:
    entry = make_entry(patient, doctor, now=now, weekdays=[0, 1])

    with pytest.raises(AlreadyWaiting):
        make_entry(patient, doctor, now=now, weekdays=[1, 0])
    make_entry(patient, doctor, now=now, weekdays=[0])
    make_entry(make_patient(), doctor, now=now, weekdays=[0, 1])

    assert patient.user is not None
    leave_waitlist(entry=entry, by=patient.user, now=now)
    make_entry(patient, doctor, now=now, weekdays=[0, 1])


def test_one_patient_waits_for_ten_things_at_most(doctor: Doctor, patient: Patient, now: datetime) -> None:
    made = [make_entry(patient, doctor, now=now, last=TODAY + n * DAY) for n in range(1, MAX_ENTRIES + 1)]

    with pytest.raises(WaitlistFull):
        make_entry(patient, doctor, now=now, last=TODAY + 99 * DAY)
    WaitlistEntry.objects.filter(pk=made[0].pk).update(status="booked")
    make_entry(patient, doctor, now=now, last=TODAY + 99 * DAY)

    assert WaitlistEntry.objects.live(today=TODAY).count() == MAX_ENTRIES


def test_of_any_number_who_join_at_once_none_is_one_too_many(committed_clinic: Clinic, now: datetime) -> None:
    doctor, patient = make_doctor(), make_patient()

    def join(days: int) -> Callable[[], object]:
        return lambda: make_entry(patient, doctor, now=now, last=TODAY + days * DAY)

    same = at_once(committed_clinic, *[join(1)] * 4)
    others = at_once(committed_clinic, *[join(days) for days in range(2, 14)])

    assert sum(isinstance(each, AlreadyWaiting) for each in same) == 3
    assert sum(isinstance(each, WaitlistFull) for each in others) == 3
    assert WaitlistEntry.objects.count() == MAX_ENTRIES


def test_a_patient_whose_data_is_erased_waits_for_nothing(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    Patient.objects.update(erased_at=now)

    with pytest.raises(NotFound):
        make_entry(patient, doctor, now=now)


def test_one_leaves_once(doctor: Doctor, patient: Patient, now: datetime) -> None:
    entry = make_entry(patient, doctor, now=now)
    assert patient.user is not None

    leave_waitlist(entry=entry, by=patient.user, now=now)
    with pytest.raises(NotFound):
        leave_waitlist(entry=entry, by=patient.user, now=now)

    entry.refresh_from_db()
    assert (entry.status, entries()) == ("ended", [])


def test_what_staff_do_is_in_the_log(doctor: Doctor, patient: Patient, admin: User, now: datetime) -> None:
    wish = WaitlistRequest(first=TODAY, last=TODAY, doctor=doctor)
    entry = join_waitlist(patient=patient, by=admin, request=wish, now=now)
    leave_waitlist(entry=entry, by=admin, now=now)

    about = [("scheduling.waitlistentry", str(entry.pk)), ("clinics.patient", str(patient.pk))]
    assert entries() == [(what, *each) for what in ("added", "removed") for each in about]


@pytest.mark.parametrize(("days", "status"), [(0, "waiting"), (1, "ended")])
def test_when_the_last_day_is_over_so_is_the_wait(
    doctor: Doctor, patient: Patient, now: datetime, days: int, status: str
) -> None:
    entry = make_entry(patient, doctor, now=now, last=TODAY)

    end_past_entries(now=now + days * DAY)

    entry.refresh_from_db()
    assert (entry.status, live_entries(now=now + days * DAY).count()) == (status, 1 - days)


def places(now: datetime) -> dict[Any, tuple[int, int]]:
    """Where each stands, and among how many."""
    return {entry.pk: (entry.position, entry.waiting) for entry in live_entries(now=now)}  # type: ignore[attr-defined]


def test_each_sees_their_place_among_those_who_wait_for_the_same_times(clinic: Clinic, now: datetime) -> None:
    hearing, eyes = (make_doctor(specialties=[code]) for code in ("audiology", "optometry"))
    missed = make_entry(make_patient(), hearing, now=now)
    specialty = make_entry(
        make_patient(), specialty=hearing.specialties.get(), now=now + timedelta(minutes=1)
    )
    later = make_entry(make_patient(), hearing, now=now + timedelta(minutes=2))
    other = make_entry(make_patient(), eyes, now=now)
    WaitlistEntry.objects.filter(pk=missed.pk).update(offers_missed=1)
    WaitlistEntry.objects.filter(pk=later.pk).update(status="offered")

    assert places(now) == {missed.pk: (3, 3), specialty.pk: (1, 3), later.pk: (2, 3), other.pk: (1, 1)}


def test_nobody_stands_behind_another_wish_of_their_own(clinic: Clinic, now: datetime) -> None:
    hearing = make_doctor(specialties=["audiology"])
    specialty = hearing.specialties.get()
    first, behind = (
        {
            make_entry(who, hearing, now=since).pk,
            make_entry(who, specialty=specialty, now=since).pk,
        }
        for who, since in ((make_patient(), now), (make_patient(), now + DAY))
    )

    assert places(now) == dict.fromkeys(first, (1, 2)) | dict.fromkeys(behind, (2, 2))


def test_those_who_left_or_whose_days_are_over_are_not_counted(doctor: Doctor, now: datetime) -> None:
    first, second = (make_entry(make_patient(), doctor, now=now, last=TODAY) for _ in range(2))
    third = make_entry(make_patient(), doctor, now=now + timedelta(minutes=1))
    WaitlistEntry.objects.filter(pk=first.pk).update(status="booked")

    assert places(now)[third.pk] == (2, 2)
    assert places(now + DAY) == {third.pk: (1, 1)}
    assert second.pk in places(now)
