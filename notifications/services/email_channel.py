"""Send messages by email."""

from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError

from notifications.errors import NotRendered, PermanentFailure
from notifications.models import Message
from notifications.preference_links import preferences_url
from notifications.preferences import topic_of
from notifications.rendering import email_of
from notifications.services.delivery import deliver
from tenants.accounts.email_verification.services import ensure_verification
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.email_addresses import NotMailable, smtp_address


def send_email(message: Message, on_accepted: Callable[[str], None]) -> None:
    """Send a message by email. `on_accepted` gets the provider's id of the email, if it has one.

    :raises NotRendered: its text could not be made
    :raises PermanentFailure: the server refused it for good, or emails to the address are held
    :raises TemporaryFailure: the server refused it for now
    :raises CircuitOpen: the server has failed several times in a row, so it was not tried
    :raises OSError: the mail server cannot be reached
    """
    check_address(message.recipient)
    _prepare_links(message)
    email = _render(message)
    email.extra_headers |= unsubscribe_headers(message)
    deliver(email, about=message.pk, on_accepted=on_accepted)


def _render(message: Message) -> EmailMultiAlternatives:
    try:
        return email_of(message)
    except (DatabaseError, OSError):
        raise
    except Exception as error:
        raise NotRendered from error


def _prepare_links(message: Message) -> None:
    """Create what the links of an email refer to. Rendering writes nothing, so that it can be a preview."""
    if message.kind == Message.Kind.CONFIRMATION and message.recipient.email_verified_at is None:
        ensure_verification(user=message.recipient, now=now())


_HELD = {
    User.EmailProblem.BOUNCED: Message.Parked.UNDELIVERABLE,
    User.EmailProblem.COMPLAINT: Message.Parked.COMPLAINT,
}
"""The reason for parking a message to an address with a problem."""


def check_address(recipient: User) -> None:
    """Check that emails may and can be sent to a user's address.

    :raises PermanentFailure: emails to it are held, or no mail server accepts such an address
    """
    if recipient.email_undeliverable_at is not None:
        raise PermanentFailure(_HELD[User.EmailProblem(recipient.email_problem)])
    try:
        smtp_address(recipient.email)
    except NotMailable as error:
        raise PermanentFailure(Message.Parked.BAD_ADDRESS) from error


def unsubscribe_headers(message: Message) -> dict[str, str]:
    """Return the headers with which mail programs switch optional emails off in one click (RFC 8058)."""
    topic = topic_of(message.kind)
    if topic is None:
        return {}
    return {
        "List-Unsubscribe": f"<{preferences_url(message.recipient, topic=topic)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
