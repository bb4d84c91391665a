"""Send messages by email."""

from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError

from notifications.errors import NotRendered
from notifications.models import Message
from notifications.rendering import email_of
from notifications.services.delivery import deliver
from tenants.accounts.email_verification.services import ensure_verification
from tenants.base.clock import now


def send_email(message: Message, on_accepted: Callable[[str], None]) -> None:
    """Send a message by email. `on_accepted` gets the provider's id of the email, if it has one.

    :raises NotRendered: its text could not be made
    :raises PermanentFailure: the server refused it for good
    :raises TemporaryFailure: the server refused it for now
    :raises CircuitOpen: the server has failed several times in a row, so it was not tried
    :raises OSError: the mail server cannot be reached
    """
    _prepare_links(message)
    deliver(_render(message), on_accepted=on_accepted)


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
