"""The text of each kind of message."""

import re
from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives

from notifications.booking_emails import BOOKING_EMAIL_KINDS, booking_email
from notifications.models import Message
from notifications.staff_emails import staff_day_email, staff_digest_email, staff_notice_email
from notifications.staff_topics import TOPICS

_EMAILS: dict[str, Callable[[Message], EmailMultiAlternatives]] = {
    **dict.fromkeys(TOPICS, staff_notice_email),
    Message.Kind.STAFF_DAY: staff_day_email,
    Message.Kind.STAFF_DIGEST: staff_digest_email,
}
"""The function that makes the email of a kind of message. Every other kind is a patient's `booking_email`."""
_MAX_SUBJECT = 300
_SECRET = re.compile(r"(https?://[^\s/]+(?:/[^\s/?#]+)?)[/?#][^\s]+")


def email_of(message: Message) -> EmailMultiAlternatives:
    """Return the email of a message, in its recipient's language.

    It is also set as the subject and text of `message`, which are stored when the email has been sent.
    """
    email = _EMAILS.get(message.kind, booking_email)(message)
    message.subject = email.subject[:_MAX_SUBJECT]
    message.text = without_secrets(str(email.body))
    return email


def without_secrets(text: str) -> str:
    """Return a text without the rest of links behind the first part of the path: it can be a secret token."""
    return _SECRET.sub(r"\1/…", text)


def email_kinds() -> list[Message.Kind]:
    """Return the kinds of messages that are sent by email."""
    return [kind for kind in Message.Kind if kind in _EMAILS or kind in BOOKING_EMAIL_KINDS]
