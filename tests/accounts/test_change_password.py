"""Changing one's password: what it takes, and what it ends."""

from typing import Any

import pytest

from clinics.models import Patient
from tenants.accounts.models import User
from tenants.accounts.services import Session, start_session
from tenants.models import Clinic
from tests.factories.client import ClinicClient, data_of
from tests.factories.people import PASSWORD

NEW = "another horse, another staple"


def signed_in(clinic: Clinic, access: str) -> ClinicClient:
    """A client with that token."""
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


@pytest.fixture
def session(patient: Patient) -> Session:
    """The patient, signed in."""
    assert patient.user is not None
    return start_session(user=patient.user)


def change(clinic: Clinic, session: Session, *, current: str = PASSWORD, new: str = NEW) -> Any:
    """The answer to somebody who changes their password."""
    said = {"current_password": current, "new_password": new}
    return signed_in(clinic, session.access).post("/api/auth/password/change/", said)


def profile(clinic: Clinic, access: str) -> int:
    """The status of reading one's details."""
    status: int = signed_in(clinic, access).get("/api/auth/profile/").status_code
    return status


def test_a_change_ends_every_session_and_answers_with_a_new_one(clinic: Clinic, session: Session) -> None:
    elsewhere = start_session(user=session.user)

    given = data_of(change(clinic, session))

    assert [profile(clinic, each) for each in (session.access, elsewhere.access, given["access"])] == [
        401,
        401,
        200,
    ]
    statuses = [
        ClinicClient(clinic).post("/api/auth/refresh/", {"refresh": each}).status_code
        for each in (session.refresh, elsewhere.refresh, given["refresh"])
    ]
    assert statuses == [401, 401, 200]
    assert User.objects.get(pk=session.user.pk).check_password(NEW)


@pytest.mark.parametrize("current", ["wrong horse battery", PASSWORD.upper(), f"{PASSWORD} "])
def test_the_current_password_must_be_known(clinic: Clinic, session: Session, current: str) -> None:
    answer = change(clinic, session, current=current)

    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"current_password": ["This password is not correct."]},
    )
    assert profile(clinic, session.access) == 200


@pytest.mark.parametrize("new", ["short", "password123", "1029384756"])
def test_a_weak_new_password_is_refused_at_its_field(clinic: Clinic, session: Session, new: str) -> None:
    answer = change(clinic, session, new=new)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["new_password"])
    assert User.objects.get(pk=session.user.pk).check_password(PASSWORD)


def test_nobody_changes_a_password_without_a_session(clinic: Clinic) -> None:
    said = {"current_password": PASSWORD, "new_password": NEW}

    assert ClinicClient(clinic).post("/api/auth/password/change/", said).status_code == 401
