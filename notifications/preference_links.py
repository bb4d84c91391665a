"""Links in emails to the page where a recipient chooses which messages they get. They need no sign-in.

A link is valid as long as the account has the address that the email went to.
"""

import uuid

from django.urls import reverse
from django.utils.crypto import salted_hmac

from tenants.accounts.errors import LinkInvalid
from tenants.accounts.models import User
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url


def preferences_url(user: User, *, topic: str = "") -> str:
    """Return the URL of the page. With a topic, mail programs can switch its emails off (RFC 8058)."""
    path = preferences_path(user)
    return clinic_url(current_clinic(), f"{path}?topic={topic}" if topic else path)


def preferences_path(user: User) -> str:
    """Return the path of the page at the clinic's host."""
    return reverse("message-preferences", args=[sign_id(user.pk, purpose=_purpose(user))])


def user_of_link(token: str) -> User:
    """Return the user whose preferences a link leads to.

    :raises LinkInvalid: the token is forged, or the account is closed or has another address now
    """
    try:
        user = User.objects.filter(pk=uuid.UUID(token.partition(".")[0]), is_active=True).first()
    except ValueError as error:
        raise LinkInvalid from error
    if user is None:
        raise LinkInvalid
    read_id(token, purpose=_purpose(user), refusal=LinkInvalid)
    return user


def _purpose(user: User) -> str:
    address = salted_hmac("message preferences", user.email, algorithm="sha256").hexdigest()
    return f"message preferences of {address}"
