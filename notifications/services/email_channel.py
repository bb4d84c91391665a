"""Send messages by email."""

from collections.abc import Callable

from notifications.errors import PermanentFailure
from notifications.models import Message
from notifications.preference_links import preferences_url
from notifications.preferences import topic_of
from notifications.rendering import email_of
from notifications.services.delivery import deliver
from notifications.services.outgoing import provider_id
from tenants.accounts.models import User
from tenants.base.email_addresses import NotMailable, smtp_address


def send_email(message: Message, on_accepted: Callable[[str], None]) -> None:
    """Send a message by email. `on_accepted` gets the provider's id of the email, if it has one.

    :raises PermanentFailure: the server refused the address, or emails to it are held
    :raises OSError: the mail server cannot be reached, or refuses temporarily
    """
    check_address(message.recipient)
    email = email_of(message)
    email.extra_headers |= unsubscribe_headers(message)
    if not deliver(email, about=str(message.pk), on_accepted=lambda: on_accepted(provider_id(email))):
        raise PermanentFailure(Message.Parked.REFUSED)


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
