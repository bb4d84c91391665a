"""API of the calendar of the staff portal."""
