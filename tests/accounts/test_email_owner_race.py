"""Of concurrent proofs of one address exactly one wins; without the lock the database has to refuse."""

from datetime import datetime

import pytest
from django.db import IntegrityError

from tenants.accounts.email_verification import services
from tenants.accounts.email_verification.services import confirm_email_address
from tenants.accounts.errors import LinkInvalid
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.people import make_patient, user_of
from tests.factories.threads import run_concurrently

EMAIL = "mia@people.example"
ACCOUNTS = 12


def confirm_all(clinic: Clinic, now: datetime) -> list[bool | Exception]:
    """Confirm one address for several accounts at the same time."""
    users = [user_of(make_patient(email=EMAIL, confirmed_at=None)) for _ in range(ACCOUNTS)]
    return run_concurrently(
        clinic, *[lambda user=user: confirm_email_address(user=user, now=now) for user in users]
    )


def test_of_concurrent_proofs_of_an_address_exactly_one_wins(committed_clinic: Clinic, now: datetime) -> None:
    outcomes = confirm_all(committed_clinic, now)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert outcomes.count(True) == 1
    assert [type(refusal) for refusal in refused] == [LinkInvalid] * (ACCOUNTS - 1)
    assert User.objects.exclude(email_verified_at=None).filter(email=EMAIL).count() == 1


def test_without_the_lock_the_constraint_refuses_and_postgres_logs_the_address(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "lock_email", lambda _email: None)

    outcomes = confirm_all(committed_clinic, now)

    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    assert User.objects.exclude(email_verified_at=None).filter(email=EMAIL).count() == 1
