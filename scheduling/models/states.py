"""Which bookings take their time."""

TAKING = ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "COMPLETED"]
"""The states in which a booking takes its time. Held and pending count: they are promises too."""
BOOKED = [state for state in TAKING if state != "HELD"]
"""Those of them that do not end by themselves."""
