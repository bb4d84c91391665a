"""Names the records of audit entries in words, when the log is shown, to users who may see these records."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.accounts.models import User
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.base.clock import format_staff_time

Description = Callable[[Collection[str]], Mapping[str, str]]
"""Takes ids and returns a text for each id that exists, in a constant number of queries."""
_descriptions: dict[str, Description] = {}

PatientRecords = Callable[[str], Iterable[tuple[str, models.QuerySet[Any]]]]
"""Takes a search text. Returns the rows that belong to the patients it finds, by kind."""
_patient_records: list[PatientRecords] = []

CLOSED_ACCOUNT = gettext_lazy("Closed account")


def describes(kind: str) -> Callable[[Description], Description]:
    """Register the decorated function for records of a kind whose `str()` is not enough or needs queries."""

    def register(function: Description) -> Description:
        _descriptions[kind] = function
        return function

    return register


def patient_records(function: PatientRecords) -> PatientRecords:
    """Register the decorated function, which finds a patient's records for the log's search."""
    _patient_records.append(function)
    return function


def about_patient(text: str) -> models.Q:
    """Return the condition for entries about a patient's records. The text is a name, an address or an id."""
    condition = models.Q(pk=None)
    for function in _patient_records:
        for kind, rows in function(text):
            ids = rows.order_by().values_list(Cast("pk", models.CharField()))
            condition |= models.Q(kind=kind, record_id__in=ids)
    return condition


def done_by(text: str) -> models.Q:
    """Return the condition for entries of a person, by name, email address or id."""
    if (user_id := as_uuid(text)) is not None:
        return models.Q(by_id=user_id)
    users = User.objects.all()
    for word in text.split():
        users = users.filter(
            models.Q(first_name__icontains=word)
            | models.Q(last_name__icontains=word)
            | models.Q(email__icontains=word)
        )
    return models.Q(by__in=users.order_by().values("pk"))


def as_uuid(text: str) -> uuid.UUID | None:
    """Return the UUID in the text, or None."""
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None


def type_of_record(kind: str) -> str:
    """Return the name of a model by its label, for example “booking” for `scheduling.booking`."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def describe_records(entries: Iterable[AuditEntry], *, viewer: Any) -> dict[tuple[str, str], str]:
    """Return a text for each record that exists and that `viewer` may see, by kind and id.

    A person whose data was erased stays anonymous: the text is made from the present row.
    """
    ids: dict[str, set[str]] = {}
    for entry in entries:
        ids.setdefault(entry.kind, set()).add(entry.record_id)
    return {
        (kind, record_id): text
        for kind, wanted in ids.items()
        if _may_view(viewer, kind)
        for record_id, text in _describe(kind, wanted).items()
    }


def person_name(user: User | None) -> str:
    """Return the name of the user who did something; empty if nobody was signed in."""
    if user is None:
        return ""
    return user.get_full_name() or str(CLOSED_ACCOUNT)


def change_lines(entry: AuditEntry) -> list[str]:
    """Return the changes of an entry in words, one line for each field: “Role: doctor → receptionist”."""
    changes = entry.changes if isinstance(entry.changes, dict) else {}
    try:
        model: Any = apps.get_model(entry.kind)
    except (LookupError, ValueError):
        model = None
    return [_change_line(_field(model, name), name, values) for name, values in changes.items()]


def _field(model: Any, name: str) -> Any:
    if model is None:
        return None
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _change_line(field: Any, name: str, values: Any) -> str:
    label = capfirst(str(getattr(field, "verbose_name", None) or name.replace("_", " ")))
    if not isinstance(values, list) or len(values) != 2:  # noqa: PLR2004  old and new
        return _("%(field)s was changed") % {"field": label}
    old, new = (_in_words(value, field) for value in values)
    return f"{label}: {old} → {new}"


def _in_words(value: Any, field: Any) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    choices = dict(getattr(field, "flatchoices", None) or ())
    return str(choices.get(value, value))


def _may_view(viewer: Any, kind: str) -> bool:
    app, _dot, model = kind.partition(".")
    return bool(viewer.has_perm(f"{app}.view_{model}"))


def _describe(kind: str, ids: Collection[str]) -> Mapping[str, str]:
    try:
        model: Any = apps.get_model(kind)
    except (LookupError, ValueError):
        return {}
    readable = [record_id for record_id in ids if _is_key(model, record_id)]
    if kind in _descriptions:
        return _descriptions[kind](readable)
    rows = model._base_manager.in_bulk(readable)
    return {str(pk): str(row) for pk, row in rows.items()}


def _is_key(model: type[models.Model], text: str) -> bool:
    """Return whether the text can be a primary key of the model."""
    if not isinstance(model._meta.pk, models.UUIDField):
        return text.isdecimal() and len(text) < 10  # noqa: PLR2004  a smallint or an int
    return as_uuid(text) is not None


@describes("accounts.user")
def _users(ids: Collection[str]) -> dict[str, str]:
    return {str(pk): person_name(user) for pk, user in User.objects.in_bulk(list(ids)).items()}


@describes("accounts.auditentry")
def _entries(ids: Collection[str]) -> dict[str, str]:
    found = AuditEntry.objects.in_bulk([int(record_id) for record_id in ids])
    return {str(pk): format_staff_time(entry.at) for pk, entry in found.items()}
