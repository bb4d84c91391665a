"""Booking states that take time."""

TIME_TAKING_STATES = ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"]
"""The states in which a booking takes its time. Held and pending bookings do: the time is reserved."""
