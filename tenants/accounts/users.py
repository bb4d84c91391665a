"""Create users and check the strength of their passwords."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tenants.accounts.email_owner import check_email_is_free, lock_email
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput


@transaction.atomic
def create_user(
    *,
    email: str,
    password: str | None,
    first_name: str,
    last_name: str,
    role: str,
    phone: str = "",
    confirmed_at: datetime | None = None,
    language: str = "",
) -> User:
    """Create a user of the current clinic, or in public an operator.

    A patient without `confirmed_at` does not own the address. There may be several with the same one.

    :param confirmed_at: when the person proved that they read emails to this address
    :param language: the language of pages and messages for the person; "" for the clinic's default
    :raises InvalidInput: the password is too weak
    :raises EmailTaken: the new user would own the address, and another account does
    """
    user = User(
        email=email.strip().lower(),
        first_name=first_name,
        last_name=last_name,
        role=role,
        phone=phone,
        email_verified_at=confirmed_at,
        language=language,
    )
    if password is not None:
        validate_password_strength(password, user=user)
    user.password = make_password(password)
    if user.owns_email:
        lock_email(user.email)
        check_email_is_free(user.email)
    user.save(force_insert=True)
    return user


def validate_password_strength(password: str, *, user: User, field: str = "password") -> None:
    """Validate a new password.

    :param field: the name of the input field, for the error
    :raises InvalidInput: it is too weak; `errors` says why
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(errors={field: list(error.messages)}) from error
