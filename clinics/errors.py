"""Refusals of the clinics app."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class DoctorSpokenFor(DomainError):
    """The doctor already has a user account."""

    code = "doctor_spoken_for"
    message = _("This doctor already has an account.")
    status = 409


class TooManyDependants(DomainError):
    """The patient has the maximum number of dependants. The limit prevents misuse of an account."""

    code = "limit_reached"
    message = _("You cannot add more people online. Call the clinic.")
