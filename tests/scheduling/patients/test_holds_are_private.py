"""A hold gives nobody access to the patient, and a doctor sees a held time without a name."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.request import Request
from rest_framework.views import APIView

from clinics.models import Doctor, Patient
from notifications.selectors import bookings_in_feed
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import confirm_hold, hold_slot, release_hold
from scheduling.bookings.release_holds import expire_hold
from scheduling.bookings.selectors import visible_bookings
from scheduling.clock.time_off import PeriodsByPlace
from scheduling.models import Booking
from scheduling.patients.selectors import visible_patients
from scheduling.time_off.selectors import affected_bookings
from tenants.accounts.models import User
from tenants.accounts.permissions import IsDoctor, IsFrontDesk, IsPatient, IsSelf
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_dependant, make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot

AsUser = Callable[..., ClinicClient]
PATIENTS = "/api/users/patients/"
SCHEDULE = "/api/appointments/my-appointments/"


@pytest.fixture
def patient(clinic: object) -> Patient:
    """A patient whose name and telephone number are unmistakable."""
    return make_patient(first_name="Secretia", last_name="Holder", phone="555 0199")


@pytest.fixture
def hold(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """The patient's hold of a time with the doctor, two hours from now."""
    slot = make_slot(doctor, now + timedelta(hours=2))
    return hold_slot(slot_id=slot.pk, patient=patient, by=patient.user, now=now)


def release(hold: Booking, now: datetime) -> None:
    """Give the hold up."""
    release_hold(
        hold_id=hold.pk,
        patients=Patient.objects.filter(pk=hold.patient_id),
        by=user_of(hold.patient),
        now=now,
    )


def expire(hold: Booking, now: datetime) -> None:
    """Let the hold expire."""
    assert hold.held_until is not None
    expire_hold(booking_id=hold.pk, now=hold.held_until + timedelta(seconds=1))


def keep(hold: Booking, now: datetime) -> None:
    """Leave the hold as it is."""


@pytest.mark.parametrize("end", [keep, release, expire])
def test_a_doctor_cannot_read_a_patient_who_only_held_a_time(
    hold: Booking, doctor: Doctor, as_user: AsUser, now: datetime, end: Callable[..., None]
) -> None:
    patient = hold.patient
    end(hold, now)
    client = as_user(doctor.user)

    assert client.get(f"{PATIENTS}{patient.pk}/").status_code == 404
    assert data_of(client.get(PATIENTS))["results"] == []
    assert doctor.user is not None
    assert list(visible_bookings(doctor.user)) == []


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_doctor_reads_a_patient_who_has_or_had_a_booking_with_them(
    hold: Booking, doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime, *, cancelled: bool
) -> None:
    booking = confirm_hold(hold_id=hold.pk, patient=patient, by=user_of(patient), reason="", now=now)
    if cancelled:
        cancel_booking(booking=booking, by=user_of(patient), now=now)

    assert as_user(doctor.user).get(f"{PATIENTS}{patient.pk}/").status_code == 200


def test_a_doctors_day_shows_a_hold_without_the_patient(
    hold: Booking, doctor: Doctor, patient: Patient, as_user: AsUser
) -> None:
    response = as_user(doctor.user).get(SCHEDULE)

    (slot,) = data_of(response)["results"]
    text = response.content.decode()
    assert (slot["status"], slot["booking"]["status"], slot["booking"]["patient"]) == ("held", "HELD", None)
    assert [word for word in ("Secretia", "Holder", "555 0199", str(patient.pk)) if word in text] == []
    assert audit_entries() == []


def test_the_schedule_filters_held_times_apart_from_booked_ones(
    hold: Booking, doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + timedelta(hours=4)), make_patient(), now=now)
    make_slot(doctor, now + timedelta(hours=6))
    client = as_user(doctor.user)

    statuses = {
        wanted: [slot["status"] for slot in data_of(client.get(SCHEDULE, {"status": wanted}))["results"]]
        for wanted in ("held", "booked", "free")
    }

    assert statuses == {"held": ["held"], "booked": ["booked"], "free": ["free"]}


def test_no_list_of_bookings_for_staff_contains_a_hold(hold: Booking, doctor: Doctor, now: datetime) -> None:
    period = PeriodsByPlace([(hold.starts_at, hold.ends_at)])
    assert doctor.user is not None

    assert list(bookings_in_feed(doctor.user, now=now)) == []
    assert affected_bookings(doctor, period) == []
    assert list(visible_bookings(make_receptionist())) == []


@pytest.mark.parametrize(
    "page", ["scheduling/booking/", "scheduling/slot/", "scheduling/booking/{pk}/change/"]
)
def test_no_page_of_the_admin_names_the_patient_of_a_hold(
    hold: Booking, admin: User, client_for: Any, clinic: Any, page: str
) -> None:
    client = ClinicClient(clinic)
    client.force_login(admin)

    text = client.get(f"/admin/{page.format(pk=hold.pk)}", follow=True).content.decode()

    assert "Secretia" not in text
    assert "Holder" not in text


def test_the_permission_classes_hold_the_rules_for_rows(
    hold: Booking, doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    booked, child = make_patient(), make_dependant(patient)
    booking = make_booking(make_slot(doctor, now + timedelta(hours=5)), booked, now=now)
    users = {
        "patient": user_of(patient), "doctor": doctor.user, "other": make_doctor().user, "admin": admin,
    }  # fmt: skip

    def allowed(permission: type[IsSelf | IsDoctor | IsFrontDesk], row: object) -> set[str]:
        request: Any = Request.__new__(Request)
        found = set()
        for name, user in users.items():
            request._user = user
            if permission().has_object_permission(request, APIView(), row):
                found.add(name)
        return found

    assert [allowed(IsSelf, row) for row in (patient, child, hold, booked, booking)] == [
        {"patient"}, {"patient"}, {"patient"}, set(), set(),
    ]  # fmt: skip
    assert [allowed(IsPatient, row) for row in (patient, booked)] == [{"patient"}, set()]
    assert [allowed(IsDoctor, row) for row in (patient, hold, booked, booking, doctor)] == [
        set(), set(), {"doctor"}, {"doctor"}, set(),
    ]  # fmt: skip
    assert [allowed(IsFrontDesk, row) for row in (patient, hold, booking)] == [{"admin"}, set(), {"admin"}]


def test_a_doctor_who_is_made_a_patient_no_longer_reads_the_patients(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + timedelta(hours=5)), patient, now=now)
    user = doctor.user
    assert user is not None
    assert [*visible_patients(user)] == [patient]

    user.role = User.Role.PATIENT

    assert [*visible_patients(user), *visible_bookings(user)] == []
