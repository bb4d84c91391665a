"""The page for repeating an appointment."""
