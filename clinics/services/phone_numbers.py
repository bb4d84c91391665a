"""Telephone numbers that were stored before they were checked: store them as E.164 where they are valid."""

from typing import Any

from django.db.models import QuerySet

from clinics.models import Patient
from tenants.accounts.models import User
from tenants.phone_numbers import parse_phone

_E164 = r"^\+[1-9][0-9]{6,14}$"


def normalise_phone_numbers() -> int:
    """Store every number of the clinic's people as E.164 that is valid in the clinic's country.

    All others stay as they are: staff see that they are not valid, and no text message is sent to them.

    :return: how many numbers were changed
    """
    return (
        _normalise(User.objects.all(), "phone")
        + _normalise(Patient.objects.known(), "phone")
        + _normalise(Patient.objects.known(), "emergency_contact_phone")
    )


def _normalise(rows: QuerySet[Any], field: str) -> int:
    """Normalise one field. A number that somebody changes meanwhile is left as they wrote it."""
    old = rows.exclude(**{field: ""}).exclude(**{f"{field}__regex": _E164}).order_by("pk")
    changed = 0
    for pk, text in old.values_list("pk", field).iterator():
        number = parse_phone(text)
        if number is not None:
            changed += rows.filter(pk=pk, **{field: text}).update(**{field: number})
    return changed
