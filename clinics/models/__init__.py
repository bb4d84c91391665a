"""A clinic's people and settings."""

from clinics.models.doctors import Doctor, Specialty
from clinics.models.patients import Patient
from clinics.models.settings import ClinicSettings

__all__ = ["ClinicSettings", "Doctor", "Patient", "Specialty"]
