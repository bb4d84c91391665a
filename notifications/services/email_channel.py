"""Send messages by email."""

from collections.abc import Callable

from notifications.errors import PermanentFailure
from notifications.models import Message
from notifications.rendering import email_of
from notifications.services.delivery import deliver
from tenants.accounts.email_verification.services import ensure_verification
from tenants.base.clock import now


def send_email(message: Message, on_accepted: Callable[[str], None]) -> None:
    """Send a message by email. `on_accepted` gets the provider's id of the email, if it has one.

    :raises PermanentFailure: the server refused the address
    :raises OSError: the mail server cannot be reached, or refuses temporarily
    """
    _prepare_links(message)
    if not deliver(email_of(message), about=str(message.pk), on_accepted=lambda: on_accepted("")):
        raise PermanentFailure(Message.Parked.REFUSED)


def _prepare_links(message: Message) -> None:
    """Create what the links of an email refer to. Rendering writes nothing, so that it can be a preview."""
    if message.kind == Message.Kind.CONFIRMATION and message.recipient.email_verified_at is None:
        ensure_verification(user=message.recipient, now=now())
