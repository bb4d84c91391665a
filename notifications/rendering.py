"""The text of each kind of message."""

from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives

from notifications.booking_emails import booking_email
from notifications.models import Message
from notifications.staff_emails import staff_day_email, staff_digest_email, staff_notice_email
from notifications.staff_topics import TOPICS

_EMAILS: dict[str, Callable[[Message], EmailMultiAlternatives]] = {
    **dict.fromkeys(TOPICS, staff_notice_email),
    Message.Kind.STAFF_DAY: staff_day_email,
    Message.Kind.STAFF_DIGEST: staff_digest_email,
}
"""The function that makes the email of a kind of message. Every other kind is a patient's `booking_email`."""


def email_of(message: Message) -> EmailMultiAlternatives:
    """Return the email of a message, in its recipient's language."""
    return _EMAILS.get(message.kind, booking_email)(message)
