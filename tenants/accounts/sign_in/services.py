"""Sign in with an email address and a password."""

from datetime import datetime

from django.contrib.auth import authenticate

from tenants.accounts.attempt_limits import limited_sign_in
from tenants.accounts.audit.services import audit_refused_sign_in
from tenants.accounts.errors import InvalidCredentials
from tenants.accounts.models import User
from tenants.accounts.second_factor.challenge import require_second_factor
from tenants.accounts.sessions.services import Session, complete_sign_in


def sign_in(*, email: str, password: str, address: str, device: str = "", now: datetime) -> Session:
    """Check email address and password and start a session.

    :param address: the client address to count attempts for
    :param device: the id of a known device of the user, for the same purpose
    :raises InvalidCredentials: they do not match, or the user is deactivated
    :raises SecondFactorRequired: they match, and a code is needed
    :raises TooManyAttempts: the limit of this account or this address is reached
    """
    with limited_sign_in(email=email, address=address, device=device, now=now) as attempt:
        user = authenticate(username=email, password=password)
        if not isinstance(user, User):
            audit_refused_sign_in(email=email)
            raise InvalidCredentials
        attempt.user = user
    require_second_factor(user=user)
    return complete_sign_in(user=user, now=now)
