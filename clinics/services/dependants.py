"""Dependants: patients for whom another patient, the carer, books and manages the record."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from clinics.errors import TooManyDependants
from clinics.models import Care, Patient
from clinics.selectors import dependants_of, get_patient
from clinics.services.patient_changes import record_patient_change
from tenants.accounts.active_account import lock_active_account
from tenants.accounts.audit.changes import field_names
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.queue.jobs import enqueue

MAX_DEPENDANTS = 20
"""How many dependants a patient can have."""


@transaction.atomic
def add_dependant(*, user: User, details: Mapping[str, Any]) -> Patient:
    """Create a dependant of the patient `user`.

    :param details: fields of `Patient`
    :raises TooManyDependants: the patient has the maximum number already
    :raises SessionEnded: the account was closed meanwhile
    """
    lock_active_account(user)
    # The lock on the carer keeps concurrent requests from exceeding the limit.
    carer = Patient.objects.select_for_update(no_key=True).get(pk=get_patient(user).pk)
    if Care.objects.filter(carer=carer).count() >= MAX_DEPENDANTS:
        raise TooManyDependants
    dependant: Patient = Patient.objects.create(**details)
    Care.objects.create(carer=carer, dependant=dependant)
    record_patient_change(dependant)
    write_audit_entries(what=AuditAction.ADDED, by=user, about=[dependant])
    return dependant


def get_dependant(*, user: User, dependant_id: uuid.UUID) -> Patient:
    """Return a dependant of `user`. An attempt to read somebody else's is recorded in the audit log.

    :raises NotFound: there is no such patient, or they are not a dependant of `user`
    """
    dependant = dependants_of(user).filter(pk=dependant_id).first()
    if dependant is None:
        record_refused_access(patient_id=dependant_id, by=user)
        raise NotFound
    return dependant


def record_refused_access(*, patient_id: uuid.UUID, by: User) -> None:
    """Record that `by` was refused a patient's record. Records nothing if there is no such patient."""
    write_audit_entries(
        what=AuditAction.REFUSED, by=by, about=Patient.objects.exclude(user=by).filter(pk=patient_id)
    )


@transaction.atomic
def change_dependant(*, dependant: Patient, details: Mapping[str, Any], by: User) -> Patient:
    """Change a dependant's record.

    :param details: fields of `Patient`
    :raises SessionEnded: the account of `by` was closed meanwhile
    """
    lock_active_account(by)
    for name, value in details.items():
        setattr(dependant, name, value)
    if details:
        dependant.save(update_fields=list(details))
        record_patient_change(dependant)
        write_audit_entries(what=AuditAction.CHANGED, by=by, about=[dependant], changes=field_names(details))
    return dependant


@transaction.atomic
def remove_carer(*, dependant: Patient, by: User) -> None:
    """Remove `by` as a carer of `dependant`.

    A record without carers is deleted, unless it has bookings or an account.
    """
    locked = Patient.objects.select_for_update().get(pk=dependant.pk)
    Care.objects.filter(dependant=locked, carer__user=by).delete()
    write_audit_entries(what=AuditAction.REMOVED, by=by, about=[locked])
    if locked.user_id is None and not locked.cared_for_by.exists():
        with suppress(ProtectedError):  # raised before anything is deleted
            locked.delete()
            # The row is gone: the id alone says which patient it was.
            enqueue(kind="patient_erased", row_id=dependant.pk, due_at=now())
