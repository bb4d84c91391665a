"""The schedule in a clinic's admin. Every change goes through the services the API uses."""

from scheduling.admin import bookings, doctors, exceptions, holidays, slots, time_off, visits, waitlist

__all__ = ["bookings", "doctors", "exceptions", "holidays", "slots", "time_off", "visits", "waitlist"]
