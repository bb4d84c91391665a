"""Taking a patient's personal data out of their record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models, transaction

from clinics.models import Care, Patient
from clinics.selectors import dependants_of, patient_of
from tenants.accounts.erasing import forget_in_admin_history
from tenants.accounts.models import User

WORDS = {
    field.name: ""
    for field in Patient._meta.concrete_fields
    if isinstance(field, models.CharField | models.TextField)
}
"""Every text of a record, blank: a field that is new is among them."""


def lock_who_leaves_with(user: User) -> list[Patient]:
    """The records that go with `user`'s account: their own, and of those whom nobody else looks after.

    Until the transaction ends nobody books for them, and nobody begins or ends to care for them.
    """
    own = patient_of(user)
    keys = [own.pk, *dependants_of(user).values_list("pk", flat=True)]
    locked = list(Patient.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    others = Care.objects.filter(dependant__in=keys).exclude(carer=own).values_list("dependant", flat=True)
    kept = set(others) - {own.pk}
    return [each for each in locked if each.pk == own.pk or (each.pk not in kept and each.user_id is None)]


@transaction.atomic
def erase_patients(*, patients: Sequence[Patient], now: datetime) -> None:
    """Blank the records. They stay, without a word, for the bookings that name them."""
    keys = [patient.pk for patient in patients]
    Care.objects.filter(models.Q(carer__in=keys) | models.Q(dependant__in=keys)).delete()
    Patient.objects.filter(pk__in=keys).update(**WORDS, date_of_birth=None, erased_at=now)
    forget_in_admin_history(patients)
