"""`manage.py reset_second_factor` turns off two-step sign-in."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants.accounts.models import User
from tenants.accounts.models.authenticator import Authenticator
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.second_factor import give_authenticator


def test_an_operator_can_sign_in_with_the_password_again(operator: User) -> None:
    give_authenticator(operator)
    output = StringIO()

    call_command("reset_second_factor", operator.email.upper(), stdout=output)

    assert output.getvalue() == "Two-step sign-in is off. All sessions of this user have ended.\n"
    assert Authenticator.objects.count() == 0
    assert ("second_factor_reset", "accounts.user", str(operator.pk)) in audit_entries()


def test_a_clinics_admin_can_sign_in_with_the_password_again(clinic: Clinic, admin: User) -> None:
    give_authenticator(admin)
    leave_clinic()

    call_command("reset_second_factor", admin.email, clinic=clinic.slug, stdout=StringIO())

    with enter_clinic(clinic):
        assert Authenticator.objects.count() == 0


@pytest.mark.parametrize(
    ("email", "clinic", "message"),
    [
        ("nobody@platform.example", None, "There is no user with this email address."),
        ("nobody@platform.example", "nowhere", "There is no clinic “nowhere”."),
    ],
)
def test_an_unknown_clinic_or_user_is_refused(
    operator: User, email: str, clinic: str | None, message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("reset_second_factor", email, clinic=clinic)


def test_a_user_without_two_step_sign_in_is_refused(operator: User) -> None:
    with pytest.raises(CommandError, match="Two-step sign-in is not set up"):
        call_command("reset_second_factor", operator.email)
