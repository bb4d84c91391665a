"""The schedule in a clinic's admin. Every change goes through the services the API uses."""

from scheduling.admin import bookings, doctors, exceptions, slots, visits, waitlist

__all__ = ["bookings", "doctors", "exceptions", "slots", "visits", "waitlist"]
