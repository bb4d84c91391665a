"""Errors of a clinic's people."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError
from tenants.phone_numbers import format_phone


class DetailsRequired(DomainError):
    """The code is correct, but there is no account with the address, so the name of a new patient is needed.

    It is raised only after the code was checked, so that nobody else learns who has an account.
    """

    code = "details_required"
    message = _("There is no account with this email address yet. Enter your name to register.")
    status = 422


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


class PossibleDuplicates(DomainError):
    """There are records that may be of the same person. `data.patients` lists them."""

    code = "possible_duplicates"
    message = _(
        "There are similar patients. Choose one of them, or confirm that this is somebody else and send it"
        " again."
    )
    status = 409

    def __init__(self, patients: Sequence[Any]) -> None:
        super().__init__(
            {
                "patients": [
                    {
                        "id": str(patient.pk),
                        "name": patient.full_name,
                        "first_name": patient.first_name,
                        "last_name": patient.last_name,
                        "date_of_birth": patient.date_of_birth and patient.date_of_birth.isoformat(),
                        "phone": patient.phone,
                        "phone_display": format_phone(patient.phone),
                        "email": patient.user.email if patient.user else "",
                    }
                    for patient in patients
                ]
            }
        )
        self.patients = patients
