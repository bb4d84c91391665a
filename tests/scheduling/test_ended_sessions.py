"""Requests whose session ends, or whose patient is erased, while they run."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from clinics.models import Patient
from clinics.services import dependants, profiles
from notifications.models import CalendarFeed
from notifications.services import feeds
from scheduling.account_closure import erase_patient
from tenants.accounts.email_verification.services import request_verification
from tenants.accounts.errors import SessionEnded
from tenants.accounts.models import EmailVerification, User
from tenants.accounts.models.authenticator import Authenticator
from tenants.accounts.passwords.services import request_reset, reset_password, reset_to_send, reset_token
from tenants.accounts.second_factor.enrolment import begin_enrolment
from tenants.accounts.sessions.services import start_session
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_admin, make_dependant, make_patient, user_of
from tests.factories.threads import run_concurrently

NAME = "Zyxomatosis"


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """A patient who has not confirmed the address, with a dependant."""
    patient = make_patient(confirmed_at=None)
    make_dependant(patient)
    return patient


def erase(patient: Patient, now: datetime) -> None:
    """Erase the patient."""
    erase_patient(patient=patient, by=make_admin(), now=now)


def reset(patient: Patient, now: datetime) -> None:
    """Prove the address with a new password."""
    email = user_of(patient).email
    sent = reset_to_send(reset_id=request_reset(email=email, address="", now=now).pk, now=now)
    assert sent is not None
    reset_password(token=reset_token(sent), password="another horse, another staple", now=now)


def change_profile(user: User, _now: datetime) -> None:
    """Change the name."""
    profiles.update_profile(user=user, person={"first_name": NAME}, profile={})


def add_dependant(user: User, _now: datetime) -> None:
    """Add a dependant."""
    dependants.add_dependant(user=user, details={"first_name": NAME, "last_name": NAME})


def change_dependant(user: User, _now: datetime) -> None:
    """Change the name of the dependant."""
    child = Patient.objects.get(user=None)
    dependants.change_dependant(dependant=child, details={"first_name": NAME}, by=user)


def make_feed(user: User, now: datetime) -> None:
    """Make a calendar link."""
    feeds.create_feed(user=user, name=NAME, now=now)


def ask_for_link(user: User, now: datetime) -> None:
    """Ask for the confirmation link."""
    request_verification(user=user, address="", now=now)


def enrol(user: User, _now: datetime) -> None:
    """Start the set-up of two-step sign-in."""
    begin_enrolment(user=user)


@pytest.mark.parametrize("end", [erase, reset])
@pytest.mark.parametrize(
    "write", [change_profile, add_dependant, change_dependant, make_feed, ask_for_link, enrol]
)
def test_a_request_stores_nothing_after_its_session_has_ended(
    patient: Patient,
    now: datetime,
    end: Callable[[Patient, datetime], None],
    write: Callable[[User, datetime], None],
) -> None:
    user = User.objects.get(pk=user_of(patient).pk)  # as the request has loaded it
    end(patient, now)

    with pytest.raises(SessionEnded):
        write(user, now)

    assert not Patient.objects.filter(first_name=NAME).exists()
    assert [rows.objects.count() for rows in (CalendarFeed, EmailVerification, Authenticator)] == [0, 0, 0]


@pytest.mark.parametrize(("guarded", "left"), [(True, 0), (False, 1)])
def test_a_change_of_the_name_that_meets_the_erasure_stores_no_name(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, *, guarded: bool, left: int
) -> None:
    if not guarded:
        monkeypatch.setattr(profiles, "lock_active_account", lambda _user: None)
    patient, admin = make_patient(), make_admin()
    client = ClinicClient(committed_clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {start_session(user=user_of(patient)).access}")
    change = profiles.update_profile

    def change_after_erasure(**arguments: Any) -> Any:
        (done,) = run_concurrently(
            committed_clinic, lambda: erase_patient(patient=patient, by=admin, now=now)
        )
        assert done is None
        return change(**arguments)

    monkeypatch.setattr("clinics.api.views.update_profile", change_after_erasure)

    answer = client.patch("/api/auth/profile/", {"first_name": NAME})

    assert answer.status_code == (401 if guarded else 200)
    assert Patient.objects.filter(first_name=NAME).count() == left


def test_a_page_that_was_open_during_the_erasure_cannot_store_the_details_again(
    clinic: Clinic, patient: Patient, admin: User, now: datetime
) -> None:
    desk = ClinicClient(clinic)
    desk.force_login(admin)
    erase(patient, now)
    form = {"first_name": NAME, "last_name": NAME, "phone": ""}
    management = {"cared_for_by-TOTAL_FORMS": "0", "cared_for_by-INITIAL_FORMS": "0"}

    answer = desk.post(
        f"/admin/clinics/patient/{patient.pk}/change/", {**form, **management}, format="multipart"
    )

    assert answer.status_code == 403
    assert not Patient.objects.filter(first_name=NAME).exists()
