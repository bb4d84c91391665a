"""Who may lose or get a role: the last admin of a clinic, and users who become or stop being doctors."""

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from clinics.models import Doctor, Patient
from clinics.services.profiles import add_doctor
from tenants.accounts import access_rules
from tenants.accounts.access_rules import check_access_change
from tenants.accounts.erase_user import erase_user
from tenants.accounts.errors import LastAdmin
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.admin_pages import get_form, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_admin, make_doctor, make_receptionist, make_user
from tests.factories.schedule import make_booking, make_slot
from tests.factories.second_factor import sign_in_with_second_factor
from tests.factories.threads import run_concurrently

LAST_ADMIN = "This is the last active administrator."


@pytest.fixture
def desk(clinic: Clinic, admin: User) -> ClinicClient:
    """A browser signed in to the clinic's admin by its only admin."""
    User.objects.filter(role=User.Role.ADMIN).exclude(pk=admin.pk).update(is_active=False)
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


def change(desk: ClinicClient, user: User, **fields: str) -> str:
    """Change a user on the admin's page and return the resulting page."""
    page = f"accounts/user/{user.pk}/change/"
    return submit_form(desk, page, get_form(desk, page) | fields)


def access(user: User) -> tuple[str, bool]:
    """Return the stored role and `is_active`."""
    stored = User.objects.get(pk=user.pk)
    return stored.role, stored.is_active


@pytest.mark.parametrize("fields", [{"is_active": ""}, {"role": "receptionist"}, {"role": "doctor"}])
def test_the_last_active_admin_cannot_be_deactivated_or_lose_the_role(
    desk: ClinicClient, admin: User, fields: dict[str, str]
) -> None:
    page = change(desk, admin, **fields)

    assert LAST_ADMIN in page
    assert access(admin) == ("admin", True)


def test_an_admin_can_be_deactivated_and_lose_the_role_while_another_one_is_active(
    desk: ClinicClient, admin: User
) -> None:
    others = [make_admin(), make_admin()]

    change(desk, others[0], is_active="")
    change(desk, others[1], role="receptionist")

    assert [access(user) for user in others] == [("admin", False), ("receptionist", True)]


def test_the_last_active_admin_cannot_be_erased(desk: ClinicClient, admin: User) -> None:
    with pytest.raises(LastAdmin):
        erase_user(user=admin, by=admin, now=clock_now())


def test_the_last_operator_cannot_be_deactivated_at_the_console(
    clinics: tuple[Clinic, Clinic], db: None
) -> None:
    User.objects.filter(role=User.Role.OPERATOR).update(is_active=False)
    operator = make_user(User.Role.OPERATOR)
    browser = Client(SERVER_NAME="example.localhost")
    sign_in_with_second_factor(browser, operator)
    form = {"email": operator.email, "first_name": "Kim", "last_name": "Doe", "role": "operator"}

    page = browser.post(f"/console/accounts/user/{operator.pk}/change/", form, follow=True)

    assert LAST_ADMIN in page.content.decode()
    assert access(operator) == ("operator", True)


def remove_each_other(clinic: Clinic) -> list[Any]:
    """Two admins, the only ones, deactivate each other at the same moment. Return both results."""
    User.objects.filter(role=User.Role.ADMIN).update(is_active=False)
    admins = [make_admin(), make_admin()]

    def deactivate(user: User) -> str:
        with transaction.atomic():
            check_access_change(user=user, is_active=False, now=clock_now())
            time.sleep(0.3)  # the other check runs in the meantime, unless it waits
            User.objects.filter(pk=user.pk).update(is_active=False)
        return "deactivated"

    return run_concurrently(clinic, *(lambda user=user: deactivate(user) for user in admins))


def active_admins() -> int:
    """Return the number of active admins."""
    return User.objects.filter(role=User.Role.ADMIN, is_active=True).count()


def test_of_two_admins_who_deactivate_each_other_at_the_same_time_one_remains(
    committed_clinic: Clinic,
) -> None:
    outcomes = remove_each_other(committed_clinic)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LastAdmin", "str"]
    assert active_admins() == 1


def test_without_the_lock_two_admins_deactivate_each_other(
    committed_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_rules, "_lock_admins", lambda: None)

    assert remove_each_other(committed_clinic) == ["deactivated", "deactivated"]
    assert active_admins() == 0


def test_a_user_who_becomes_a_doctor_gets_an_inactive_doctors_record(desk: ClinicClient) -> None:
    user = make_receptionist(first_name="Ada", last_name="Moss")

    change(desk, user, role="doctor")

    doctor = Doctor.objects.get(user=user)
    assert (access(user), doctor.name, doctor.is_active) == (("doctor", True), "Ada Moss", False)


def test_a_user_who_becomes_a_doctor_is_linked_to_the_only_free_record_of_the_same_name(
    desk: ClinicClient,
) -> None:
    user = make_receptionist(first_name="Ada", last_name="Moss")
    doctor = add_doctor(name="ada moss", title="Dr")

    change(desk, user, role="doctor")

    assert Doctor.objects.get(user=user) == doctor


def test_a_user_does_not_become_a_doctor_if_several_free_records_have_the_name(desk: ClinicClient) -> None:
    user = make_receptionist(first_name="Ada", last_name="Moss")
    add_doctor(name="Ada Moss")
    add_doctor(name="Ada Moss", title="Dr")

    page = change(desk, user, role="doctor")

    assert "Several doctors without an account have this person" in page
    assert access(user) == ("receptionist", True)


def test_a_doctor_with_upcoming_bookings_keeps_the_role(
    desk: ClinicClient, patient: Patient, now: datetime
) -> None:
    doctor = make_doctor()
    assert doctor.user is not None
    make_booking(make_slot(doctor, clock_now() + timedelta(days=3)), patient, now=clock_now())

    page = change(desk, doctor.user, role="receptionist")

    assert "This doctor has 1 upcoming booking." in page
    assert access(doctor.user) == ("doctor", True)


def test_a_doctor_without_bookings_can_get_another_role_and_back_and_is_no_longer_bookable(
    desk: ClinicClient,
) -> None:
    doctor = make_doctor()
    assert doctor.user is not None

    change(desk, doctor.user, role="receptionist")
    doctor.refresh_from_db()
    former = doctor.is_active
    change(desk, doctor.user, role="doctor")

    assert (former, access(doctor.user)) == (False, ("doctor", True))
    assert list(Doctor.objects.filter(user=doctor.user)) == [doctor]


def test_a_user_who_becomes_a_patient_gets_a_patients_record(desk: ClinicClient) -> None:
    user = make_receptionist(first_name="Ada", last_name="Moss")

    change(desk, user, role="patient")

    assert Patient.objects.get(user=user).full_name == "Ada Moss"
