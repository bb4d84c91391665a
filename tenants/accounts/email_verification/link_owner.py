"""Checks that a confirmation link is used by the person whose account it confirms."""

from datetime import datetime

from django.utils.translation import gettext as _

from tenants.accounts.attempt_limits import limited_password_check
from tenants.accounts.errors import PasswordRequired
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput


def check_link_owner(
    *, user: User, signed_in: User | None, password: str | None, address: str, now: datetime
) -> None:
    """Check that a link is used in a session of `user`, or with their password.

    A link proves only that an email was read. The account may be a stranger's, who entered the address of the
    reader. If the reader confirmed it, the stranger could go on using it with the stranger's own password.
    Call it outside a transaction, so that a wrong password is counted.

    :param signed_in: the user who is signed in on the device that used the link
    :param password: the password entered with the link; None if there is none
    :param address: the client address to count attempts for
    :raises PasswordRequired: it is used outside a session of `user`, and without a password
    :raises InvalidInput: the password is wrong
    :raises TooManyAttempts: too many passwords were wrong
    """
    if signed_in == user:
        return
    if password is None:
        raise PasswordRequired(errors={"password": [PasswordRequired.message]})
    with limited_password_check(user=user, address=address, now=now):
        if not user.check_password(password):
            raise InvalidInput(
                errors={"password": [_("This is not the password of this account. Try again.")]}
            )
