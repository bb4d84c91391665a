"""Errors of a clinic's people."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class DoctorHasAccount(DomainError):
    """Another user account is linked to this doctor."""

    code = "doctor_spoken_for"
    message = _("Another account is already linked to this doctor. Choose another doctor.")
    status = 409


class SeveralDoctorsOfThisName(DomainError):
    """More than one doctor without an account has the user's name."""

    code = "several_doctors"
    message = _(
        "Several doctors without an account have this person's name. Give the others another name first, or "
        "keep the role, and invite the person as the right doctor."
    )
    status = 409


class TooManyDependants(DomainError):
    """The user has the maximum number of dependants. A higher number suggests misuse of the account."""

    code = "limit_reached"
    message = _("You have reached the limit of people you care for. Call the clinic to add another.")
