"""The page of a patient's appointments and offers, and the one for joining the waiting list."""
