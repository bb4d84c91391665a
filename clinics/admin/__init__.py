"""A clinic's people and settings in Django Admin. The scheduling app registers the pages of doctors and
patients."""

from clinics.admin import invitations, settings, specialties

__all__ = ["invitations", "settings", "specialties"]
