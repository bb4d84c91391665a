"""The data of `clinic/`, which the web app also gets with its first page."""

from typing import Any

from django.utils.translation import get_language

from clinics.api.languages import patient_languages
from clinics.api.serializers import ClinicOutput
from clinics.selectors import clinic_settings, practised_specialties, visit_types
from tenants.base.clock import time_zone_label
from tenants.base.locales import tag_of
from tenants.current import current_clinic


def clinic_data() -> dict[str, Any]:
    """Return the current clinic, serialised for the API."""
    clinic, settings = current_clinic(), clinic_settings()
    data: dict[str, Any] = ClinicOutput(
        {
            "id": clinic.pk,
            "slug": clinic.slug,
            "name": clinic.name,
            "time_zone": clinic.time_zone,
            "tz_label": time_zone_label(clinic.time_zone),
            "locale": tag_of(get_language() or clinic.language_code),
            "patient_languages": patient_languages(),
            "phone": settings.phone,
            "email": settings.email,
            "address": settings.address,
            "languages": settings.languages,
            "branding": settings,
            "booking_rules": settings,
            "desk_sees_clinical": settings.desk_sees_clinical,
            "specialties": practised_specialties(),
            "visit_types": visit_types(),
        }
    ).data
    return data
