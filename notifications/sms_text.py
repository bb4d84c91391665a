"""The text of text messages: one segment of at most 160 GSM-7 characters, with no word about health.

Characters that are not in the alphabet are transliterated. A message in another script has up to three
segments.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from clinics.models import SmsSettings
from clinics.selectors import clinic_settings, sms_settings
from notifications.gsm import MAX_SEPTETS, fits, sendable, to_gsm
from notifications.links import message_links
from notifications.models import Message
from notifications.selectors import booking_of, bookings_of
from notifications.wording.in_message import clinic_wording
from scheduling.clock.clock_changes import clock_pass
from scheduling.models import Booking, Place
from tenants.base.clock import format_time, time_zone_label
from tenants.base.words import day_and_time, short_date
from tenants.current import current_clinic
from tenants.models import Clinic
from tenants.routing.public_urls import clinic_url

_MAX_NAME = 15
"""Characters of a dependant's first name."""
_SHORTEST_CLINIC = 10
Kind = Message.Kind


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a text: a sentence with `%(clinic)s`, a link, and how to opt out."""

    sentence: str
    link: str = ""
    end: str = ""


def sms_text(message: Message) -> str:
    """Return the text of a message to a patient or carer, in the active language.

    It is in the clinic's own wording if that fits. The link that needs no sign-in is there if it fits, else
    that of the patient's appointments.
    """
    settings, own = sms_settings(), own_sms_text(message)
    if own and fits(own):
        return own
    sentence = _SENTENCES[Kind(message.kind)](message)
    replies = can_reply(settings)
    end = _("Reply STOP to opt out.") if replies else ""
    forms = [_Form(sentence, clinic_url(current_clinic(), "/appointments"), end), _Form(sentence, "", end)]
    if form := _signed_form(message, end=_("STOP to opt out") if replies else ""):
        forms.insert(0, form)
    if message.kind == Kind.CLINIC_NOTE:
        # The whole message if it fits; else only that there is one, and whom to call.
        forms = [_Form(_note_in_full(message), "", end), _Form(sentence, "", end)]
    return _fitting(forms, clinic=_clinic_names(settings))


def _signed_form(message: Message, *, end: str) -> _Form | None:
    """Return a short reminder of one visit, with the link that needs no sign-in."""
    link = message_links(message).get("confirm_url") if message.kind == Kind.REMINDER else None
    if link is None or len(bookings_of(message)) > 1:
        return None
    when = _when(message.required_booking())
    name = _dependant(message)
    if name:
        return _Form(_filled(_("%(clinic)s: %(name)s, %(when)s."), name=name, when=when), link, end)
    return _Form(_filled(_("%(clinic)s: appointment %(when)s."), when=when), link, end)


def own_sms_text(message: Message) -> str:
    """Return a text message in the clinic's own wording, at any length; empty if it has none."""
    settings = sms_settings()
    own = clinic_wording(message, _own_values(message, settings))
    opt_out = _("Reply STOP to opt out.") if can_reply(settings) else ""
    return sendable(f"{own.body} {opt_out}") if own else ""


def _own_values(message: Message, settings: SmsSettings) -> dict[str, str]:
    """Return the values of the placeholders of a clinic's own wording; "" for those without a value."""
    booking, brand = booking_of(message), clinic_settings()
    location = booking.place or current_clinic()
    day, _comma, time = short_time(booking.starts_at, location).rpartition(", ")
    address = booking.place.name if booking.place else brand.address.partition("\n")[0]
    return {
        "clinic": settings.short_name or current_clinic().name,
        "day": day,
        "time": time,
        "end": short_time(booking.ends_at, location).rpartition(", ")[2],
        "zone": time_zone_label(location.time_zone),
        "doctor": booking.doctor.display_name,
        "place": address.strip(),
        "how_to_cancel": _("To cancel: %(how)s")
        % {"how": brand.phone or clinic_url(current_clinic(), "/appointments")},
        "phone": brand.phone,
        "name": message.recipient.first_name if message.recipient.email_verified_at else "",
        "patient": _dependant(message) or _("you"),
    }


def trial_text() -> str:
    """Return the text of a test message."""
    return _fitting([_Form(_("%(clinic)s: this is a test message."))], clinic=_clinic_names(sms_settings()))


def has_sms_text(kind: str) -> bool:
    """Return whether there is a text message for a kind of message."""
    return kind in _SENTENCES


def can_reply(settings: SmsSettings) -> bool:
    """Return whether patients can answer with STOP, so that the clinic hears of it."""
    if settings.provider == SmsSettings.Provider.TWILIO:
        return settings.sender.startswith(("+", "MG"))  # to a name nobody can reply
    return bool(settings.stored_webhook_secret)


def _fitting(forms: list[_Form], *, clinic: Iterator[str]) -> str:
    """Return the first form of a text that is short enough. The clinic's name is shortened for it.

    :param clinic: the clinic's name, and shorter forms of it
    """
    names = list(clinic)
    for form in forms:
        for name in names:
            parts = [sendable(form.sentence % {"clinic": name}), form.link, sendable(form.end)]
            text = " ".join(part for part in parts if part)
            if fits(text):
                return text
    return sendable(forms[-1].sentence % {"clinic": names[-1]})[:MAX_SEPTETS]


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


def _reminder(message: Message) -> str:
    bookings = bookings_of(message)
    if len(bookings) > 1:
        sentence = _("%(clinic)s: reminder of your %(count)s appointments, the first on %(when)s.")
        return _filled(sentence, count=str(len(bookings)), when=_when(bookings[0]))
    if name := _dependant(message):
        sentence = _("%(clinic)s: reminder of %(name)s's appointment on %(when)s.")
        return _filled(sentence, name=name, when=_when(bookings[0]))
    return _filled(_("%(clinic)s: reminder of your appointment on %(when)s."), when=_when(bookings[0]))


def _cancellation(message: Message) -> str:
    bookings = bookings_of(message)
    if len(bookings) > 1:
        sentence = _("%(clinic)s: %(count)s appointments are cancelled, the first on %(when)s.")
        return _filled(sentence, count=str(len(bookings)), when=_when(bookings[0]))
    if name := _dependant(message):
        sentence = _("%(clinic)s: %(name)s's appointment on %(when)s is cancelled.")
        return _filled(sentence, name=name, when=_when(bookings[0]))
    return _filled(_("%(clinic)s: your appointment on %(when)s is cancelled."), when=_when(bookings[0]))


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
        until=short_time(booking.offer.ends_at, current_clinic()),
    )


def _note(message: Message) -> str:
    when, phone = _when(message.required_booking()), clinic_settings().phone
    if phone:
        sentence = _("%(clinic)s: we have a message about an appointment on %(when)s. Call %(phone)s.")
        return _filled(sentence, when=when, phone=phone)
    return _filled(
        _("%(clinic)s: we have a message about an appointment on %(when)s. Please call us."), when=when
    )


def _note_in_full(message: Message) -> str:
    """Return what staff wrote, on one line, with the appointment that it is about."""
    text = " ".join(message.event.note.split()) if message.event else ""
    when = _when(message.required_booking())
    return _filled(_("%(clinic)s, about an appointment on %(when)s: %(text)s"), when=when, text=text)


_SENTENCES: dict[str, Callable[[Message], str]] = {
    Kind.REMINDER: _reminder,
    Kind.CANCELLATION: _cancellation,
    Kind.RESCHEDULED: _rescheduled,
    Kind.OFFER: _offer,
    Kind.CLINIC_NOTE: _note,
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
    return f"{short_time(booking.starts_at, location)} ({time_zone_label(location.time_zone)})"


def short_time(instant: datetime, location: Clinic | Place) -> str:
    """Return a day and time: “Mon 2 Mar, 2:30 pm”. In a repeated hour the offset's abbreviation follows."""
    local = instant.astimezone(location.zone)
    day, time = short_date(local.date()), format_time(instant, location.zone)
    return day_and_time(day, f"{time} {local:%Z}" if clock_pass(instant, location.zone) else time)
