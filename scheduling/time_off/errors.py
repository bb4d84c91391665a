"""Refusals of absences."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class AbsenceTooLong(DomainError):
    """The absence is longer or further ahead than a receptionist may record."""

    code = "absence_too_long"
    message = _(
        "You can record absences of at most seven days that begin within a week. For longer time off, ask a "
        "clinic admin or the doctor."
    )
    status = 422
