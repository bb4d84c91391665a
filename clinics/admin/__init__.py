"""A clinic's people and settings in Django Admin. The scheduling app registers the pages of doctors and
patients."""

from clinics.admin import home_page, invitations, legal_pages, settings, specialties

__all__ = ["home_page", "invitations", "legal_pages", "settings", "specialties"]
