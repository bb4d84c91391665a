"""Closing an account: appointments given back, the person taken out of everything that stays."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Patient
from clinics.services.erasing import erase_patients, lock_who_leaves_with
from scheduling.models import Booking, BookingEvent, Closing, IdempotentAnswer, WaitlistEntry
from scheduling.services.cancelling import CANCELLABLE, cancel_booking
from scheduling.services.holds import free_released, release
from scheduling.services.next_open import time_changes
from tenants.accounts.erasing import erase_user
from tenants.accounts.limits import limited_password_check
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.queue import enqueue
from tenants.retrying import retry_conflicts


@retry_conflicts
def close_account(*, user: User, password: str, address: str, now: datetime) -> None:
    """End a patient's account: upcoming bookings are cancelled, what is personal is erased, all in one.

    Whom nobody else cares for leaves with them. Bookings stay as history that names nobody.

    :param address: the network address it is asked for from
    :raises InvalidInput: it is not their password
    :raises TooManyTries: the password was wrong too often, here or in signing in
    """
    tried = limited_password_check(email=user.email, address=address, now=now)
    with tried, transaction.atomic(), time_changes():
        # Not against being referred to: a booking under way has the patient, and refers to the user last.
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not locked.check_password(password):
            raise InvalidInput(errors={"password": [_("This is not your password.")]})
        leaving = lock_who_leaves_with(locked)
        for booking in Booking.objects.filter(
            patient__in=leaving, status__in=CANCELLABLE, starts_at__gt=now
        ).select_related("patient"):
            cancel_booking(booking=booking, by=locked, waive_notice=True, now=now)
        free_released(
            release(Booking.objects.filter(patient__in=leaving, status="HELD"), by=locked, now=now), now=now
        )
        WaitlistEntry.objects.filter(patient__in=leaving).delete()
        closing = Closing.objects.create(email=locked.email, created_at=now)
        enqueue(kind="account_closed", row_id=closing.pk, due_at=now)
        _erase_texts(leaving)
        erase_patients(patients=leaving, now=now)
        erase_user(user=locked)


def _erase_texts(patients: Sequence[Patient]) -> None:
    """Blank what was written with the patients' bookings, and forget the answers that repeated it."""
    Booking.objects.filter(patient__in=patients).update(reason="", answers=[])
    BookingEvent.objects.filter(booking__patient__in=patients).update(note="")
    keys = [str(patient.pk) for patient in patients]
    # The answer to a booking or a series, and to visits in a row, which are all of one patient.
    for whose in ("answer__patient__id__in", "answer__0__patient__id__in"):
        IdempotentAnswer.objects.filter(**{whose: keys}).delete()


def forget_old_closings(*, before: datetime) -> int:
    """Drop addresses to which the last mail could not be sent for days.

    :return: how many
    """
    return Closing.objects.filter(created_at__lt=before).delete()[0]
