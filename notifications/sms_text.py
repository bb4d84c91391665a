"""The text of text messages: one segment of at most 160 GSM-7 characters, with no word about health.

The characters are those of 3GPP TS 23.038, section 6.2.1, which `gsm0338` knows. Others are transliterated.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from anyascii import anyascii
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from gsm0338 import Codec

from clinics.models import SmsSettings
from clinics.selectors import sms_settings
from notifications.models import Message
from scheduling.clock.clock_changes import clock_pass
from scheduling.models import Booking, Place
from tenants.base.clock import format_time, time_zone_label
from tenants.current import current_clinic
from tenants.models import Clinic
from tenants.routing.public_urls import clinic_url

MAX_SEPTETS = 160
"""The length of one segment. Characters of the extension table, such as €, count twice."""
_MAX_NAME = 15
"""Characters of a dependant's first name."""
_SHORTEST_CLINIC = 10
_codec = Codec()
Kind = Message.Kind


def sms_text(message: Message) -> str:
    """Return the text of a message to a patient or carer, in the active language."""
    settings = sms_settings()
    sentence = _SENTENCES[Kind(message.kind)](message)
    opt_out = _("Reply STOP to opt out.") if can_reply(settings) else ""
    return _fitting(sentence, clinic=_clinic_names(settings), links=[*_links(), ""], end=opt_out)


def trial_text() -> str:
    """Return the text of a test message."""
    return _fitting(
        _("%(clinic)s: this is a test message."), clinic=_clinic_names(sms_settings()), links=[""], end=""
    )


def has_sms_text(kind: str) -> bool:
    """Return whether there is a text message for a kind of message."""
    return kind in _SENTENCES


def septets(text: str) -> int | None:
    """Return the length of a text in the GSM 7-bit alphabet; None if a character is not in it."""
    try:
        return len(_codec.encode(text)[0])
    except UnicodeEncodeError:
        return None


def to_gsm(text: str) -> str:
    """Return a text on one line in the GSM 7-bit alphabet: other letters become their nearest ones."""
    return " ".join("".join(_gsm_characters(text)).split())


def can_reply(settings: SmsSettings) -> bool:
    """Return whether patients can answer with STOP, so that the clinic hears of it."""
    if settings.provider == SmsSettings.Provider.TWILIO:
        return settings.sender.startswith(("+", "MG"))  # to a name nobody can reply
    return bool(settings.stored_webhook_secret)


def _gsm_characters(text: str) -> Iterator[str]:
    for character in text:
        if character.isspace():
            yield " "
        elif septets(character) is not None:
            yield character
        else:
            yield "".join(letter for letter in anyascii(character) if septets(letter) is not None)


def _fitting(sentence: str, *, clinic: Iterator[str], links: list[str], end: str) -> str:
    """Return the longest form of a text that is one segment.

    First the clinic's name is shortened, then the link is left out.

    :param clinic: the clinic's name, and shorter forms of it
    """
    names = list(clinic)
    for link in links:
        for name in names:
            parts = [to_gsm(sentence % {"clinic": name}), link, to_gsm(end)]
            text = " ".join(part for part in parts if part)
            length = septets(text)
            if length is not None and length <= MAX_SEPTETS:
                return text
    return to_gsm(sentence % {"clinic": names[-1]})[:MAX_SEPTETS]


def _clinic_names(settings: SmsSettings) -> Iterator[str]:
    """Return the clinic's short name, or its name, and then ever shorter beginnings of it."""
    name = to_gsm(settings.short_name or current_clinic().name)
    yield name
    words = name.split(" ")
    for count in range(len(words) - 1, 0, -1):
        shorter = " ".join(words[:count])
        if len(shorter) >= _SHORTEST_CLINIC:
            yield shorter
    for length in range(len(name) - 1, _SHORTEST_CLINIC - 1, -1):
        yield name[:length].rstrip() + "."


def _links() -> list[str]:
    """Return the page with the patient's appointments. A link to one booking would not fit."""
    link = clinic_url(current_clinic(), "/appointments")
    return [link] if septets(link) is not None else []


def _reminder(message: Message) -> str:
    booking = message.required_booking()
    if name := _dependant(message):
        sentence = _("%(clinic)s: reminder of %(name)s's appointment on %(when)s.")
        return _filled(sentence, name=name, when=_when(booking))
    return _filled(_("%(clinic)s: reminder of your appointment on %(when)s."), when=_when(booking))


def _cancellation(message: Message) -> str:
    booking = message.required_booking()
    if name := _dependant(message):
        sentence = _("%(clinic)s: %(name)s's appointment on %(when)s is cancelled.")
        return _filled(sentence, name=name, when=_when(booking))
    return _filled(_("%(clinic)s: your appointment on %(when)s is cancelled."), when=_when(booking))


def _rescheduled(message: Message) -> str:
    booking = message.required_booking()
    if name := _dependant(message):
        sentence = _("%(clinic)s: %(name)s's appointment is now on %(when)s.")
        return _filled(sentence, name=name, when=_when(booking))
    return _filled(_("%(clinic)s: your appointment is now on %(when)s."), when=_when(booking))


def _offer(message: Message) -> str:
    booking = message.required_booking()
    return _filled(
        _("%(clinic)s: an appointment is free on %(when)s. Answer by %(until)s."),
        when=_when(booking),
        until=_short_time(booking.offer.ends_at, current_clinic()),
    )


_SENTENCES: dict[str, Callable[[Message], str]] = {
    Kind.REMINDER: _reminder,
    Kind.CANCELLATION: _cancellation,
    Kind.RESCHEDULED: _rescheduled,
    Kind.OFFER: _offer,
}
"""The kinds of messages that are also sent by text message."""


def _filled(sentence: str, **values: str) -> str:
    """Fill everything in but the clinic's name."""
    safe = {name: value.replace("%", "%%") for name, value in values.items()}
    return sentence % {"clinic": "%(clinic)s", **safe}


def _dependant(message: Message) -> str:
    """Return the dependant's first name for a carer; empty for the patient, and if it is no plain name."""
    patient = message.required_booking().patient
    name = to_gsm(patient.first_name)
    is_name = name.replace(" ", "").replace("-", "").replace("'", "").isalpha()
    return name[:_MAX_NAME].rstrip() if is_name and patient.user_id != message.recipient_id else ""


def _when(booking: Booking) -> str:
    """Return day, time and time zone of a booking, where it takes place."""
    location = booking.place or current_clinic()
    return f"{_short_time(booking.starts_at, location)} ({time_zone_label(location.time_zone)})"


def _short_time(instant: datetime, location: Clinic | Place) -> str:
    """Return a day and time: “Mon 2 Mar, 2:30 pm”. In a repeated hour the offset's abbreviation follows."""
    local = instant.astimezone(location.zone)
    # Translators: a short date format of Django's, with weekday, day and month.
    day, time = date_format(local, _("D j M")), format_time(instant, location.zone)
    return f"{day}, {time} {local:%Z}" if clock_pass(instant, location.zone) else f"{day}, {time}"
