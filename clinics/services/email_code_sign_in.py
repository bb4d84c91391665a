"""Sign in or register with a code that was sent by email."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.errors import DetailsRequired
from clinics.selectors import clinic_settings
from clinics.services.profiles import register_patient
from tenants.accounts.attempt_limits import limit_registrations
from tenants.accounts.email_code.services import check_code, proven_account, use_code
from tenants.accounts.models import EmailCode, User
from tenants.accounts.second_factor.challenge import require_second_factor
from tenants.accounts.sessions.services import Session, complete_sign_in
from tenants.base.errors import InvalidInput
from tenants.base.retry import retry_conflicts


def sign_in_with_email_code(
    *, token: str, digits: str, person: Mapping[str, Any], address: str, now: datetime
) -> Session:
    """Check the code that was sent to an email address, and sign in to the account with this address.

    If there is none, `person` is registered as a patient with a confirmed address and no password.

    :param token: the browser's token for the code
    :param person: `first_name`, `last_name` and other arguments of `register_patient`; empty to sign in only.
        Ignored if the address belongs to an account
    :param address: the client address to count attempts and registrations for
    :raises CodeOver: the code was used, has expired or was entered too often, or another browser requested it
    :raises InvalidInput: the code is wrong, or the clinic asks for the date of birth
    :raises DetailsRequired: there is no account, and `person` is empty. The code can be used again
    :raises SecondFactorRequired: the account needs another code, that of the authenticator app
    :raises TooManyAttempts: too many codes were wrong, or too many people registered from this address
    """
    code = check_code(token=token, digits=digits, address=address, now=now)
    user = _account_of(code, person, address=address, now=now)
    require_second_factor(user=user)
    return complete_sign_in(user=user, now=now)


@retry_conflicts
@transaction.atomic
def _account_of(code: EmailCode, person: Mapping[str, Any], *, address: str, now: datetime) -> User:
    """Use the code up and return the account with its address. Create it if there is none."""
    user = proven_account(code=code, is_new=bool(person), now=now)
    if user is None:
        user = _register(code, person, address=address, now=now)
    use_code(code=code, now=now)
    return user


def _register(code: EmailCode, person: Mapping[str, Any], *, address: str, now: datetime) -> User:
    if not person:
        raise DetailsRequired
    if clinic_settings().ask_date_of_birth and not person.get("date_of_birth"):
        raise InvalidInput(errors={"date_of_birth": [_("Enter your date of birth.")]})
    limit_registrations(address=address, now=now)
    patient = register_patient(email=code.email, password=None, confirmed_at=now, **person)
    assert patient.user is not None  # noqa: S101  it was created with the patient
    return patient.user
