"""The clinic's patients, as its people find and read them; and every read of them in the audit log."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from clinics.models import Care, Doctor, Patient
from scheduling.models import Booking
from tenants.accounts.models import AuditEntry, User
from tests.factories.audit import Entry, entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, make_receptionist
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot

AsUser = Callable[..., ClinicClient]
PATIENTS = "/api/users/patients/"
SCHEDULE = "/api/appointments"


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """The patient's booking with the doctor, two hours from now."""
    return make_booking(make_slot(doctor, now + timedelta(hours=2)), patient, now=now, reason="Cough")


def of_patient(what: str, patient: Patient) -> Entry:
    """An entry about a patient."""
    return (what, "clinics.patient", str(patient.pk))


def names(client: ClinicClient, **query: str) -> list[str]:
    """Whom the list shows, in its order."""
    return [each["name"] for each in data_of(client.get(PATIENTS, query))["results"]]


def test_a_doctor_finds_the_patients_with_a_booking_with_them_and_the_desk_finds_all(
    booking: Booking, doctor: Doctor, patient: Patient, admin: User, as_user: AsUser
) -> None:
    other = make_patient(last_name="Zeller")
    everybody = [patient.full_name, other.full_name]

    assert names(as_user(doctor.user)) == [patient.full_name]
    assert names(as_user(make_doctor().user)) == []
    assert [names(as_user(user)) for user in (admin, make_receptionist())] == [everybody, everybody]


def test_a_patient_is_in_the_list_once_however_many_bookings(
    booking: Booking, doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + timedelta(hours=5)), patient, now=now)

    assert names(as_user(doctor.user)) == [patient.full_name]


def test_patients_are_looked_for_by_each_word(admin: User, as_user: AsUser) -> None:
    make_patient(first_name="Mia", last_name="Marsh", phone="020 7946", email="mia@people.example")
    make_patient(first_name="Mia", last_name="Zeller")
    client = as_user(admin)

    found = {
        words: len(names(client, search=words)) for words in ("mia", "mia MAR", "7946", "mia@", "mia q", "%")
    }

    assert found == {"mia": 2, "mia MAR": 1, "7946": 1, "mia@": 1, "mia q": 0, "%": 0}


def test_a_record_is_read_in_full(admin: User, patient: Patient, as_user: AsUser) -> None:
    Patient.objects.filter(pk=patient.pk).update(allergies="Nuts", date_of_birth=date(1980, 2, 1))
    parent = make_patient(phone="1")
    Care.objects.create(carer=parent, dependant=patient)
    assert patient.user is not None
    assert parent.user is not None

    shown = data_of(as_user(admin).get(f"{PATIENTS}{patient.pk}/"))

    carer = {"id": str(parent.pk), "name": parent.full_name, "phone": "1", "email": parent.user.email}
    assert shown == {
        "id": str(patient.pk),
        "name": patient.full_name,
        "first_name": "Pat",
        "last_name": patient.last_name,
        "date_of_birth": "1980-02-01",
        "phone": "",
        "email": patient.user.email,
        "address": "",
        "allergies": "Nuts",
        "conditions": "",
        "medication": "",
        "emergency_contact_name": "",
        "emergency_contact_phone": "",
        "insurance_provider": "",
        "insurance_number": "",
        "cared_for_by": [carer],
        "created_at": shown["created_at"],
    }


def test_every_patient_on_a_page_is_in_the_log_and_no_other(
    admin: User, patient: Patient, as_user: AsUser
) -> None:
    make_patient(last_name="Zeller")

    as_user(admin).get(PATIENTS, {"page_size": "1"})

    assert entries() == [of_patient("listed", patient)]
    assert AuditEntry.objects.get().by == admin


def test_opening_a_record_is_in_the_log_and_so_is_being_refused(
    booking: Booking, doctor: Doctor, patient: Patient, as_user: AsUser
) -> None:
    strangers = [make_doctor().user, make_patient().user]

    read = as_user(doctor.user).get(f"{PATIENTS}{patient.pk}/")
    refused = [as_user(user).get(f"{PATIENTS}{patient.pk}/").status_code for user in strangers]
    own, nobody = (as_user(user).get(f"{PATIENTS}{patient.pk}/").status_code for user in (patient.user, None))
    missing = as_user(doctor.user).get(f"{PATIENTS}{uuid4()}/").status_code

    assert (read.status_code, refused, own, nobody, missing) == (200, [404, 403], 403, 401, 404)
    assert entries() == [of_patient("read", patient), *[of_patient("refused", patient)] * 2]
    assert list(AuditEntry.objects.filter(what="refused").order_by("id").values_list("by", flat=True)) == [
        user and user.pk for user in strangers
    ]


@pytest.mark.parametrize(
    ("address", "what"), [("", "read"), ("calendar.ics", "read"), ("cancel/", "cancelled")]
)
def test_what_staff_do_with_a_booking_is_in_the_log_and_what_its_patient_does_is_not(
    booking: Booking, doctor: Doctor, as_user: AsUser, address: str, what: str
) -> None:
    patient = booking.patient
    path = f"{SCHEDULE}/bookings/{booking.pk}/{address}"
    method = "post" if what == "cancelled" else "get"

    getattr(as_user(doctor.user), method)(path)
    getattr(as_user(patient.user), method)(path)

    assert entries() == [(what, "scheduling.booking", str(booking.pk)), of_patient(what, patient)]


@pytest.mark.parametrize("address", ["", "calendar.ics", "cancel/"])
def test_who_asks_for_anothers_booking_is_in_the_log(booking: Booking, as_user: AsUser, address: str) -> None:
    client, method = as_user(make_patient().user), "post" if address == "cancel/" else "get"

    statuses = [
        getattr(client, method)(f"{SCHEDULE}/bookings/{key}/{address}").status_code
        for key in (booking.pk, uuid4())
    ]

    assert statuses == [404, 404]
    assert entries() == [("refused", "scheduling.booking", str(booking.pk))]


def test_a_doctors_day_shows_patients_and_so_is_in_the_log(
    booking: Booking, doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + timedelta(hours=5)), patient, now=now)
    make_slot(doctor, now + timedelta(hours=6))

    as_user(doctor.user).get(f"{SCHEDULE}/my-appointments/")
    as_user(doctor.user).get(f"{SCHEDULE}/my-appointments/", {"status": "free"})

    assert entries() == [of_patient("listed", patient)]


def test_what_doctors_write_into_their_schedule_is_in_the_log(doctor: Doctor, as_user: AsUser) -> None:
    client = as_user(doctor.user)
    period = {"starts_at": "2026-03-03T09:00:00Z", "ends_at": "2026-03-03T09:30:00Z"}

    (slot,) = data_of(client.post(f"{SCHEDULE}/availability/", period))
    client.patch(f"{SCHEDULE}/slots/{slot['id']}/", {"status": "blocked"})
    client.delete(f"{SCHEDULE}/slots/{slot['id']}/")
    client.put(f"{SCHEDULE}/working-hours/", [])
    client.put(f"{SCHEDULE}/exceptions/", {"date": "2026-03-04", "intervals": []})
    client.delete(f"{SCHEDULE}/exceptions/?date=2026-03-04")

    about_slot = [(what, "scheduling.slot", slot["id"]) for what in ("added", "changed", "removed")]
    *written, closed, opened = entries()
    assert written == [*about_slot, ("changed", "clinics.doctor", str(doctor.pk))]
    assert [entry[:2] for entry in (closed, opened)] == [
        ("changed", "scheduling.datedexception"),
        ("removed", "scheduling.datedexception"),
    ]
    assert closed[2] == opened[2]


def test_lists_of_patients_cost_the_same_queries_and_one_insert_however_long(
    doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    client, asked = as_user(doctor.user), []
    client.get("/api/clinic/")  # the host is known from now on
    for places in ((1,), (2, 3)):
        for place in places:
            make_booking(make_slot(doctor, now + timedelta(hours=place)), make_patient(), now=now)
        for path in (PATIENTS, f"{SCHEDULE}/my-appointments/"):
            asked.append(queries_of(lambda path=path: client.get(path)))  # type: ignore[misc]

    first, second = asked[:2], asked[2:]
    assert [len(queries) for queries in first] == [len(queries) for queries in second]
    assert [sum("INSERT" in query for query in queries) for queries in second] == [1, 1]
    assert len(entries()) == 2 * (1 + 3)
