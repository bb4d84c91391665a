"""Register every subject's admin pages."""

from scheduling import patients_admin as patients
from scheduling.bookings import admin as bookings
from scheduling.schedule_changes import admin as schedule_changes
from scheduling.slots import admin as slots
from scheduling.time_off.admin import time_off
from scheduling.visit_types import admin as visit_types
from scheduling.waitlist import admin as waitlist

__all__ = [
    "bookings",
    "patients",
    "schedule_changes",
    "slots",
    "time_off",
    "visit_types",
    "waitlist",
]
