"""Import opening hours from a file: each record becomes one bookable doctor."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import transaction

from clinics.models import Doctor
from clinics.services.profiles import add_doctor
from scheduling.clock.planning import DatedException, Hours, HoursRefused, check_week
from scheduling.hours.checks import refusal_message
from scheduling.hours.nhs_file import ImportedWeek
from scheduling.hours.selectors import exceptions, exceptions_by_day, weekly_hours
from scheduling.hours.services import replace_exceptions, replace_week
from scheduling.hours.slot_generator import Generated, generate_slots
from tenants.base.retry import retry_conflicts
from tenants.current import current_clinic

_NAMESPACE = uuid.UUID("0d8b1c57-6d0c-5e0a-9a53-5a2f4f0b7c11")
"""The UUID namespace of the doctors' ids. With another one, the next import would duplicate every doctor."""


class Outcome(Enum):
    """The result of importing a record."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of importing a record, and the slots it changed."""

    outcome: Outcome
    slots: Generated


class WeekRefused(ValueError):
    """The clinic cannot import the record. The message is shown to the user."""


def _doctor_id(week: ImportedWeek) -> uuid.UUID:
    """The id of the record's doctor (RFC 9562, version 5).

    It depends only on the record's id. So a second import finds the doctor even if staff have edited
    them, and the primary key prevents duplicates. A licence number or a name could be edited or belong to
    another doctor.
    """
    return uuid.uuid5(_NAMESPACE, week.id.casefold())


@retry_conflicts
@transaction.atomic
def import_week(*, week: ImportedWeek, slot_minutes: int, now: datetime) -> Imported:
    """Create or update the record's doctor: their name, weekly hours, exceptions and slots.

    Everything is written or nothing. The file takes precedence: hours that staff entered for this doctor are
    replaced. If nothing differs, nothing is written.

    :raises WeekRefused: the record's time zone is not the clinic's, or its hours overlap
    """
    zone = current_clinic().time_zone
    if week.time_zone != zone:
        raise WeekRefused(f"timezone: the clinic's is {zone}, not {week.time_zone}")
    doctor = Doctor.objects.filter(pk=_doctor_id(week)).first()
    outcome = Outcome.UPDATED if doctor else Outcome.ADDED
    doctor = doctor or add_doctor(id=_doctor_id(week), name=week.name)
    hours = [Hours(*interval, slot_minutes) for interval in week.hours]
    new_exceptions = {day: DatedException(day, intervals, slot_minutes) for day, intervals in week.exceptions}
    try:
        check_week(hours)
    except HoursRefused as error:
        raise WeekRefused(f"weekly: {refusal_message(error)}") from error
    same_week = set(weekly_hours(doctor)) == set(hours)
    same_days = exceptions_by_day(exceptions(doctor)) == new_exceptions
    if outcome is Outcome.UPDATED and doctor.name == week.name and same_week and same_days:
        return Imported(Outcome.UNCHANGED, Generated(added=0, removed=0, unfitting=0))
    Doctor.objects.filter(pk=doctor.pk).update(name=week.name)
    if not same_week:
        replace_week(doctor, hours)
    if not same_days:
        replace_exceptions(doctor, new_exceptions.values())
    return Imported(outcome, generate_slots(doctor=doctor, now=now))
