"""What a merge moved from one patient record to another, in the form in which it is stored for the undo."""

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
    """The ids of the cares that were moved, each with the field that changed (`carer` or `dependant`)."""
    removed_cares: list[dict[str, str]] = field(default_factory=list)
    """The cares that were removed: carer, dependant and time of creation."""
    fields: dict[str, list[Any]] = field(default_factory=dict)
    """The fields of the kept record that changed: the value before and the value after."""
    closed_account: str | None = None
    """The id of the user who cannot sign in any more."""

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        return asdict(self)


def references_to_patients() -> Iterator[tuple[str, type[Model], str]]:
    """Yield every foreign key to a patient: its key in `Changes.rows`, its model and the field's name.

    They are read from the models, so a merge moves the rows of models that are added later too. Cares have
    rules of their own, and records of merges stay where they are.
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
