"""Register every subject's admin pages."""

from scheduling import patients_admin as patients
from scheduling.bookings import admin as bookings
from scheduling.hours.admin import doctors, exceptions, holidays
from scheduling.slots import admin as slots
from scheduling.time_off.admin import time_off
from scheduling.visit_types import admin as visit_types
from scheduling.waitlist import admin as waitlist

__all__ = [
    "bookings",
    "doctors",
    "exceptions",
    "holidays",
    "patients",
    "slots",
    "time_off",
    "visit_types",
    "waitlist",
]
