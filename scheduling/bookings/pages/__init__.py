"""Pages for booking a time and for a patient's appointments."""
