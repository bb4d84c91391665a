"""A clinic admin erases a patient on request, after a page that says what goes and what stays."""

from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.account_closure import erase_patient
from scheduling.models import Booking
from tenants.accounts.models import AuditEntry, User, UserSession
from tenants.accounts.sessions.services import start_session
from tenants.base.errors import NotFound
from tenants.models import Clinic
from tests.factories.admin_pages import get_page, submit_form
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_dependant, make_receptionist, user_of
from tests.factories.queue import queued_job_kinds
from tests.factories.schedule import make_booking, make_slot


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, soon: datetime) -> Booking:
    """An upcoming booking of the patient."""
    return make_booking(make_slot(doctor, soon), patient, now=soon - timedelta(days=1), reason="Cough")


def erase_path(patient: Patient) -> str:
    """Return the path of the page on which the patient is erased."""
    return f"clinics/patient/{patient.pk}/erase/"


def test_the_page_says_what_goes_and_what_stays_and_changes_nothing(
    booking: Booking, patient: Patient, desk: ClinicClient
) -> None:
    child = make_dependant(patient, first_name="Kit")

    page = get_page(desk, erase_path(patient))

    parts = (patient.full_name, user_of(patient).email, "1 upcoming appointment", str(child), "What stays")
    assert [part for part in parts if part not in page] == []
    assert Patient.objects.filter(erased_at=None).count() == 2
    assert Booking.objects.get().status == "CONFIRMED"


def test_erasing_needs_the_tick_and_is_audited(
    booking: Booking, patient: Patient, admin: User, desk: ClinicClient
) -> None:
    user = user_of(patient)
    child = make_dependant(patient)
    start_session(user=user)

    unticked = desk.post(f"/admin/{erase_path(patient)}", {}, format="multipart")
    untouched = Patient.objects.get(pk=patient.pk).erased_at
    page = submit_form(desk, erase_path(patient), {"confirmed": "yes"})

    assert (unticked.status_code, "Tick the box" in unticked.content.decode(), untouched) == (200, True, None)
    assert "The patient is erased." in page
    erased = Patient.objects.get(pk=patient.pk)
    assert (erased.full_name, erased.last_name, erased.erased_at is not None) == ("Former patient", "", True)
    assert Patient.objects.get(pk=child.pk).erased_at is not None
    user.refresh_from_db()
    assert (user.is_active, user.email.endswith("@closed.invalid")) == (False, True)
    assert UserSession.objects.filter(user=user).count() == 0
    cancelled = Booking.objects.get()
    assert (cancelled.status, cancelled.reason) == ("CANCELLED", "")
    assert "account_closed" in queued_job_kinds()
    entries = [entry for entry in audit_entries() if entry[0] in {"erased", "closed"}]
    assert sorted(entries) == sorted(
        [
            ("erased", "clinics.patient", str(patient.pk)),
            ("erased", "clinics.patient", str(child.pk)),
            ("closed", "accounts.user", str(user.pk)),
        ]
    )
    assert {entry.by for entry in AuditEntry.objects.filter(what__in=["erased", "closed"])} == {admin}


def test_a_patient_without_an_account_can_be_erased(clinic: Clinic, desk: ClinicClient) -> None:
    patient = Patient.objects.create(first_name="No", last_name="Account")

    submit_form(desk, erase_path(patient), {"confirmed": "yes"})

    assert Patient.objects.get(pk=patient.pk).full_name == "Former patient"
    assert "account_closed" not in queued_job_kinds()


def test_a_dependant_of_the_patient_with_another_carer_stays(
    patient: Patient, admin: User, now: datetime
) -> None:
    child = make_dependant(patient)
    other = Patient.objects.create(first_name="Other", last_name="Parent")
    child.cared_for_by.create(carer=other)

    erase_patient(patient=patient, by=admin, now=now)

    assert Patient.objects.get(pk=child.pk).erased_at is None


def test_a_member_of_staff_who_is_also_a_patient_keeps_the_account(
    patient: Patient, admin: User, now: datetime
) -> None:
    user = user_of(patient)
    User.objects.filter(pk=user.pk).update(role=User.Role.DOCTOR)

    erase_patient(patient=patient, by=admin, now=now)

    user.refresh_from_db()
    erased = Patient.objects.get(pk=patient.pk)
    assert (user.is_active, erased.user_id, erased.last_name) == (True, None, "")


def test_an_erased_patient_cannot_be_erased_again(patient: Patient, admin: User, now: datetime) -> None:
    erase_patient(patient=patient, by=admin, now=now)

    with pytest.raises(NotFound):
        erase_patient(patient=patient, by=admin, now=now)


def test_receptionists_cannot_erase_patients(patient: Patient, clinic: Clinic) -> None:
    client = ClinicClient(clinic)
    client.force_login(make_receptionist())

    statuses = [
        client.get(f"/admin/{erase_path(patient)}").status_code,
        client.post(f"/admin/{erase_path(patient)}", {"confirmed": "yes"}, format="multipart").status_code,
    ]
    page = get_page(client, f"clinics/patient/{patient.pk}/change/")

    assert (statuses, "Erase this patient" in page) == ([403, 403], False)
    assert Patient.objects.get(pk=patient.pk).erased_at is None
