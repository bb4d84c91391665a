"""The changes made by a merge, stored so that it can be undone."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import ForeignObjectRel, Model

from clinics.models import Care, Patient, PatientMerge


@dataclass(slots=True)
class Changes:
    """The changes of a merge. All ids are texts, so that it can be stored as JSON."""

    rows: dict[str, list[str]] = field(default_factory=dict)
    """The ids of the rows that were moved, by model and field, such as `scheduling.booking.patient`."""
    cares: dict[str, str] = field(default_factory=dict)
    """The ids of the `Care` rows that were changed, each with the changed field (`carer` or `dependant`)."""
    removed_cares: list[dict[str, str]] = field(default_factory=list)
    """The `Care` rows that were deleted: carer, dependant and time of creation."""
    fields: dict[str, list[Any]] = field(default_factory=dict)
    """The changed fields of the surviving record, each with its previous and new value."""
    past_overlaps: list[str] = field(default_factory=list)
    """The ids of the bookings that became exempt from the patient's exclusion constraint."""
    closed_account: str | None = None
    """The id of the deactivated user."""

    def as_json(self) -> dict[str, Any]:
        """Return the value for `PatientMerge.moved`."""
        return asdict(self)


def references_to_patients() -> Iterator[tuple[str, type[Model], str]]:
    """Yield every foreign key to a patient: its key in `Changes.rows`, its model and the field's name.

    They are read from the models, so that models added later are included. `Care` has its own rules, and
    `PatientMerge` rows do not move.
    """
    for relation in Patient._meta.get_fields(include_hidden=True):
        if not (isinstance(relation, ForeignObjectRel) and relation.one_to_many):
            continue
        model, field = relation.related_model, relation.field
        if model not in (Care, PatientMerge, Patient):
            yield f"{model._meta.label_lower}.{field.name}", model, field.name


def model_and_field(key: str) -> tuple[type[Model], str]:
    """Return the model and the field that a key of `Changes.rows` names."""
    label, _dot, name = key.rpartition(".")
    return apps.get_model(label), name
