"""A clinic's people and settings in its admin. Doctors are registered with their schedule, a floor above."""

from clinics.admin import invitations, patients, settings, specialties

__all__ = ["invitations", "patients", "settings", "specialties"]
