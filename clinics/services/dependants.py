"""Patients look after the records of those they care for."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from clinics.errors import TooManyDependants
from clinics.models import Care, Patient
from clinics.selectors import dependants_of, patient_of
from tenants.accounts.audit import What, record
from tenants.accounts.models import User
from tenants.base.errors import NotFound

MOST = 20
"""How many one patient may care for."""


@transaction.atomic
def add_dependant(*, user: User, details: Mapping[str, Any]) -> Patient:
    """A record for somebody whom the patient `user` cares for.

    :param details: fields of `Patient`
    :raises TooManyDependants: they care for as many as one may already
    """
    # Behind the carer's lock: of any number that are added at once, none is one too many.
    carer = Patient.objects.select_for_update(no_key=True).get(pk=patient_of(user).pk)
    if Care.objects.filter(carer=carer).count() >= MOST:
        raise TooManyDependants
    dependant: Patient = Patient.objects.create(**details)
    Care.objects.create(carer=carer, dependant=dependant)
    record(what=What.ADDED, by=user, about=[dependant])
    return dependant


def dependant_of(*, user: User, dependant_id: uuid.UUID) -> Patient:
    """One of those whom `user` cares for; who asks for somebody else's is in the audit log.

    :raises NotFound: there is none, or they do not care for them
    """
    dependant = dependants_of(user).filter(pk=dependant_id).first()
    if dependant is None:
        patient_refused(patient_id=dependant_id, by=user)
        raise NotFound
    return dependant


def patient_refused(*, patient_id: uuid.UUID, by: User) -> None:
    """Write down that `by` asked for a patient who is not theirs; of one who is not there, nothing."""
    record(what=What.REFUSED, by=by, about=Patient.objects.exclude(user=by).filter(pk=patient_id))


@transaction.atomic
def change_dependant(*, dependant: Patient, details: Mapping[str, Any], by: User) -> Patient:
    """Change what the clinic knows of somebody who is cared for.

    :param details: fields of `Patient`
    """
    for name, value in details.items():
        setattr(dependant, name, value)
    if details:
        dependant.save(update_fields=list(details))
        record(what=What.CHANGED, by=by, about=[dependant])
    return dependant


@transaction.atomic
def stop_caring(*, dependant: Patient, by: User) -> None:
    """End that `by` cares for `dependant`.

    The record goes with its last carer, unless it has bookings or an account: those keep it.
    """
    locked = Patient.objects.select_for_update().get(pk=dependant.pk)
    Care.objects.filter(dependant=locked, carer__user=by).delete()
    record(what=What.REMOVED, by=by, about=[locked])
    if locked.user_id is None and not locked.cared_for_by.exists():
        with suppress(ProtectedError):  # raised before anything is deleted
            locked.delete()
