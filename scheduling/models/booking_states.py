"""Booking states that take time."""

TAKING = ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "COMPLETED"]
"""The states in which a booking takes its time. Held and pending bookings do: the time is reserved."""
