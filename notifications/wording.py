"""What the templates of a message say: times spelled out on the wall of where the visit is, names, links."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinics.models import ClinicSettings, Doctor
from notifications.models import Message
from scheduling.clock_changes import which_pass
from scheduling.models import Booking, Place, Slot, VisitType, WaitlistOffer
from tenants.accounts.models import EmailVerification, User
from tenants.accounts.verification import open_verification, verification_token
from tenants.base.clock import now as clock_now
from tenants.base.clock import spoken_day, spoken_time, zone_label
from tenants.door import current_clinic
from tenants.links import clinic_url


def words_for(message: Message, brand: ClinicSettings) -> dict[str, Any]:
    """Everything that a message about a booking says."""
    booking, clinic, recipient = message.event.booking, current_clinic(), message.recipient
    return {
        "clinic": clinic,
        "brand": brand,
        "name": recipient.first_name,
        "cared_for": "" if booking.patient.user_id == recipient.pk else booking.patient.full_name,
        "doctor": booking.doctor.display_name,
        **spoken_period(booking.starts_at, booking.ends_at, booking.place),
        "meeting": how_to_meet(booking),
        "place": booking.place.name if booking.place else "",
        "address": booking.place.address if booking.place else brand.address,
        "awaits_approval": booking.status == Booking.Status.PENDING,
        "booking_url": clinic_url(clinic, f"/appointments/{booking.pk}"),
        "new_booking_url": clinic_url(clinic, "/doctors"),
        "verify_url": _verify_url(message),
        "note": message.event.note if message.event.by_id != message.recipient_id else "",
        **_words_of_kind(message),
    }


def spoken_period(starts_at: datetime, ends_at: datetime, place: Place | None) -> dict[str, str]:
    """Day, times and zone in words, as the wall of the place shows them; the clinic's where there is none."""
    there = place or current_clinic()
    return {
        "day": spoken_day(starts_at, there.zone),
        "time": spoken_clock(starts_at, there.zone),
        "end": spoken_clock(ends_at, there.zone),
        "zone": zone_label(there.time_zone),
    }


def spoken_clock(instant: datetime, zone: ZoneInfo) -> str:
    """The time in words. Where clocks are set back that night and show it twice, which of the two it is."""
    time = spoken_time(instant, zone)
    shown = {
        1: _("%(time)s, the first time that night"),
        2: _("%(time)s, the second time that night"),
    }
    return shown.get(which_pass(instant, zone), "%(time)s") % {"time": time}


def how_to_meet(booking: Booking) -> str:
    """How a visit begins that is at no address; empty where there is one. The link itself is not mailed."""
    sentences = {
        VisitType.Mode.VIDEO: _("By video. The link to the call is with your appointment."),
        VisitType.Mode.PHONE: _("By telephone. We call you on the number in your details."),
    }
    return sentences.get(mode_of(booking), "")


def mode_of(booking: Booking) -> VisitType.Mode:
    """How patient and doctor meet."""
    return VisitType.Mode(booking.visit_type.mode) if booking.visit_type else VisitType.Mode.IN_PERSON


def where(booking: Booking, brand: ClinicSettings) -> str:
    """Where the visit is, in a line for a calendar."""
    place = booking.place
    at_a_distance = {VisitType.Mode.VIDEO: _("By video"), VisitType.Mode.PHONE: _("By telephone")}
    if said := at_a_distance.get(mode_of(booking)):
        return said
    lines = [place.name, *place.address.splitlines()] if place else brand.address.splitlines()
    return ", ".join([current_clinic().name, *lines])


def verification_path(verification: EmailVerification) -> str:
    """Where the link that confirms an address leads."""
    return f"/verify-email?token={verification_token(verification)}"


def _verify_url(message: Message) -> str:
    """The link that confirms the recipient's address; none where they have done so, or in other mails."""
    recipient = message.recipient
    if message.kind != Message.Kind.CONFIRMATION or recipient.email_verified_at is not None:
        return ""
    path = verification_path(open_verification(user=recipient, now=clock_now()))
    return clinic_url(current_clinic(), path)


def _words_of_kind(message: Message) -> dict[str, Any]:
    """What only messages of its kind say."""
    if message.kind == Message.Kind.OFFER:
        return _words_of_offer(message.event.booking.offer)
    if message.kind == Message.Kind.RESCHEDULED:
        return _words_of_before(message.event.details)
    if message.kind == Message.Kind.CANCELLATION:
        return {"declined": is_declined(message)}
    return {}


def is_declined(message: Message) -> bool:
    """Whether the clinic gives up what it has never confirmed: for the patient that was only a request."""
    by = message.event.by
    if by is None or by.role == User.Role.PATIENT:
        return False
    told = Message.objects.filter(event__booking=message.event.booking, recipient=message.recipient)
    kinds = set(told.values_list("kind", flat=True))
    return Message.Kind.REQUESTED in kinds and Message.Kind.CONFIRMATION not in kinds


def _words_of_offer(offer: WaitlistOffer) -> dict[str, str]:
    """Until when to answer, and where."""
    clinic = current_clinic()
    return {
        "until_day": spoken_day(offer.ends_at, clinic.zone),
        "until_time": spoken_clock(offer.ends_at, clinic.zone),
        "until_zone": zone_label(clinic.time_zone),
        "offers_url": clinic_url(clinic, "/appointments"),
    }


def _words_of_before(details: dict[str, str]) -> dict[str, str]:
    """When a booking was before it moved, and with whom; on the wall of where it was."""
    was_at = Slot.objects.filter(pk=details["slot"]).select_related("place") if details["slot"] else ()
    place = next((slot.place for slot in was_at), None)
    doctor = Doctor.objects.filter(pk=details["doctor"]).first()
    starts_at, ends_at = (datetime.fromisoformat(details[end]) for end in ("starts_at", "ends_at"))
    spoken = spoken_period(starts_at, ends_at, place)
    return {
        **{f"old_{name}": said for name, said in spoken.items()},
        "old_doctor": doctor.display_name if doctor else "",
    }
