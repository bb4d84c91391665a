"""What a clinic refuses, and why."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class DoctorSpokenFor(DomainError):
    """Somebody signs in as this doctor."""

    code = "doctor_spoken_for"
    message = _("Somebody signs in as this doctor already.")
    status = 409


class TooManyDependants(DomainError):
    """Nobody cares for so many; whoever seems to is using the account for something else."""

    code = "limit_reached"
    message = _("You cannot add more people here. Please call the clinic.")
