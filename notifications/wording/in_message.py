"""Put a clinic's own wording into a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from notifications.models import Channel, Message, MessageWording
from notifications.wording.placeholders import fill_in
from tenants.base.batch_cache import cached_in_batch


@dataclass(frozen=True, slots=True)
class FilledWording:
    """A clinic's wording with the values of one message. It is plain text and has to be escaped in HTML."""

    subject: str
    body: str


def clinic_wording(message: Message, context: Mapping[str, Any]) -> FilledWording | None:
    """Return the clinic's wording of a message, in the active language; None if the standard one applies.

    The standard wording also applies to several visits, to a declined request, and if a placeholder has no
    value for this message: somebody's name has none until the email address is confirmed.

    :param context: the template context of the message
    """
    if context.get("declined") or len(context["visits"]) > 1:
        return None
    language = (get_language() or "en").split("-")[0]
    wording = _stored_wording(message.kind, message.channel, language)
    if wording is None:
        return None
    values = placeholder_values(message, context)
    subject, body = fill_in(wording.subject, values), fill_in(wording.body, values)
    if subject is None or body is None:
        return None
    return FilledWording(subject=" ".join(subject.split()), body="\n".join(body.splitlines()))


@cached_in_batch
def _stored_wording(kind: str, channel: str, language: str) -> MessageWording | None:
    return MessageWording.objects.filter(kind=kind, channel=channel, language=language).first()


def placeholder_values(message: Message, context: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of all placeholders for a message; "" for those without a value."""
    brand = context["brand"]
    is_known = message.recipient.email_verified_at is not None
    place = ", ".join([context["place"], *context["address"].splitlines()]).strip(", ")
    return {
        "clinic": str(context["clinic"]),
        **{name: str(context[name]) for name in ("day", "time", "end", "zone", "doctor")},
        "place": context["meeting"] or place,
        "how_to_cancel": _how_to_cancel(message, phone=brand.phone, url=context["booking_url"]),
        "phone": brand.phone,
        "name": message.recipient.first_name if is_known else "",
        "patient": context["cared_for"] or _("you"),
    }


def _how_to_cancel(message: Message, *, phone: str, url: str) -> str:
    """Return the sentence that explains how to reschedule or cancel."""
    if message.channel == Channel.SMS:
        return _("To cancel: %(how)s") % {"how": phone or url}
    if phone:
        return _("To reschedule or cancel, use the link in this email or call %(phone)s.") % {"phone": phone}
    return _("To reschedule or cancel, use the link in this email.")
