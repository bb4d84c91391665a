"""Create users and check the strength of their passwords."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tenants.accounts.errors import EmailTaken
from tenants.accounts.models import User
from tenants.base.constraints import insert_unless_taken
from tenants.base.errors import InvalidInput


def create_user(
    *, email: str, password: str | None, first_name: str, last_name: str, role: str, phone: str = ""
) -> User:
    """Create a user of the current clinic, or in public an operator.

    :raises InvalidInput: the password is too weak
    :raises EmailTaken: an account with this email address exists
    """
    user = User(
        email=email.strip().lower(), first_name=first_name, last_name=last_name, role=role, phone=phone
    )
    if password is not None:
        validate_password_strength(password, user=user)
    user.set_password(password)
    if not insert_unless_taken(user):
        raise EmailTaken(errors={"email": [EmailTaken.message]})
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
