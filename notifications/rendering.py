"""The text of each kind of message."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives

from notifications.booking_emails import BOOKING_EMAIL_KINDS, booking_email
from notifications.languages import in_language_of
from notifications.models import Channel, Message
from notifications.sms_text import has_sms_text, sms_text
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
    message.subject = str(email.subject)[:_MAX_SUBJECT]
    message.text = without_secrets(str(email.body))
    return email


def sms_of(message: Message) -> str:
    """Return a text message, in its recipient's language. It is also set as the text of `message`."""
    with in_language_of(message.recipient):
        text = sms_text(message)
    message.text = without_secrets(text)
    return text


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says, over any channel."""

    subject: str
    text: str
    html: str


def content_of(message: Message) -> Content:
    """Return what a message says."""
    if message.channel == Channel.SMS:
        return Content(subject="", text=sms_of(message), html="")
    return email_content(email_of(message))


def email_content(email: EmailMultiAlternatives) -> Content:
    """Return what an email says."""
    html = next((str(body) for body, kind in email.alternatives if kind == "text/html"), "")
    return Content(subject=str(email.subject), text=str(email.body), html=html)


def without_secrets(text: str) -> str:
    """Return a text without the rest of links behind the first part of the path: it can be a secret token."""
    return _SECRET.sub(r"\1/…", text)


def email_kinds() -> list[Message.Kind]:
    """Return the kinds of messages that are sent by email."""
    return [kind for kind in Message.Kind if kind in _EMAILS or kind in BOOKING_EMAIL_KINDS]


def sms_kinds() -> list[Message.Kind]:
    """Return the kinds of messages that are sent by text message."""
    return [kind for kind in Message.Kind if has_sms_text(kind)]
