"""Compare the fields of two patient records and choose the values for the merged patient."""

from collections.abc import Collection
from typing import Any

from clinics.models import Patient

MERGED_FIELDS = (
    "first_name",
    "last_name",
    "date_of_birth",
    "phone",
    "address",
    "time_zone",
    "emergency_contact_name",
    "emergency_contact_phone",
    "insurance_provider",
    "insurance_number",
)
"""The fields for which staff choose a value. Clinical texts are combined instead."""


def merged_values(*, survivor: Patient, merged: Patient, from_merged: Collection[str]) -> dict[str, Any]:
    """Return the fields of the surviving record that change, with their new values.

    The other record's value is used if the field is empty, or if staff chose it. Allergies, conditions and
    medication are combined, so that no warning is lost even if the front desk cannot read them.

    :param from_merged: fields for which staff chose the other record's value
    """
    values = {
        name: getattr(merged, name)
        for name in MERGED_FIELDS
        if getattr(merged, name) and (name in from_merged or not getattr(survivor, name))
    }
    for name in Patient.CLINICAL_FIELDS:
        values[name] = _combined(getattr(survivor, name), getattr(merged, name))
    return {name: value for name, value in values.items() if value != getattr(survivor, name)}


def _combined(one: str, other: str) -> str:
    """Append the second text to the first, unless it is part of it."""
    if not other.strip() or other.strip().casefold() in one.casefold():
        return one
    return f"{one}\n{other}" if one.strip() else other


def differing_fields(survivor: Patient, merged: Patient) -> list[str]:
    """Return the fields for which both records have a value, and the values differ."""
    return [
        name
        for name in MERGED_FIELDS
        if getattr(survivor, name)
        and getattr(merged, name)
        and getattr(survivor, name) != getattr(merged, name)
    ]
