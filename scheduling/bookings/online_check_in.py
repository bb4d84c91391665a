"""A patient checks in from their own phone when they arrive, where the clinic allows it."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics.models import ClinicSettings, Patient
from clinics.selectors import clinic_settings
from scheduling.bookings.attendance import change_status
from scheduling.calendar.local_times import clinic_day
from scheduling.errors import BookingNotChangeable
from scheduling.models import Booking, BookingEvent, BookingQuerySet, VisitType
from tenants.accounts.audit.services import AuditAction
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.base.errors import DomainError
from tenants.current import current_clinic

_OPENS_BEFORE = timedelta(minutes=60)
"""How long before the start patients can check in. Texts for patients and admins name it too."""
_IN_PERSON = Q(visit_type=None) | Q(visit_type__mode=VisitType.Mode.IN_PERSON)


class CheckInAtDesk(DomainError):
    """The clinic does not let patients check in online, or not for this visit, or no longer."""

    code = "check_in_at_desk"
    message = _("You cannot check in online for this appointment. Tell the front desk that you are here.")
    status = 409


class CheckInTooEarly(DomainError):
    """Checking in opens shortly before the visit."""

    code = "check_in_too_early"
    message = _("You can check in from 60 minutes before your appointment.")
    status = 409


def check_in_online(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Check the patient in, as the front desk does. The event names `by`. Repeating it changes nothing.

    :raises CheckInAtDesk: the clinic does not offer it, the visit is not in person, over or cancelled, or the
        clinic has not confirmed it
    :raises CheckInTooEarly: the visit starts in more than an hour
    """
    if booking.status == Booking.Status.CHECKED_IN:
        return booking
    if not _may_ever_check_in(booking, rules=clinic_settings()) or now >= booking.ends_at:
        raise CheckInAtDesk
    if now < booking.starts_at - _OPENS_BEFORE:
        raise CheckInTooEarly
    try:
        return change_status(
            booking,
            [Booking.Status.CONFIRMED],
            Booking.Status.CHECKED_IN,
            BookingEvent.Kind.CHECKED_IN,
            what=AuditAction.CHECKED_IN,
            by=by,
            now=now,
        )
    except BookingNotChangeable:
        # Somebody else was faster: the front desk, or the same patient with a second tap.
        current = Booking.objects.shown().get(pk=booking.pk)
        if current.status == Booking.Status.CHECKED_IN:
            return current
        raise CheckInAtDesk from None


def can_check_in(booking: Booking, *, rules: ClinicSettings, now: datetime) -> bool:
    """Whether the patient may check in online now."""
    is_open = booking.starts_at - _OPENS_BEFORE <= now < booking.ends_at
    return is_open and _may_ever_check_in(booking, rules=rules)


def visits_to_check_in(user: User, *, now: datetime) -> BookingQuerySet:
    """The visits in person of `user` and their dependants that are not over today, soonest first.

    Those that have been checked in are among them. None, if the clinic does not offer to check in online.
    """
    if not clinic_settings().online_check_in:
        return Booking.objects.none()
    tomorrow = day_start(clinic_day(now) + timedelta(days=1), current_clinic().zone)
    own = Booking.objects.shown().booked().filter(patient__in=Patient.objects.of_user(user))
    today: BookingQuerySet = own.filter(
        _IN_PERSON,
        status__in=[Booking.Status.CONFIRMED, Booking.Status.CHECKED_IN],
        starts_at__lt=tomorrow,
        ends_at__gt=now,
    ).order_by("starts_at", "id")
    return today


def _may_ever_check_in(booking: Booking, *, rules: ClinicSettings) -> bool:
    visit_type = booking.visit_type
    is_in_person = visit_type is None or visit_type.mode == VisitType.Mode.IN_PERSON
    return rules.online_check_in and is_in_person and booking.status == Booking.Status.CONFIRMED
