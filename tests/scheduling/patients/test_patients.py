"""How staff find and read patient records, and the audit entries this writes."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from clinics.models import Care, ClinicSettings, Doctor, Patient
from scheduling.models import Booking
from tenants.accounts.models import AuditEntry, User
from tests.factories.audit import Entry, audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, make_receptionist
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot

AsUser = Callable[..., ClinicClient]
PATIENTS = "/api/users/patients/"
APPOINTMENTS = "/api/appointments"


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """The patient's booking with the doctor, two hours from now."""
    return make_booking(make_slot(doctor, now + timedelta(hours=2)), patient, now=now, reason="Cough")


def patient_entry(action: str, patient: Patient) -> Entry:
    """An audit entry about a patient."""
    return (action, "clinics.patient", str(patient.pk))


def names(client: ClinicClient, **query: str) -> list[str]:
    """Return the names of the listed patients, in order."""
    return [patient["name"] for patient in data_of(client.get(PATIENTS, query))["results"]]


def test_a_doctor_finds_their_own_patients_and_the_front_desk_finds_all(
    booking: Booking, doctor: Doctor, patient: Patient, admin: User, as_user: AsUser
) -> None:
    other = make_patient(last_name="Zeller")
    all_names = [patient.full_name, other.full_name]

    assert names(as_user(doctor.user)) == [patient.full_name]
    assert names(as_user(make_doctor().user)) == []
    assert [names(as_user(user)) for user in (admin, make_receptionist())] == [all_names, all_names]


def test_a_patient_with_several_bookings_is_listed_once(
    booking: Booking, doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + timedelta(hours=5)), patient, now=now)

    assert names(as_user(doctor.user)) == [patient.full_name]


def test_a_search_matches_each_word(admin: User, as_user: AsUser) -> None:
    make_patient(first_name="Mia", last_name="Marsh", phone="020 7946", email="mia@people.example")
    make_patient(first_name="Mia", last_name="Zeller")
    client = as_user(admin)

    counts = {
        search: len(names(client, search=search))
        for search in ("mia", "mia MAR", "7946", "mia@", "mia q", "%")
    }

    assert counts == {"mia": 2, "mia MAR": 1, "7946": 1, "mia@": 1, "mia q": 0, "%": 0}


def test_a_patient_record_contains_every_field(admin: User, patient: Patient, as_user: AsUser) -> None:
    ClinicSettings.objects.update(desk_sees_clinical=True)
    Patient.objects.filter(pk=patient.pk).update(allergies="Nuts", date_of_birth=date(1980, 2, 1))
    parent = make_patient(phone="1")
    Care.objects.create(carer=parent, dependant=patient)
    assert patient.user is not None
    assert parent.user is not None

    shown = data_of(as_user(admin).get(f"{PATIENTS}{patient.pk}/"))

    carer = {
        "id": str(parent.pk),
        "name": parent.full_name,
        "phone": "1",
        "phone_display": "1",
        "email": parent.user.email,
    }
    assert shown == {
        "id": str(patient.pk),
        "name": patient.full_name,
        "first_name": "Pat",
        "last_name": patient.last_name,
        "date_of_birth": "1980-02-01",
        "phone": "",
        "phone_display": "",
        "email": patient.user.email,
        "email_problem": "",
        "address": "",
        "time_zone": "",
        "allergies": "Nuts",
        "conditions": "",
        "medication": "",
        "emergency_contact_name": "",
        "emergency_contact_phone": "",
        "emergency_contact_phone_display": "",
        "insurance_provider": "",
        "insurance_number": "",
        "cared_for_by": [carer],
        "created_at": shown["created_at"],
    }


def test_listing_patients_audits_exactly_the_patients_on_the_page(
    admin: User, patient: Patient, as_user: AsUser
) -> None:
    make_patient(last_name="Zeller")

    as_user(admin).get(PATIENTS, {"page_size": "1"})

    assert audit_entries() == [patient_entry("listed", patient)]
    assert AuditEntry.objects.get().by == admin


def test_opening_a_record_and_being_refused_are_audited(
    booking: Booking, doctor: Doctor, patient: Patient, as_user: AsUser
) -> None:
    strangers = [make_doctor().user, make_patient().user]

    read = as_user(doctor.user).get(f"{PATIENTS}{patient.pk}/")
    refused = [as_user(user).get(f"{PATIENTS}{patient.pk}/").status_code for user in strangers]
    own, anonymous = (
        as_user(user).get(f"{PATIENTS}{patient.pk}/").status_code for user in (patient.user, None)
    )
    missing = as_user(doctor.user).get(f"{PATIENTS}{uuid4()}/").status_code

    assert (read.status_code, refused, own, anonymous, missing) == (200, [404, 403], 403, 401, 404)
    assert audit_entries() == [patient_entry("read", patient), *[patient_entry("refused", patient)] * 2]
    assert list(AuditEntry.objects.filter(what="refused").order_by("id").values_list("by", flat=True)) == [
        user and user.pk for user in strangers
    ]


@pytest.mark.parametrize(
    ("address", "action"), [("", "read"), ("calendar.ics", "read"), ("cancel/", "cancelled")]
)
def test_actions_on_a_booking_are_audited_for_staff_and_not_for_its_patient(
    booking: Booking, doctor: Doctor, as_user: AsUser, address: str, action: str
) -> None:
    patient = booking.patient
    path = f"{APPOINTMENTS}/bookings/{booking.pk}/{address}"
    method = "post" if action == "cancelled" else "get"

    getattr(as_user(doctor.user), method)(path)
    getattr(as_user(patient.user), method)(path)

    assert audit_entries() == [
        (action, "scheduling.booking", str(booking.pk)),
        patient_entry(action, patient),
    ]


@pytest.mark.parametrize("address", ["", "calendar.ics", "cancel/"])
def test_requesting_another_patients_booking_is_audited(
    booking: Booking, as_user: AsUser, address: str
) -> None:
    client, method = as_user(make_patient().user), "post" if address == "cancel/" else "get"

    statuses = [
        getattr(client, method)(f"{APPOINTMENTS}/bookings/{booking_id}/{address}").status_code
        for booking_id in (booking.pk, uuid4())
    ]

    assert statuses == [404, 404]
    assert audit_entries() == [("refused", "scheduling.booking", str(booking.pk))]


def test_listing_a_doctors_appointments_audits_the_patients_shown(
    booking: Booking, doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + timedelta(hours=5)), patient, now=now)
    make_slot(doctor, now + timedelta(hours=6))

    as_user(doctor.user).get(f"{APPOINTMENTS}/my-appointments/")
    as_user(doctor.user).get(f"{APPOINTMENTS}/my-appointments/", {"status": "free"})

    assert audit_entries() == [patient_entry("listed", patient)]


def test_doctors_changes_to_their_schedule_are_audited(doctor: Doctor, as_user: AsUser) -> None:
    client = as_user(doctor.user)
    period = {"starts_at": "2026-03-03T09:00:00Z", "ends_at": "2026-03-03T09:30:00Z"}

    (slot,) = data_of(client.post(f"{APPOINTMENTS}/availability/", period))
    client.patch(f"{APPOINTMENTS}/slots/{slot['id']}/", {"status": "blocked"})
    client.delete(f"{APPOINTMENTS}/slots/{slot['id']}/")
    client.put(f"{APPOINTMENTS}/working-hours/", [])
    client.put(f"{APPOINTMENTS}/exceptions/", {"date": "2026-03-04", "intervals": []})
    client.delete(f"{APPOINTMENTS}/exceptions/?date=2026-03-04")

    slot_entries = [(what, "scheduling.slot", slot["id"]) for what in ("added", "changed", "removed")]
    *first_entries, closed, opened = audit_entries()
    assert first_entries == [*slot_entries, ("changed", "clinics.doctor", str(doctor.pk))]
    assert [entry[:2] for entry in (closed, opened)] == [
        ("changed", "scheduling.datedexception"),
        ("removed", "scheduling.datedexception"),
    ]
    assert closed[2] == opened[2]


def test_lists_of_patients_need_the_same_number_of_queries_and_one_insert_at_any_length(
    doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    client, queries_by_request = as_user(doctor.user), []
    client.get("/api/clinic/")  # caches the lookup of the clinic by host
    for hours in ((1,), (2, 3)):
        for hour in hours:
            make_booking(make_slot(doctor, now + timedelta(hours=hour)), make_patient(), now=now)
        for path in (PATIENTS, f"{APPOINTMENTS}/my-appointments/"):
            queries_by_request.append(queries_of(lambda path=path: client.get(path)))  # type: ignore[misc]

    first, second = queries_by_request[:2], queries_by_request[2:]
    assert [len(queries) for queries in first] == [len(queries) for queries in second]
    assert [sum("INSERT" in query for query in queries) for queries in second] == [1, 1]
    assert len(audit_entries()) == 2 * (1 + 3)
