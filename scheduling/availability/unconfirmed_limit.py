"""Limits what an account can take before its email address is confirmed.

Anybody can register with any address, so without this limit one person could book every open time. The limit
is counted per account, with the people it cares for: otherwise each added dependant would raise it.
"""

from datetime import datetime

from django.db.models import QuerySet

from clinics.models import ClinicSettings, Patient
from scheduling.calendar.local_times import clinic_day
from scheduling.errors import EmailNotConfirmed
from scheduling.models import Booking, WaitlistEntry
from tenants.accounts.models import User


def check_unconfirmed_limit(
    patient: Patient, *, rules: ClinicSettings, now: datetime, excluding: Booking | None = None
) -> None:
    """Check the limit of upcoming bookings of the account behind `patient`, and lock that account.

    Holds and offers count as bookings, except for the patient's own hold, which a new one replaces.

    :param excluding: the hold that is being confirmed
    :raises EmailNotConfirmed: the address is not confirmed, and the account has as many as the limit
    """
    for account in _lock_unconfirmed_accounts(patient):
        if (
            upcoming_of(account, patient=patient, now=now, excluding=excluding).count()
            >= rules.unconfirmed_limit
        ):
            raise EmailNotConfirmed


def check_unconfirmed_entries(patient: Patient, *, rules: ClinicSettings, now: datetime) -> None:
    """Check that the account behind `patient` has fewer waiting-list entries than the limit of bookings.

    :raises EmailNotConfirmed: the address is not confirmed, and the account has as many as the limit
    """
    live = WaitlistEntry.objects.live(today=clinic_day(now))
    for account in _lock_unconfirmed_accounts(patient):
        if live.filter(patient__in=Patient.objects.of_user(account)).count() >= rules.unconfirmed_limit:
            raise EmailNotConfirmed


def unconfirmed_accounts(patient: Patient) -> QuerySet[User]:
    """Return the unconfirmed account of `patient`, or of their carers if the patient has none.

    Empty if one of the carers has confirmed their address.
    """
    user = Patient._meta.get_field("user")
    if user.is_cached(patient) and patient.user is not None and patient.user.owns_email:
        return User.objects.none()  # known without a query
    accounts = User.objects.filter(patient=patient)
    if patient.user_id is None:
        accounts = User.objects.filter(pk__in=patient.cared_for_by.values_list("carer__user", flat=True))
    if accounts.filter(User.OWNS_EMAIL).exists():
        return accounts.none()
    return accounts.order_by("pk")


def upcoming_of(
    account: User, *, patient: Patient, now: datetime, excluding: Booking | None = None
) -> QuerySet[Booking]:
    """Return the bookings that count towards the limit of `account` when it books for `patient`."""
    upcoming = Booking.objects.active(now=now).filter(
        patient__in=Patient.objects.of_user(account), ends_at__gt=now
    )
    own_hold = Booking.objects.filter(patient=patient, status=Booking.Status.HELD, offer=None)
    counted = upcoming.exclude(pk__in=own_hold.values("pk"))
    return counted.exclude(pk=excluding.pk) if excluding else counted


def _lock_unconfirmed_accounts(patient: Patient) -> list[User]:
    """Lock them, so that concurrent requests cannot exceed the limit. Confirmed accounts are not locked."""
    keys = list(unconfirmed_accounts(patient).values_list("pk", flat=True))
    if not keys:
        return []
    locked = User.objects.select_for_update(no_key=True).filter(pk__in=keys)
    return list(locked.exclude(User.OWNS_EMAIL).order_by("pk"))
