"""What a clinic refuses, and why."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class DoctorSpokenFor(DomainError):
    """Somebody signs in as this doctor."""

    code = "doctor_spoken_for"
    message = _("Somebody signs in as this doctor already.")
    status = 409
