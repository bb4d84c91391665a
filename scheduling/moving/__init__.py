"""Staff move visits to any time of a doctor, change their length, and undo it before a message is sent."""
