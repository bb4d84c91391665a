"""The fields of two patient records that are merged: which differ, and which value is kept."""

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
"""The fields between which staff choose. Clinical fields are not among them: their texts are combined."""


def merged_values(*, kept: Patient, merged: Patient, from_merged: Collection[str]) -> dict[str, Any]:
    """Return the fields of the kept record that change, with their new values.

    A field keeps its value unless it is empty, or staff chose the other one. Of allergies, conditions and
    medication both texts stay, so that a merge never loses a warning, whoever may read it.

    :param from_merged: fields in which the value of the other record is chosen
    """
    values = {
        name: getattr(merged, name)
        for name in MERGED_FIELDS
        if getattr(merged, name) and (name in from_merged or not getattr(kept, name))
    }
    for name in Patient.CLINICAL_FIELDS:
        values[name] = _combined(getattr(kept, name), getattr(merged, name))
    return {name: value for name, value in values.items() if value != getattr(kept, name)}


def _combined(one: str, other: str) -> str:
    """Return both texts, the second below the first, without repeating it."""
    if not other.strip() or other.strip().casefold() in one.casefold():
        return one
    return f"{one}\n{other}" if one.strip() else other


def differing_fields(kept: Patient, merged: Patient) -> list[str]:
    """Return the fields between which staff choose: both records have a value, and not the same one."""
    return [
        name
        for name in MERGED_FIELDS
        if getattr(kept, name) and getattr(merged, name) and getattr(kept, name) != getattr(merged, name)
    ]
