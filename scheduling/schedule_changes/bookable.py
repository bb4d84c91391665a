"""What can be booked with a doctor: anything at all, by new patients, and which visit types."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Doctor
from scheduling.availability.changed_times import any_time_of
from scheduling.availability.next_open_slot import on_rules_changed, refresh_next_slot, tracking_changes
from scheduling.hours.services import enqueue_regeneration, lock_schedule
from scheduling.models import VisitType
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.base.retry import retry_conflicts


@dataclass(frozen=True, slots=True)
class BookableChange:
    """A change of what can be booked with a doctor. None: as before."""

    is_active: bool | None = None
    accepting_new_patients: bool | None = None
    visit_types: Mapping[uuid.UUID, bool] = field(default_factory=dict)
    """Whether the doctor takes bookings for a visit type, by its id. Those that are not named stay."""


def visit_types_of(doctor: Doctor) -> list[tuple[VisitType, bool]]:
    """The visit types that the clinic lets the doctor offer, each with whether it can be booked with them."""
    own = VisitType.objects.in_use().of_doctor(doctor).order_by("position", "name")
    paused = set(doctor.paused_visit_types.values_list("pk", flat=True))
    return [(visit_type, visit_type.pk not in paused) for visit_type in own]


@retry_conflicts
def change_bookable(*, doctor: Doctor, change: BookableChange, by: User, now: datetime) -> Doctor:
    """Change what can be booked with the doctor from now on. Bookings stay as they are.

    Holds that can no longer be booked end; times that open are offered to the waiting list.

    :raises InvalidInput: a visit type is not one of the doctor's
    """
    with transaction.atomic(), tracking_changes():
        lock_schedule(doctor)
        locked: Doctor = Doctor.objects.get(pk=doctor.pk)
        changes = {**_change_fields(locked, change), **_change_visit_types(locked, change)}
        if not changes:
            return locked
        write_audit_entries(what=AuditAction.CHANGED, by=by, about=[locked], changes=changes)
        on_rules_changed(any_time_of(locked, now=now), now=now)
        refresh_next_slot(doctor_id=locked.pk, now=now)
        if "is_active" in changes and locked.is_active:
            # The nightly generation leaves out doctors who take no bookings.
            enqueue_regeneration(locked.pk, now=now)
    return locked


def _change_fields(doctor: Doctor, change: BookableChange) -> dict[str, Any]:
    """Store the changed fields. Return each with its value before and after."""
    wanted = {"is_active": change.is_active, "accepting_new_patients": change.accepting_new_patients}
    changes = {
        name: [getattr(doctor, name), value]
        for name, value in wanted.items()
        if value is not None and value != getattr(doctor, name)
    }
    for name, (_before, after) in changes.items():
        setattr(doctor, name, after)
    if changes:
        doctor.save(update_fields=list(changes))
    return changes


def _change_visit_types(doctor: Doctor, change: BookableChange) -> dict[str, Any]:
    """Pause and resume visit types. Return the names of the paused ones before and after, if they differ.

    :raises InvalidInput: a visit type is not one of the doctor's
    """
    own = visit_types_of(doctor)
    if set(change.visit_types) - {visit_type.pk for visit_type, _offered in own}:
        raise InvalidInput(errors={"visit_types": [_("This is not one of the doctor's visit types.")]})
    changed = [
        (visit_type, wanted)
        for visit_type, offered in own
        if (wanted := change.visit_types.get(visit_type.pk, offered)) != offered
    ]
    if not changed:
        return {}
    before = _paused_names(doctor)
    doctor.paused_visit_types.add(*(visit_type for visit_type, offered in changed if not offered))
    doctor.paused_visit_types.remove(*(visit_type for visit_type, offered in changed if offered))
    return {"paused_visit_types": [before, _paused_names(doctor)]}


def _paused_names(doctor: Doctor) -> str:
    return ", ".join(doctor.paused_visit_types.order_by("position", "name").values_list("name", flat=True))
