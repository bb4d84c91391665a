"""Clinical details are for doctors, patients and carers, and for the front desk if the clinic allows it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.admin_pages import get_form, get_page, submit_form
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_admin, make_dependant, make_receptionist, user_of
from tests.factories.schedule import make_slot
from tests.factories.visit_types import make_question, make_visit_type

AsUser = Callable[..., ClinicClient]
DETAILS = {"allergies": "Peanuts", "conditions": "Gravidity", "medication": "Methadone"}
WORDS = (*DETAILS.values(), "Since Candlemas")


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking with an answer to an intake question, of a patient with clinical details."""
    Patient.objects.filter(pk=patient.pk).update(**DETAILS)
    visit_type = make_visit_type()
    question = make_question(visit_type)
    return book_slot(
        slot_id=make_slot(doctor, now + timedelta(hours=2)).pk,
        patient=patient,
        by=user_of(patient),
        visit_type=visit_type,
        reason="Check-up",
        answers={str(question.pk): "Since Candlemas"},
        now=now,
    )


def make_desk_user(role: str) -> User:
    """An admin or a receptionist."""
    return make_admin() if role == "admin" else make_receptionist()


def allow_desk() -> None:
    """Let the front desk see clinical details."""
    ClinicSettings.objects.update(desk_sees_clinical=True)


def words_in(text: str) -> list[str]:
    """Return the clinical words in a text."""
    return [word for word in WORDS if word in text]


@pytest.mark.parametrize("role", ["admin", "receptionist"])
def test_the_front_desk_reads_clinical_details_only_if_the_clinic_allows_it(
    booking: Booking, as_user: AsUser, role: str
) -> None:
    client = as_user(make_desk_user(role))
    record, shown = f"/api/users/patients/{booking.patient_id}/", f"/api/appointments/bookings/{booking.pk}/"

    hidden = [data_of(client.get(path)) for path in (record, shown)]
    allow_desk()
    allowed = [data_of(client.get(path)) for path in (record, shown)]

    assert [hidden[0][name] for name in DETAILS] == [None, None, None]
    assert (hidden[1]["answers"], hidden[1]["reason"]) == (None, "Check-up")
    assert {name: allowed[0][name] for name in DETAILS} == DETAILS
    assert [row["answer"] for row in allowed[1]["answers"]] == ["Since Candlemas"]


def test_doctors_patients_and_carers_read_clinical_details(
    booking: Booking, doctor: Doctor, as_user: AsUser
) -> None:
    make_dependant(booking.patient, **DETAILS)
    doctor_client, patient_client = as_user(doctor.user), as_user(booking.patient.user)
    shown = f"/api/appointments/bookings/{booking.pk}/"

    texts = {
        "record": doctor_client.get(f"/api/users/patients/{booking.patient_id}/"),
        "schedule": doctor_client.get("/api/appointments/my-appointments/"),
        "booking": doctor_client.get(shown),
        "own booking": patient_client.get(shown),
        "own bookings": patient_client.get("/api/appointments/my-bookings/"),
        "profile": patient_client.get("/api/auth/profile/"),
        "dependant": patient_client.get("/api/users/dependants/"),
        "export": patient_client.get("/api/users/me/export/"),
    }

    details, answer = list(DETAILS.values()), ["Since Candlemas"]
    assert {name: words_in(response.content.decode()) for name, response in texts.items()} == {
        "record": details, "schedule": answer, "booking": answer, "own booking": answer,
        "own bookings": answer, "profile": details, "dependant": details, "export": [*details, *answer],
    }  # fmt: skip


@pytest.mark.parametrize("role", ["admin", "receptionist"])
def test_no_response_of_the_api_to_the_front_desk_contains_clinical_details(
    booking: Booking, doctor: Doctor, as_user: AsUser, role: str
) -> None:
    client = as_user(make_desk_user(role))
    bookings, day = f"/api/appointments/bookings/{booking.pk}", str(booking.starts_at.date())
    time_off = {"doctor": str(doctor.pk), "from": day, "to": day}

    responses = [
        client.get("/api/users/patients/", {"search": "Pat"}),
        client.post("/api/appointments/time-off/preview/", time_off),
        client.post(f"{bookings}/check-in/"),
        client.get(f"{bookings}/calendar.ics"),
        client.post(f"{bookings}/cancel/"),
    ]

    assert [words_in(response.content.decode()) for response in responses] == [[]] * 5


@pytest.mark.parametrize("role", ["admin", "receptionist"])
def test_the_admin_shows_clinical_details_only_if_the_clinic_allows_it(
    booking: Booking, clinic: Clinic, role: str
) -> None:
    client = ClinicClient(clinic)
    client.force_login(make_desk_user(role))
    pages = [
        f"clinics/patient/{booking.patient_id}/change/",
        f"clinics/patient/{booking.patient_id}/history/",
        "clinics/patient/",
        f"scheduling/booking/{booking.pk}/change/",
        "scheduling/booking/?when=all",
    ]

    hidden = [words_in(get_page(client, page)) for page in pages]
    allow_desk()
    allowed = [words_in(get_page(client, page)) for page in pages]

    assert hidden == [[]] * 5
    assert allowed == [list(DETAILS.values()), [], [], ["Since Candlemas"], []]


def test_saving_a_patient_at_the_desk_keeps_the_hidden_details(booking: Booking, clinic: Clinic) -> None:
    client, path = ClinicClient(clinic), f"clinics/patient/{booking.patient_id}/change/"
    client.force_login(make_receptionist())

    submit_form(client, path, get_form(client, path) | {"phone": "020 7946 0555", "allergies": "none"})

    patient = Patient.objects.get(pk=booking.patient_id)
    assert (patient.phone, {name: getattr(patient, name) for name in DETAILS}) == ("+442079460555", DETAILS)


@pytest.mark.parametrize(
    "query",
    [
        "clinics/patient/?allergies__icontains=Peanuts",
        "clinics/patient/?conditions=Gravidity",
        "clinics/patient/?medication__startswith=M",
        "scheduling/booking/?answers__0__answer__icontains=Candlemas",
        "scheduling/booking/?patient__allergies__icontains=Peanuts",
        "accounts/user/?patient__allergies__icontains=Peanuts",
    ],
)
def test_the_admins_lists_cannot_be_filtered_by_clinical_details(
    booking: Booking, clinic: Clinic, admin: User, query: str
) -> None:
    client = ClinicClient(clinic)
    client.force_login(admin)

    assert client.get(f"/admin/{query}").status_code == 400


def test_an_admin_turns_the_setting_on_and_it_is_audited(clinic: Clinic, admin: User) -> None:
    client: Any = ClinicClient(clinic)
    client.login(username=admin.email, password=PASSWORD)
    path = "clinics/clinicsettings/1/change/"

    submit_form(client, path, get_form(client, path) | {"desk_sees_clinical": "on"})

    assert ClinicSettings.objects.get().desk_sees_clinical is True
