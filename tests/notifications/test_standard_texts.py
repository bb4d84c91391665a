"""The linter passes all standard texts, in all sample scenarios."""

from collections.abc import Callable
from datetime import datetime

import pytest

from clinics.models import ClinicSettings
from notifications.linting import Finding
from notifications.models import Message
from notifications.rendering import email_kinds, email_of
from notifications.services.samples import SCENARIOS, Scenario, sample_message
from notifications.services.text_checks import check_message
from scheduling.models import Booking, VisitType
from tenants.accounts.models import User
from tenants.current import enter_clinic
from tenants.models import Clinic

CHECKS: list[Callable[[], object]] = [
    lambda: ClinicSettings.objects.update(phone="020 7946 0000", address="1 High St\nLondon"),
    lambda: ClinicSettings.objects.update(phone="", address=""),
]
LONG_SUBJECT = {"subject_length"}
"""In the repeated hour, the subject explains which of the two times is meant."""


@pytest.mark.parametrize("prepare", CHECKS, ids=["with phone and address", "without"])
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_the_linter_finds_nothing_in_standard_texts(
    clinic: Clinic, now: datetime, scenario: Scenario, prepare: Callable[[], object]
) -> None:
    prepare()
    findings: dict[str, list[Finding]] = {}

    for kind in email_kinds():
        with sample_message(kind, scenario, now=now) as message:
            allowed = LONG_SUBJECT if scenario.name == "repeated_hour" else set()
            findings[kind] = [found for found in check_message(message) if found.rule not in allowed]

    assert {kind: found for kind, found in findings.items() if found} == {}


def test_standard_texts_pass_in_american_english(other_clinic: Clinic, now: datetime) -> None:
    with enter_clinic(other_clinic):
        for kind in email_kinds():
            with sample_message(kind, SCENARIOS["longest"], now=now) as message:
                assert check_message(message) == []


def test_samples_leave_nothing_behind_and_send_nothing(clinic: Clinic, now: datetime) -> None:
    models = (Message, Booking, User, VisitType)
    before = [model.objects.count() for model in models]

    for scenario in SCENARIOS.values():
        with sample_message("confirmation", scenario, now=now) as message:
            email_of(message)

    assert [model.objects.count() for model in models] == before


def test_the_stored_text_of_a_message_has_no_secret_links(
    clinic: Clinic, clock: object, now: datetime
) -> None:
    with sample_message("confirmation", SCENARIOS["unconfirmed"], now=now) as message:
        email = email_of(message)

    assert "/verify-email?token=" in str(email.body)
    assert "token=" not in message.text
    assert f"/appointments/{message.booking_id}" not in message.text
    assert message.subject == email.subject
