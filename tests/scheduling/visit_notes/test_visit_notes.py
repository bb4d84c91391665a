"""Visit notes: versions, who reads and writes them, two tabs at once, export and erasure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.account_closure import erase_patient
from scheduling.models import Booking, VisitNote
from scheduling.visit_notes.errors import NoteChanged
from scheduling.visit_notes.services import save_note
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import NotFound
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.database_logins import owner_connection
from tests.factories.people import make_admin, make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently

AsUser = Callable[[User], ClinicClient]


def account(doctor: Doctor) -> User:
    """Return the doctor's account."""
    assert doctor.user is not None
    return doctor.user


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking with the doctor."""
    return make_booking(make_slot(doctor, now + timedelta(hours=1)), patient, now=now)


def notes_path(booking: Booking) -> str:
    """Return the path of the booking's note."""
    return f"/api/portal/bookings/{booking.pk}/notes/"


def test_each_save_adds_a_version_and_overwrites_nothing(
    booking: Booking, doctor: Doctor, patient: Patient, as_user: AsUser
) -> None:
    client = as_user(account(doctor))

    for number, text in enumerate(("First", "Second")):
        assert client.post(notes_path(booking), {"text": text, "based_on": number}).status_code == 201
    same = client.post(notes_path(booking), {"text": "Second", "based_on": 2})
    read = client.get(notes_path(booking)).json()["data"]

    assert [(row["version"], row["text"]) for row in read] == [(2, "Second"), (1, "First")]
    assert same.json()["data"] == read  # a text as before adds no version
    log = AuditEntry.objects.filter(kind="scheduling.visitnote").order_by("id")
    assert list(log.values_list("what", flat=True)) == ["added", "changed", "read"]


def test_a_save_based_on_an_older_version_is_refused_and_changes_nothing(
    booking: Booking, doctor: Doctor, as_user: AsUser
) -> None:
    client = as_user(account(doctor))
    client.post(notes_path(booking), {"text": "First", "based_on": 0})

    refused = [client.post(notes_path(booking), {"text": "Other", "based_on": n}) for n in (0, 2)]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(409, "note_changed")] * 2
    assert VisitNote.objects.get().text == "First"


def test_only_the_doctor_of_the_booking_reads_the_note(
    booking: Booking, doctor: Doctor, patient: Patient, admin: User, *, as_user: AsUser, now: datetime
) -> None:
    ClinicSettings.objects.update(desk_sees_clinical=True)
    save_note(booking=booking, based_on=0, text="Confidential", by=account(doctor), now=now)

    statuses = {
        name: as_user(user).get(notes_path(booking)).status_code
        for name, user in {
            "doctor": account(doctor),
            "other doctor": account(make_doctor()),
            "receptionist": make_receptionist(),
            "admin": admin,
            "patient": user_of(patient),
        }.items()
    }

    expected = {"doctor": 200, "other doctor": 404, "receptionist": 403, "admin": 403, "patient": 403}
    assert statuses == expected
    panel = as_user(admin).get(f"/api/portal/bookings/{booking.pk}/")
    assert b"Confidential" not in panel.content


def test_the_patients_export_has_the_note_and_erasing_the_patient_blanks_it(
    booking: Booking, doctor: Doctor, patient: Patient, admin: User, *, as_user: AsUser, now: datetime
) -> None:
    save_note(booking=booking, based_on=0, text="Sprained ankle", by=account(doctor), now=now)

    export = as_user(user_of(patient)).get("/api/users/me/export/").json()["data"]
    erase_patient(patient=patient, by=admin, now=now)

    assert [note["text"] for note in export["bookings"][0]["visit_notes"]] == ["Sprained ankle"]
    assert VisitNote.objects.get().text == ""
    with pytest.raises(NotFound):
        save_note(booking=booking, based_on=1, text="Too late", by=account(doctor), now=now)


def test_of_two_concurrent_saves_one_is_stored_and_the_other_refused(
    committed_clinic: Clinic, now: datetime
) -> None:
    doctor = make_doctor()
    booking = make_booking(make_slot(doctor, now + timedelta(hours=1)), make_patient(), now=now)
    save = partial(save_note, booking=booking, based_on=0, by=account(doctor), now=now)

    outcomes = run_concurrently(committed_clinic, partial(save, text="One"), partial(save, text="Two"))

    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NoteChanged) for outcome in outcomes) == 1
    assert VisitNote.objects.count() == 1


def test_without_lock_and_constraint_both_saves_would_be_version_one(
    committed_clinic: Clinic, now: datetime
) -> None:
    admin = make_admin()
    booking = make_booking(make_slot(make_doctor(), now + timedelta(hours=1)), make_patient(), now=now)
    both_have_read = Barrier(2)
    with owner_connection() as owner:
        table = f'"{committed_clinic.schema_name}".scheduling_visitnote'
        owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT visitnote_one_per_version")

    def naive_save(text: str) -> VisitNote:
        version = VisitNote.objects.filter(booking=booking).count() + 1
        both_have_read.wait(timeout=10)
        return VisitNote.objects.create(booking=booking, version=version, text=text, by=admin)

    run_concurrently(committed_clinic, partial(naive_save, "One"), partial(naive_save, "Two"))

    assert list(VisitNote.objects.values_list("version", flat=True)) == [1, 1]
