"""The models of a clinic's people and settings."""

from clinics.models.doctors import Doctor, Specialty
from clinics.models.patients import Care, Patient
from clinics.models.photos import DoctorPhoto
from clinics.models.settings import ClinicSettings
from clinics.models.text_messages import SmsSettings, StoppedNumber

__all__ = [
    "Care",
    "ClinicSettings",
    "Doctor",
    "DoctorPhoto",
    "Patient",
    "SmsSettings",
    "Specialty",
    "StoppedNumber",
]
