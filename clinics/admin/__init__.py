"""A clinic's people and settings in Django Admin. The scheduling app registers the page of doctors."""

from clinics.admin import invitations, patients, settings, specialties

__all__ = ["invitations", "patients", "settings", "specialties"]
