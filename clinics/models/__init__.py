"""The models of a clinic's people and settings."""

from clinics.models.doctors import Doctor, Specialty
from clinics.models.patients import Care, Patient, PatientMerge
from clinics.models.photos import DoctorPhoto
from clinics.models.settings import ClinicSettings
from clinics.models.text_messages import SmsSettings, StoppedNumber

__all__ = [
    "Care",
    "ClinicSettings",
    "Doctor",
    "DoctorPhoto",
    "Patient",
    "PatientMerge",
    "SmsSettings",
    "Specialty",
    "StoppedNumber",
]
