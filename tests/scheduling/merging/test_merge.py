"""Merging two records of one patient: what moves, what is refused, and undoing it within a day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from clinics.models import Care, Doctor, Patient, PatientMerge
from notifications.services.personal_data import export_my_data
from scheduling.account_closure import erase_patient
from scheduling.bookings.attendance import mark_no_show
from scheduling.bookings.book import book_slot
from scheduling.bookings.undo import undo_step
from scheduling.merging import merge as merge_module
from scheduling.merging.errors import (
    AlreadyMerged,
    AppointmentsOverlap,
    MergeOver,
    OtherHasAccount,
    SamePatient,
    StaffAccount,
    TwoAccounts,
)
from scheduling.merging.merge import merge_patients
from scheduling.merging.selectors import preview_merge
from scheduling.merging.undo import forget_old_merges, undo_merge
from scheduling.models import Booking, WaitlistEntry
from scheduling.patients.access_log import open_patient
from scheduling.waitlist.join_checks import WaitlistRequest
from scheduling.waitlist.services import join_waitlist
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.sessions.services import start_session
from tenants.base.errors import DomainError, NotFound
from tenants.models import Clinic
from tests.factories.people import (
    make_admin,
    make_dependant,
    make_doctor,
    make_patient,
    make_receptionist,
    user_of,
)
from tests.factories.schedule import make_slot
from tests.factories.threads import run_concurrently


def registered(**fields: object) -> Patient:
    """A patient whom the front desk registered: without an account."""
    values = {"first_name": "Pat", "last_name": "Double", **fields}
    return Patient.objects.create(**values)


def booked(doctor: Doctor, patient: Patient, *, at: datetime, now: datetime) -> Booking:
    """A booking of the patient, 30 minutes from `at`."""
    slot = make_slot(doctor, at)
    return book_slot(slot_id=slot.pk, patient=patient, by=patient.user or make_receptionist(), now=now)


def states_of(*patients: Patient) -> list[object]:
    """All that a merge may change about the patients."""
    keys = [patient.pk for patient in patients]
    names = [field.attname for field in Patient._meta.concrete_fields if field.name != "updated_at"]
    return [
        list(Patient.objects.filter(pk__in=keys).order_by("pk").values(*names)),
        list(Booking.objects.order_by("pk").values_list("pk", "patient")),
        list(WaitlistEntry.objects.order_by("pk").values_list("pk", "patient")),
        list(Care.objects.order_by("pk").values_list("pk", "carer", "dependant", "created_at")),
        list(User.objects.order_by("pk").values_list("pk", "is_active", "role", "email")),
    ]


@pytest.fixture
def receptionist(clinic: Clinic) -> User:
    """The receptionist who merges."""
    return make_receptionist()


def test_everything_moves_to_the_surviving_record_and_back(
    doctor: Doctor, receptionist: User, now: datetime
) -> None:
    survivor, merged = make_patient(), make_patient(phone="+442079460111")
    Patient.objects.filter(pk=survivor.pk).update(allergies="Penicillin")
    Patient.objects.filter(pk=merged.pk).update(allergies="Latex", date_of_birth=date(1980, 2, 3))
    child, shared = make_dependant(merged), make_dependant(merged)
    Care.objects.create(carer=survivor, dependant=shared)
    bookings = [booked(doctor, merged, at=now + timedelta(days=days), now=now) for days in (1, 2)]
    request = WaitlistRequest(first=now.date(), last=now.date() + timedelta(days=9), doctor=doctor)
    entry = join_waitlist(patient=merged, by=receptionist, request=request, now=now)
    start_session(user=user_of(merged), now=now)
    before = states_of(survivor, merged, child, shared)

    merge_patients(
        survivor_id=survivor.pk, merged_id=merged.pk, closes_account=True, by=receptionist, now=now
    )

    survivor.refresh_from_db()
    assert (survivor.phone, survivor.date_of_birth) == ("+442079460111", date(1980, 2, 3))
    assert survivor.allergies == "Penicillin\nLatex"
    assert {booking.patient_id for booking in Booking.objects.all()} == {survivor.pk}
    assert WaitlistEntry.objects.get(pk=entry.pk).patient_id == survivor.pk
    assert set(Patient.objects.of_user(user_of(survivor))) == {survivor, child, shared}
    assert not user_of(merged).sessions.exists()
    assert not User.objects.get(pk=user_of(merged).pk).is_active
    assert open_patient(patient_id=merged.pk, by=receptionist) == survivor

    undo_merge(survivor_id=survivor.pk, by=receptionist, now=now + timedelta(hours=23))

    assert states_of(survivor, merged, child, shared) == before
    assert {booking.patient_id for booking in Booking.objects.filter(pk__in=[b.pk for b in bookings])} == {
        merged.pk
    }
    for record in (survivor, merged):
        log = AuditEntry.objects.filter(record_id=str(record.pk), by=receptionist)
        assert [what for what in log.order_by("id").values_list("what", flat=True) if "merge" in what] == [
            "merged",
            "merge_undone",
        ]


def test_later_bookings_remain_with_the_surviving_record(
    doctor: Doctor, receptionist: User, now: datetime
) -> None:
    survivor, merged = make_patient(), registered(address="3 Old Street", insurance_number="77")
    merge_patients(survivor_id=survivor.pk, merged_id=merged.pk, by=receptionist, now=now)
    later = booked(doctor, survivor, at=now + timedelta(days=1), now=now)
    Patient.objects.filter(pk=survivor.pk).update(address="5 New Street")

    undo_merge(survivor_id=survivor.pk, by=receptionist, now=now + timedelta(hours=1))

    survivor.refresh_from_db()
    later.refresh_from_db()
    assert (later.patient_id, survivor.address, survivor.insurance_number) == (
        survivor.pk,
        "5 New Street",
        "",
    )


def test_a_chosen_field_comes_from_the_merged_record(receptionist: User, now: datetime) -> None:
    survivor = registered(last_name="Kept", phone="+442079460101", address="1 Kept Road")
    merged = registered(last_name="Merged", phone="+442079460102", address="2 Merged Road")

    merge_patients(
        survivor_id=survivor.pk, merged_id=merged.pk, from_merged=["phone"], by=receptionist, now=now
    )

    survivor.refresh_from_db()
    assert (survivor.last_name, survivor.phone, survivor.address) == ("Kept", "+442079460102", "1 Kept Road")


def test_carers_of_the_merged_record_never_come_to_see_somebody_who_signs_in(
    receptionist: User, now: datetime
) -> None:
    carer, signs_in, child = make_patient(), make_patient(), registered()
    own, other = make_dependant(carer), make_dependant(carer)

    merge_patients(survivor_id=signs_in.pk, merged_id=own.pk, by=receptionist, now=now)
    merge_patients(survivor_id=child.pk, merged_id=other.pk, by=receptionist, now=now)

    assert set(Patient.objects.of_user(user_of(carer))) == {carer, child}
    undo_merge(survivor_id=signs_in.pk, by=receptionist, now=now)
    undo_merge(survivor_id=child.pk, by=receptionist, now=now)
    assert set(Patient.objects.of_user(user_of(carer))) == {carer, own, other}


def test_accounts_that_a_merge_would_lose_are_refused(receptionist: User, now: datetime) -> None:
    with_account, other, without = make_patient(), make_patient(), registered()
    staff = Patient.objects.create(user=make_admin(), first_name="Kim", last_name="Staff")
    merge = partial(merge_patients, survivor_id=with_account.pk, by=receptionist, now=now)

    with pytest.raises(OtherHasAccount):
        merge_patients(survivor_id=without.pk, merged_id=other.pk, by=receptionist, now=now)
    with pytest.raises(TwoAccounts):
        merge(merged_id=other.pk)
    with pytest.raises(StaffAccount):
        merge(merged_id=staff.pk, closes_account=True)
    with pytest.raises(SamePatient):
        merge(merged_id=with_account.pk)

    assert not PatientMerge.objects.exists()
    assert User.objects.filter(is_active=False).count() == 0


def test_appointments_at_the_same_time_are_refused_and_both_named(
    doctor: Doctor, receptionist: User, now: datetime
) -> None:
    survivor, merged = make_patient(), registered()
    at = now + timedelta(days=1)
    mine = booked(doctor, survivor, at=at, now=now)
    theirs = booked(make_doctor(), merged, at=at + timedelta(minutes=29), now=now)

    with pytest.raises(AppointmentsOverlap) as refused:
        merge_patients(survivor_id=survivor.pk, merged_id=merged.pk, by=receptionist, now=now)

    assert refused.value.data["pairs"] == [(mine, theirs)]
    theirs.refresh_from_db()
    merged.refresh_from_db()
    assert (theirs.patient_id, merged.merged_into_id) == (merged.pk, None)


def test_past_visits_at_the_same_time_do_not_prevent_a_merge(
    doctor: Doctor, receptionist: User, now: datetime
) -> None:
    """Nobody can decide any more which one takes place. A visit that has not ended can still be moved."""
    survivor, merged, at = make_patient(), registered(), now + timedelta(days=1)
    mine = booked(doctor, survivor, at=at, now=now)
    theirs = booked(make_doctor(), merged, at=at + timedelta(minutes=15), now=now)
    ended = at + timedelta(minutes=30)
    before = states_of(survivor, merged)
    merge = partial(merge_patients, survivor_id=survivor.pk, merged_id=merged.pk, by=receptionist)

    with pytest.raises(AppointmentsOverlap):
        merge(now=ended - timedelta(seconds=1))
    assert preview_merge(survivor=survivor, merged=merged, now=ended).overlapping == []
    merge(now=ended)

    overlaps = Booking.objects.order_by("starts_at").values_list("pk", "patient", "past_overlap")
    assert list(overlaps) == [(mine.pk, survivor.pk, True), (theirs.pk, survivor.pk, False)]
    undo_merge(survivor_id=survivor.pk, by=receptionist, now=ended)
    assert states_of(survivor, merged) == before
    assert not Booking.objects.filter(past_overlap=True).exists()


def test_a_no_show_that_overlaps_after_a_merge_can_be_undone(
    doctor: Doctor, receptionist: User, now: datetime
) -> None:
    survivor, merged, at = make_patient(), registered(), now + timedelta(days=1)
    missed = booked(doctor, survivor, at=at, now=now)
    booked(make_doctor(), merged, at=at, now=now)
    ended = at + timedelta(hours=1)
    missed = mark_no_show(booking=missed, by=receptionist, now=ended)
    merge_patients(survivor_id=survivor.pk, merged_id=merged.pk, by=receptionist, now=ended)

    undone = undo_step(booking=missed, status=missed.status, by=receptionist, now=ended)

    assert undone.status == Booking.Status.CONFIRMED


def test_an_erased_or_merged_record_is_not_merged(receptionist: User, now: datetime) -> None:
    survivor, erased, merged = registered(), registered(), registered()
    erase_patient(patient=erased, by=make_admin(), now=now)
    merge_patients(survivor_id=survivor.pk, merged_id=merged.pk, by=receptionist, now=now)

    for other, error in ((erased, NotFound), (merged, AlreadyMerged)):
        with pytest.raises(error):
            merge_patients(survivor_id=survivor.pk, merged_id=other.pk, by=receptionist, now=now)


def test_a_merge_is_undone_once_and_within_a_day(receptionist: User, now: datetime) -> None:
    survivor, merged = registered(), registered(address="3 Old Street")
    merge_patients(survivor_id=survivor.pk, merged_id=merged.pk, by=receptionist, now=now)
    day = timedelta(days=1)

    forget_old_merges(now=now + day - timedelta(seconds=1))
    with pytest.raises(MergeOver):
        undo_merge(survivor_id=survivor.pk, by=receptionist, now=now + day)
    undo_merge(survivor_id=survivor.pk, by=receptionist, now=now + day - timedelta(seconds=1))
    with pytest.raises(MergeOver):
        undo_merge(survivor_id=survivor.pk, by=receptionist, now=now + day - timedelta(seconds=1))

    merge_patients(survivor_id=survivor.pk, merged_id=merged.pk, by=receptionist, now=now)
    forget_old_merges(now=now + day)
    assert [merge.moved for merge in PatientMerge.objects.all()] == [{}, {}]


def test_the_export_of_the_surviving_record_contains_both(
    doctor: Doctor, receptionist: User, now: datetime
) -> None:
    survivor, merged = make_patient(), registered()
    both = [booked(doctor, survivor, at=now + timedelta(days=1), now=now)]
    both += [booked(doctor, merged, at=now + timedelta(days=2), now=now)]

    merge_patients(survivor_id=survivor.pk, merged_id=merged.pk, by=receptionist, now=now)

    assert list(export_my_data(user=user_of(survivor), now=now).bookings) == both


def test_erasing_the_surviving_record_erases_the_merged_one_too(receptionist: User, now: datetime) -> None:
    survivor, merged = make_patient(), make_patient(first_name="Quentin")
    merge_patients(
        survivor_id=survivor.pk, merged_id=merged.pk, closes_account=True, by=receptionist, now=now
    )

    erase_patient(patient=survivor, by=make_admin(), now=now)

    merged.refresh_from_db()
    assert (merged.first_name, user_of(merged).first_name, PatientMerge.objects.get().moved) == ("", "", {})


@contextmanager
def without_lock() -> Iterator[None]:
    """Let merges read the records without a lock: the control of the race."""

    def read(survivor_id: object, merged_id: object) -> tuple[Patient, Patient]:
        rows = Patient.objects.select_related("user").in_bulk([survivor_id, merged_id])
        if any(row.merged_into_id for row in rows.values()):
            raise AlreadyMerged
        return rows[survivor_id], rows[merged_id]

    locked, merge_module._lock = merge_module._lock, read
    try:
        yield
    finally:
        merge_module._lock = locked


def merges_in_both_directions(clinic: Clinic, *, by: User, now: datetime) -> list[str]:
    """Merge two records into each other at the same moment. Return the results."""
    one, two = registered(), registered()

    def merging(survivor: Patient, merged: Patient) -> Callable[[], str]:
        def run() -> str:
            try:
                merge_patients(survivor_id=survivor.pk, merged_id=merged.pk, by=by, now=now)
            except DomainError as error:
                return error.code
            return "merged"

        return run

    return sorted(str(result) for result in run_concurrently(clinic, merging(one, two), merging(two, one)))


def test_of_two_desks_that_merge_the_same_pair_one_succeeds(committed_clinic: Clinic, now: datetime) -> None:
    by = make_receptionist()

    results = [merges_in_both_directions(committed_clinic, by=by, now=now) for _round in range(4)]

    assert results == [["already_merged", "merged"]] * 4


def test_without_the_lock_both_desks_would_merge(committed_clinic: Clinic, now: datetime) -> None:
    by = make_receptionist()

    with without_lock():
        results = [merges_in_both_directions(committed_clinic, by=by, now=now) for _round in range(8)]

    assert ["merged", "merged"] in results
