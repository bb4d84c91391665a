"""Dates and times as the admin shows them, in the clinic's time zone."""
