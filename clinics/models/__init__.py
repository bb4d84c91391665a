"""The models of a clinic's people and settings."""

from clinics.models.doctors import Doctor, Specialty
from clinics.models.home_page import ClinicPicture, HomePage, LegalPages, OpeningHours
from clinics.models.patients import Care, Patient, PatientMerge
from clinics.models.photos import DoctorPhoto
from clinics.models.settings import ClinicSettings
from clinics.models.text_messages import SmsSettings, StoppedNumber

__all__ = [
    "Care",
    "ClinicPicture",
    "ClinicSettings",
    "Doctor",
    "DoctorPhoto",
    "HomePage",
    "LegalPages",
    "OpeningHours",
    "Patient",
    "PatientMerge",
    "SmsSettings",
    "Specialty",
    "StoppedNumber",
]
