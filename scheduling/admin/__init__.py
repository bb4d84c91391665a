"""The schedule in Django Admin. Changes go through the same services as the API."""

from scheduling.admin import bookings, doctors, exceptions, holidays, slots, time_off, visits, waitlist

__all__ = ["bookings", "doctors", "exceptions", "holidays", "slots", "time_off", "visits", "waitlist"]
