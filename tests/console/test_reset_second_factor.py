"""`manage.py reset_second_factor`: for whom no admin can help."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants.accounts.authenticator import Authenticator
from tenants.accounts.models import User
from tenants.door import enter_clinic, leave_clinic
from tenants.models import Clinic
from tests.factories.audit import entries
from tests.factories.second_factor import give_authenticator


def test_an_operator_is_let_back_in(operator: User) -> None:
    give_authenticator(operator)
    said = StringIO()

    call_command("reset_second_factor", operator.email.upper(), stdout=said)

    assert said.getvalue() == "Two-step sign-in is off. All sessions of this user have ended.\n"
    assert Authenticator.objects.count() == 0
    assert ("second_factor_reset", "accounts.user", str(operator.pk)) in entries()


def test_a_clinics_admin_is_let_back_in(clinic: Clinic, admin: User) -> None:
    give_authenticator(admin)
    leave_clinic()

    call_command("reset_second_factor", admin.email, clinic=clinic.slug, stdout=StringIO())

    with enter_clinic(clinic):
        assert Authenticator.objects.count() == 0


@pytest.mark.parametrize(
    ("email", "clinic", "words"),
    [
        ("nobody@platform.example", None, "There is no user with this email address."),
        ("nobody@platform.example", "nowhere", "There is no clinic “nowhere”."),
    ],
)
def test_what_is_not_there_is_said(operator: User, email: str, clinic: str | None, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("reset_second_factor", email, clinic=clinic)


def test_where_nothing_is_set_up_there_is_nothing_to_reset(operator: User) -> None:
    with pytest.raises(CommandError, match="Two-step sign-in is not set up"):
        call_command("reset_second_factor", operator.email)
