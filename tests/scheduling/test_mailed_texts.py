"""Wherever staff write a text that patients get by email, they read that email is not encrypted."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from tenants.accounts.models import User
from tenants.base.fields import MAILED_TEXT
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.generated_requests import DOCUMENT
from tests.factories.schedule import make_booking, make_slot

HINT = "which is not encrypted. Do not write anything about health"


@pytest.fixture
def desk(clinic: Clinic, admin: User) -> ClinicClient:
    """A browser of an admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


def test_the_page_to_cancel_bookings_warns(
    desk: ClinicClient, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + timedelta(days=7)), patient, now=now)
    action = {"action": "cancel_selected", "_selected_action": str(booking.pk)}

    page: Any = desk.post("/admin/scheduling/booking/", action, format="multipart")

    assert HINT in page.content.decode()


def test_the_page_for_time_off_warns(desk: ClinicClient, doctor: Doctor) -> None:
    page: Any = desk.get("/admin/scheduling/timeoff/add/")

    assert "which is not encrypted" in page.content.decode()
    assert "Do not write anything about health" in page.content.decode()


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        ("CancelInputRequest", "reason"),
        ("SeriesCancelInputRequest", "reason"),
        ("RescheduleInputRequest", "reason"),
        ("TimeOffInputRequest", "note"),
        ("DecisionsInputRequest", "note"),
        ("ExceptionChangeInputRequest", "note"),
        ("WeekChangeInputRequest", "note"),
    ],
)
def test_the_description_of_the_api_warns(schema: str, field: str) -> None:
    schemas = json.loads(DOCUMENT.read_text())["components"]["schemas"]

    assert MAILED_TEXT in schemas[schema]["properties"][field]["description"]
