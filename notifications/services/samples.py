"""Sample messages about invented people, for previews and for checks of texts.

The texts of messages are made from rows, so the samples are rows too. They are inserted in a transaction that
is always rolled back: nobody else sees them, nothing is sent, and nothing is stored.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinics.models import Care, Doctor, Patient
from notifications.models import Channel, Message
from notifications.staff_topics import LATEST, STAFF_KINDS
from scheduling.clock.clock_changes import clock_changes
from scheduling.models import (
    Booking,
    BookingEvent,
    Place,
    Slot,
    VisitType,
    WaitlistEntry,
    WaitlistOffer,
)
from tenants.accounts.email_verification.services import ensure_verification
from tenants.accounts.models import User
from tenants.current import current_clinic

_Kind, _Event, _Status = Message.Kind, BookingEvent.Kind, Booking.Status
_LENGTH = timedelta(minutes=30)
_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation that changes the text of a message."""

    name: str
    label: str | Promise
    mode: VisitType.Mode = VisitType.Mode.IN_PERSON
    at_branch: bool = False
    for_dependant: bool = False
    is_confirmed: bool = True
    """Whether the recipient's email address is confirmed."""
    when: str = "soon"
    """`soon`, `repeated hour` (when clocks go back) or `long` (the longest date)."""
    first_name: str = "Alex"
    doctor: str = "Sam Sample"


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("in_person", _("In person")),
        Scenario("branch", _("At a place in another time zone"), at_branch=True),
        Scenario("video", _("By video"), mode=VisitType.Mode.VIDEO),
        Scenario("phone", _("By telephone"), mode=VisitType.Mode.PHONE),
        Scenario("dependant", _("For a person the recipient cares for"), for_dependant=True),
        Scenario("unconfirmed", _("Email address not confirmed"), is_confirmed=False),
        Scenario(
            "repeated_hour", _("In the hour that is repeated when clocks go back"), when="repeated hour"
        ),
        Scenario(
            "longest",
            _("Long names and dates"),
            when="long",
            first_name="Maximiliana-Alexandra",
            doctor="Bartholomew Featherstonehaugh-Cholmondeley",
        ),
    )
}
"""The situations in which previews show a message, and in which a wording is checked."""


@contextmanager
def sample_message(
    kind: str, scenario: Scenario, *, channel: str = Channel.EMAIL, now: datetime
) -> Iterator[Message]:
    """Yield a message of a kind to an invented patient. Everything done inside is rolled back."""
    with transaction.atomic():
        yield _message(_Kind(kind), scenario, channel=channel, now=now)
        transaction.set_rollback(True)


def _message(kind: Message.Kind, scenario: Scenario, *, channel: str, now: datetime) -> Message:
    """Insert a message with all that it is about."""
    recipient, patient = _people(scenario, now=now)
    booking = _booking(kind, scenario, patient=patient, now=now)
    event = _events(kind, booking, recipient=recipient)
    is_of_day = kind in (_Kind.STAFF_DAY, _Kind.STAFF_DIGEST)
    if kind in (_Kind.OFFER, _Kind.OFFER_WITHDRAWN):
        _offer(booking, now=now)
    message: Message = Message.objects.create(
        booking=None if is_of_day else booking,
        version=0 if is_of_day else booking.version,
        event=None if is_of_day else event,
        about_on=booking.starts_at.astimezone(current_clinic().zone).date() if is_of_day else None,
        recipient=_doctors_user(booking) if kind in STAFF_KINDS else recipient,
        kind=kind,
        channel=channel,
        offset_minutes=24 * 60 if kind == _Kind.REMINDER else 0,
        due_at=now,
        not_after=now + LATEST + timedelta(minutes=1) if is_of_day else booking.starts_at,
    )
    return message


def _doctors_user(booking: Booking) -> User:
    """Insert an account for the doctor of a booking."""
    user = User(
        email=f"{uuid4().hex}@sample.invalid", role=User.Role.DOCTOR, first_name="Sam", last_name="Sample"
    )
    user.set_unusable_password()
    user.save()
    Doctor.objects.filter(pk=booking.doctor_id).update(user=user)
    return user


def _people(scenario: Scenario, *, now: datetime) -> tuple[User, Patient]:
    """Insert the recipient, and return it with the patient."""
    user = User(
        email=f"{uuid4().hex}@sample.invalid",
        role=User.Role.PATIENT,
        first_name=scenario.first_name,
        last_name="Sample",
        phone="+441632960123",
        email_verified_at=now if scenario.is_confirmed else None,
    )
    user.set_unusable_password()
    user.save()
    if not scenario.is_confirmed:
        ensure_verification(user=user, now=now)
    own = Patient.objects.create(user=user, first_name=user.first_name, last_name="Sample")
    if not scenario.for_dependant:
        return user, own
    dependant = Patient.objects.create(first_name="Robin", last_name="Sample")
    Care.objects.create(carer=own, dependant=dependant)
    return user, dependant


def _booking(kind: Message.Kind, scenario: Scenario, *, patient: Patient, now: datetime) -> Booking:
    """Insert a booking with its doctor, slot, visit type and place."""
    place = _branch() if scenario.at_branch else None
    doctor = Doctor.objects.create(title="Dr", name=scenario.doctor)
    visit_type = VisitType.objects.create(
        name=_free_name(VisitType, "Check-up"),
        mode=scenario.mode,
        preparation=gettext("Do not eat for 8 hours before the visit. You can drink water."),
        bring=gettext("A list of the medicines that you take."),
        price=45,
        currency="GBP",
        video_link="https://video.sample.invalid/room" if scenario.mode == VisitType.Mode.VIDEO else "",
    )
    starts_at = _start(scenario, now=now)
    period = {"starts_at": starts_at, "ends_at": starts_at + _LENGTH}
    slot = Slot.objects.create(doctor=doctor, place=place, **period)
    status = {
        _Kind.REQUESTED: _Status.PENDING,
        _Kind.OFFER: _Status.HELD,
        _Kind.CANCELLATION: _Status.CANCELLED,
        _Kind.OFFER_WITHDRAWN: _Status.CANCELLED,
        _Kind.FOLLOW_UP: _Status.COMPLETED,
    }.get(kind, _Status.CONFIRMED)
    return Booking.objects.create(
        slot=slot,
        doctor=doctor,
        patient=patient,
        visit_type=visit_type,
        place=place,
        status=status,
        held_until=now + _LENGTH if status == _Status.HELD else None,
        only_held=status == _Status.HELD,
        cancelled_at=now if status == _Status.CANCELLED else None,
        version=1 if kind in (_Kind.RESCHEDULED, _Kind.DETAILS_CHANGED) else 0,
        **period,
    )


def _start(scenario: Scenario, *, now: datetime) -> datetime:
    """Return when the visit of a scenario starts."""
    zone = current_clinic().zone
    day = now.astimezone(zone).replace(hour=10, minute=30, second=0, microsecond=0) + timedelta(days=14)
    if scenario.when == "long":
        while (day.strftime("%A %B"), day.day > 20) != ("Wednesday September", True):  # noqa: PLR2004
            day += timedelta(days=1)
        return day.replace(hour=22)
    backward = [change for change in clock_changes(zone, now, now + _YEAR) if change.after < change.before]
    if scenario.when == "repeated hour" and backward:
        return backward[0].instant + timedelta(minutes=15)
    return day


def _branch() -> Place:
    """Insert a place other than the clinic's own address, in another time zone."""
    zones = ("America/New_York", "Europe/London")
    return Place.objects.create(
        name=_free_name(Place, "North Branch"),
        address="12 Mill Street\nNorthtown",
        time_zone=next(zone for zone in zones if zone != current_clinic().time_zone),
    )


def _free_name(model: type[models.Model], name: str) -> str:
    """Return a name that no row of the model has: `name`, or with a number behind it."""
    taken = set(model._default_manager.filter(name__startswith=name).values_list("name", flat=True))
    return next(
        free for free in (name, *(f"{name} {n}" for n in range(2, len(taken) + 3))) if free not in taken
    )


def _events(kind: Message.Kind, booking: Booking, *, recipient: User) -> BookingEvent | None:
    """Insert the history of a booking, and return the event that causes the message; None if time does."""
    staff = User.objects.filter(role=User.Role.ADMIN, is_active=True).first()
    held = kind in (_Kind.OFFER, _Kind.OFFER_WITHDRAWN)
    booked = BookingEvent.objects.create(
        booking=booking,
        kind=_Event.HELD if held else _Event.BOOKED,
        by=None if held else recipient,
        details={"status": _Status.PENDING if kind == _Kind.REQUESTED else _Status.CONFIRMED},
    )
    if kind == _Kind.RESCHEDULED:
        details = _rescheduled_from(booking, booking.starts_at - timedelta(days=7))
        return BookingEvent.objects.create(
            booking=booking, kind=_Event.RESCHEDULED, by=recipient, details=details
        )
    if kind == _Kind.DETAILS_CHANGED:
        changed = {"changed": ["address"], "version": booking.version}
        return BookingEvent.objects.create(
            booking=booking, kind=_Event.DETAILS_CHANGED, by=staff, details=changed
        )
    if kind == _Kind.CANCELLATION:
        return BookingEvent.objects.create(booking=booking, kind=_Event.CANCELLED, by=staff)
    if kind == _Kind.CLINIC_NOTE:
        note = "Please use the side entrance. The main door is being repaired."
        return BookingEvent.objects.create(booking=booking, kind=_Event.WRITTEN_TO, by=staff, note=note)
    if kind == _Kind.OFFER_WITHDRAWN:
        details = {"because": "sample"}
        return BookingEvent.objects.create(booking=booking, kind=_Event.RELEASED, by=staff, details=details)
    caused_by_time = kind in (_Kind.REMINDER, _Kind.QUESTIONNAIRE, _Kind.FOLLOW_UP)
    return None if caused_by_time else booked


def _rescheduled_from(booking: Booking, starts_at: datetime) -> dict[str, Any]:
    """Return the details of the event of a reschedule from another time."""
    return {
        "status": _Status.CONFIRMED,
        "version": booking.version,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + _LENGTH).isoformat(),
        "slot": str(booking.slot_id),
        "doctor": str(booking.doctor_id),
        "visit_type": str(booking.visit_type_id),
        "visit_type_name": "",
    }


def _offer(booking: Booking, *, now: datetime) -> None:
    """Insert the waiting list offer that a booking is held for."""
    day = booking.starts_at.date()
    entry = WaitlistEntry.objects.create(
        patient=booking.patient,
        doctor=booking.doctor,
        visit_type=booking.visit_type,
        first_on=day,
        last_on=day,
        status=WaitlistEntry.Status.OFFERED,
    )
    ends_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    WaitlistOffer.objects.create(entry=entry, booking=booking, ends_at=ends_at)
