"""Close a patient's account: cancel their appointments and erase their personal data."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Patient
from clinics.services.erase_patient import erase_patients, lock_records_to_erase
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.cancel import CANCELLABLE, cancel_booking
from scheduling.bookings.release_holds import on_holds_released, release_holds
from scheduling.models import Booking, BookingEvent, Closing, IdempotentAnswer, WaitlistEntry
from tenants.accounts.attempt_limits import limited_password_check
from tenants.accounts.erase_user import erase_user
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue


@retry_conflicts
def close_account(*, user: User, password: str, address: str, now: datetime) -> None:
    """Close a patient's account in one transaction: cancel upcoming bookings and erase personal data.

    Dependants who have no other carer are erased too. Past bookings stay, without anybody's name.

    :param address: the client's IP address, for the limit of attempts
    :raises InvalidInput: the password is wrong
    :raises TooManyAttempts: a signed-in user entered the wrong password too often
    """
    password_check = limited_password_check(user=user, address=address, now=now)
    with password_check, transaction.atomic(), tracking_changes():
        # `no_key`: the lock does not block foreign keys to the user. A booking in progress has locked the
        # patient and refers to the user afterwards, so a stronger lock could deadlock with it.
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not locked.check_password(password):
            raise InvalidInput(errors={"password": [_("This is not your password. Try again.")]})
        patients = lock_records_to_erase(locked)
        upcoming = Booking.objects.filter(patient__in=patients, status__in=CANCELLABLE, starts_at__gt=now)
        for booking in upcoming.select_related("patient"):
            cancel_booking(booking=booking, by=locked, waive_notice=True, now=now)
        on_holds_released(
            release_holds(Booking.objects.filter(patient__in=patients, status="HELD"), by=locked, now=now),
            now=now,
        )
        WaitlistEntry.objects.filter(patient__in=patients).delete()
        if locked.owns_email:  # otherwise the address may be another person's
            closing = Closing.objects.create(email=locked.email, created_at=now)
            enqueue(kind="account_closed", row_id=closing.pk, due_at=now)
        _erase_texts(patients)
        erase_patients(patients=patients, now=now)
        erase_user(user=locked, now=now)


def _erase_texts(patients: Sequence[Patient]) -> None:
    """Erase the texts in the patients' bookings, and delete stored idempotent responses that contain them."""
    Booking.objects.filter(patient__in=patients).update(reason="", answers=[])
    BookingEvent.objects.filter(booking__patient__in=patients).update(note="")
    ids = [str(patient.pk) for patient in patients]
    # The response to a booking or a series is an object. The response to a chain is a list of bookings of the
    # same patient.
    for lookup in ("answer__patient__id__in", "answer__0__patient__id__in"):
        IdempotentAnswer.objects.filter(**{lookup: ids}).delete()


def delete_old_closings(*, before: datetime) -> int:
    """Delete the addresses of closed accounts whose confirmation could not be delivered before `before`.

    :return: the number of addresses
    """
    return Closing.objects.filter(created_at__lt=before).delete()[0]
