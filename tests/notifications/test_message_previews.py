"""Previews of all messages in the clinic's admin, with invented people."""

import pytest

from notifications.models import Message
from notifications.services.previews import preview_choices, preview_of
from notifications.services.samples import SCENARIOS
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.admin_pages import get_page
from tests.factories.clinic_client import ClinicClient
from tests.factories.queue import queued_job_kinds

PREVIEW = "notifications/message/preview/"


@pytest.fixture
def desk(clinic: Clinic, admin: User) -> ClinicClient:
    """A client of an admin who is signed in to the clinic's admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


def test_every_message_can_be_previewed_and_passes_the_linter(clinic: Clinic) -> None:
    found = {name: preview_of(name, now=clock_now()).findings for name, _label in preview_choices()}

    assert len(found) >= 15
    assert {name: findings for name, findings in found.items() if findings} == {}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_preview_shows_subject_text_and_both_widths(desk: ClinicClient, scenario: str) -> None:
    page = get_page(desk, f"{PREVIEW}?kind=confirmation&scenario={scenario}")

    assert page.count("<iframe sandbox ") == 2
    assert "Appointment booked:" in page
    assert "Your appointment at Riverside is booked." in page


def test_a_preview_stores_nothing_and_sends_nothing(desk: ClinicClient) -> None:
    get_page(desk, PREVIEW)
    before = (Message.objects.count(), Booking.objects.count(), User.objects.count(), queued_job_kinds())

    get_page(desk, f"{PREVIEW}?kind=confirmation&scenario=unconfirmed")
    get_page(desk, f"{PREVIEW}html/?kind=offer")

    assert before == (
        Message.objects.count(),
        Booking.objects.count(),
        User.objects.count(),
        queued_job_kinds(),
    )


def test_the_html_of_a_preview_can_do_nothing(desk: ClinicClient) -> None:
    response = desk.get(f"/admin/{PREVIEW}html/?kind=confirmation")

    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("query", ["?kind=nothing", "?kind=staff_day", "?kind=offer&scenario=nothing"])
def test_an_unknown_message_or_situation_is_not_found(desk: ClinicClient, query: str) -> None:
    assert desk.get(f"/admin/{PREVIEW}{query}").status_code == 404
