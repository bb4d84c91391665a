"""Views and changes in Django Admin are in the audit log."""

from datetime import datetime, timedelta
from typing import Any

from clinics.models import Doctor, Patient
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from tenants.accounts.models import AuditEntry, User
from tenants.base.clock import now as clock_now
from tests.factories.audit import Entry, audit_entries
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form
from tests.factories.people import make_patient
from tests.factories.schedule import make_booking, make_slot


def of_patient(action: str, patient: Patient) -> Entry:
    """An entry about a patient."""
    return (action, "clinics.patient", str(patient.pk))


def of_booking(action: str, booking: Booking) -> Entry:
    """An entry about a booking."""
    return (action, "scheduling.booking", str(booking.pk))


def test_opening_a_patients_page_is_audited(desk: ClinicClient, admin: User, patient: Patient) -> None:
    desk.get(f"/admin/clinics/patient/{patient.pk}/change/")

    assert audit_entries() == [of_patient("read", patient)]
    assert AuditEntry.objects.get().by == admin


def test_exactly_the_patients_shown_by_a_search_are_audited(desk: ClinicClient, patient: Patient) -> None:
    make_patient(last_name="Elsewhere")

    desk.get("/admin/clinics/patient/", {"q": patient.last_name})

    assert audit_entries() == [of_patient("listed", patient)]


def test_a_search_that_finds_nobody_leaves_no_entry(desk: ClinicClient, patient: Patient) -> None:
    desk.get("/admin/clinics/patient/", {"q": "Nobody"})

    assert audit_entries() == []


def test_a_list_of_patients_has_a_constant_number_of_queries(
    desk: ClinicClient, patient: Patient, django_assert_max_num_queries: Any
) -> None:
    desk.get("/admin/clinics/patient/")
    counts = []
    for _round in range(2):
        make_patient()
        with django_assert_max_num_queries(100) as queries:
            desk.get("/admin/clinics/patient/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_search_term_is_not_audited(desk: ClinicClient, patient: Patient) -> None:
    desk.get("/admin/clinics/patient/", {"q": patient.last_name})

    assert patient.last_name not in str(list(AuditEntry.objects.values_list()))


def test_each_patient_in_a_list_of_bookings_is_audited_once(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    for hours in range(2):
        make_booking(make_slot(doctor, soon + timedelta(hours=hours)), patient, now=clock_now())

    desk.get("/admin/scheduling/booking/")

    assert audit_entries() == [of_patient("listed", patient)]


def test_exactly_the_patients_suggested_by_a_field_are_audited(desk: ClinicClient, patient: Patient) -> None:
    make_patient(last_name="Elsewhere")
    field = {"app_label": "scheduling", "model_name": "booking", "field_name": "patient"}

    results = desk.get("/admin/autocomplete/", {**field, "term": patient.last_name}).json()["results"]

    assert [each["id"] for each in results] == [str(patient.pk)]
    assert audit_entries() == [of_patient("listed", patient)]


def test_viewing_a_patients_history_is_audited(desk: ClinicClient, patient: Patient) -> None:
    desk.get(f"/admin/clinics/patient/{patient.pk}/history/")

    assert audit_entries() == [of_patient("read", patient)]


def test_opening_a_booking_is_audited_for_its_patient(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    booking = make_booking(make_slot(doctor, soon), patient, now=clock_now())

    desk.get(f"/admin/scheduling/booking/{booking.pk}/change/")

    assert audit_entries() == [of_booking("read", booking), of_patient("read", patient)]


def test_adding_and_changing_a_patient_is_audited(desk: ClinicClient) -> None:
    form = {"first_name": "Pat", "last_name": "Newly"}

    desk.post("/admin/clinics/patient/add/", form, format="multipart")
    patient = Patient.objects.get()
    changed = {**form, "allergies": "Hazelnuts"}
    changed |= {f"cared_for_by-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    desk.post(f"/admin/clinics/patient/{patient.pk}/change/", changed, format="multipart")

    assert audit_entries() == [of_patient("added", patient), of_patient("changed", patient)]
    assert "Hazelnuts" not in str(list(AuditEntry.objects.values_list()))


def test_the_confirmation_page_for_cancelling_is_audited_for_its_patients(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    booking = make_booking(make_slot(doctor, soon), patient, now=clock_now())
    form = {"action": "cancel_selected", "_selected_action": str(booking.pk)}

    desk.post("/admin/scheduling/booking/", form, format="multipart")

    assert audit_entries() == [of_patient("listed", patient)]


def test_viewing_a_patients_account_is_audited_and_viewing_staff_is_not(
    desk: ClinicClient, admin: User, patient: Patient
) -> None:
    assert patient.user is not None

    desk.get("/admin/accounts/user/")
    desk.get(f"/admin/accounts/user/{patient.user.pk}/change/")
    desk.get(f"/admin/accounts/user/{admin.pk}/change/")

    account = ("accounts.user", str(patient.user.pk))
    assert audit_entries() == [("listed", *account), ("read", *account)]


def test_booking_and_cancelling_for_a_patient_is_audited(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    form = {"patient": str(patient.pk), "slot": str(make_slot(doctor, soon).pk), "reason": "Private cough"}

    desk.post("/admin/scheduling/booking/add/", form, format="multipart")
    booking = Booking.objects.get()
    chosen = {"action": "cancel_selected", "_selected_action": [str(booking.pk)], "confirmed": "yes"}
    desk.post("/admin/scheduling/booking/", chosen, format="multipart")

    assert audit_entries() == [
        of_booking("booked", booking),
        of_patient("booked", patient),
        of_booking("cancelled", booking),
        of_patient("cancelled", patient),
    ]
    assert "Private cough" not in str(list(AuditEntry.objects.values_list()))


def test_a_refused_booking_leaves_no_entry(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    slot = make_slot(doctor, soon)
    make_booking(slot, make_patient(), now=clock_now())
    form = {"patient": str(patient.pk), "slot": str(slot.pk), "reason": ""}

    desk.post("/admin/scheduling/booking/add/", form, format="multipart")

    assert audit_entries() == []


def test_patients_own_bookings_are_not_audited(doctor: Doctor, patient: Patient, soon: datetime) -> None:
    assert patient.user is not None
    booking = make_booking(make_slot(doctor, soon), patient, now=clock_now())

    cancel_booking(booking=booking, by=patient.user, now=clock_now())

    assert audit_entries() == []


def test_adding_and_removing_slots_is_audited(desk: ClinicClient, doctor: Doctor, soon: datetime) -> None:
    slots = [make_slot(doctor, soon + timedelta(hours=n)) for n in range(3)]

    desk.post(f"/admin/scheduling/slot/{slots[0].pk}/delete/", {"post": "yes"}, format="multipart")
    chosen = {"action": "delete_selected", "_selected_action": [str(slot.pk) for slot in slots[1:]]}
    desk.post("/admin/scheduling/slot/", {**chosen, "post": "yes"}, format="multipart")

    assert audit_entries() == [("removed", "scheduling.slot", str(slot.pk)) for slot in slots]


def test_refused_removals_of_slots_are_not_audited(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    slots = [make_slot(doctor, soon + timedelta(hours=n)) for n in range(2)]
    make_booking(slots[1], patient, now=clock_now())
    chosen = {"action": "delete_selected", "_selected_action": [str(slot.pk) for slot in slots]}

    desk.post("/admin/scheduling/slot/", {**chosen, "post": "yes"}, format="multipart")

    assert audit_entries() == []


def test_changes_of_hours_and_settings_are_audited(desk: ClinicClient, doctor: Doctor) -> None:
    hours = {"title": "Dr", "name": doctor.name, "years_of_experience": "3", "languages": "en"}
    hours |= {f"working_hours-{name}": "0" for name in ("INITIAL_FORMS", "MIN_NUM_FORMS")}
    hours |= {"working_hours-TOTAL_FORMS": "1", "working_hours-0-weekday": "0"}
    hours |= {f"working_hours-0-{name}": value for name, value in (("opens", "09:00"), ("closes", "12:00"))}
    hours |= {"working_hours-0-slot_minutes": "30", "working_hours-0-weeks": "0"}
    page = "/admin/clinics/clinicsettings/1/change/"
    form = parse_form(desk.get(page).content.decode())

    desk.post(f"/admin/clinics/doctor/{doctor.pk}/change/", hours, format="multipart")
    desk.post(page, {**form, "phone": "020 7946 0000"}, format="multipart")

    assert audit_entries() == [
        ("changed", "clinics.doctor", str(doctor.pk)),
        ("changed", "clinics.clinicsettings", "1"),
    ]
