"""An email address that is taken is refused without being written into Postgres' log."""

import pytest
from django.db import IntegrityError, transaction

from clinics.services.staff import invite_staff
from tenants.accounts.errors import AlreadyInvited, EmailTaken
from tenants.accounts.models import User
from tenants.accounts.users import create_user
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.database_log import DatabaseLog
from tests.factories.people import PASSWORD, make_admin
from tests.factories.threads import run_concurrently

NAME = "Zxqvrd"
PERSON = {"email": f"{NAME}@people.example", "first_name": NAME, "last_name": f"{NAME}son"}


def register() -> User:
    """Create an account that owns the address."""
    return create_user(
        email=PERSON["email"], first_name=NAME, last_name=NAME, password=PASSWORD, role=User.Role.RECEPTIONIST
    )


def test_an_address_that_is_taken_is_not_logged(committed_clinic: Clinic) -> None:
    log, admin = DatabaseLog(), make_admin()

    def invite() -> None:
        invite_staff(
            email=PERSON["email"],
            first_name=NAME,
            last_name=NAME,
            role=User.Role.ADMIN,
            by=admin,
            now=clock_now(),
        )

    invitations = run_concurrently(committed_clinic, *[invite] * 6)
    users = run_concurrently(committed_clinic, *[register] * 6)

    for outcomes, error in ((invitations, AlreadyInvited), (users, EmailTaken)):
        assert sum(isinstance(outcome, error) for outcome in outcomes) == 5, outcomes
    assert log.lines_with(NAME) == []


def test_the_log_would_show_a_value_that_a_constraint_refuses(clinic: Clinic) -> None:
    log = DatabaseLog()
    register()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=PERSON["email"].lower(), role=User.Role.RECEPTIONIST)

    # The key is logged by Postgres itself. The statement has placeholders.
    (line,) = log.lines_with(NAME)
    assert f"Key (email)=({PERSON['email'].lower()}) already exists." in line
