"""Finds what a form changes, for the audit log: old and new values, or only the names of the fields."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.forms import ModelChoiceField

Changes = dict[str, Any]
"""For each field `[old, new]`, or None if the values must not be stored."""


def field_names(names: Iterable[str]) -> Changes:
    """Return changes without values, for personal data."""
    return dict.fromkeys(sorted(names))


def form_changes(form: Any, formsets: Iterable[Any], *, values_of: Collection[str] | bool) -> Changes:
    """Return what a valid form and its formsets change.

    :param values_of: the fields, and names of the inlines' models, whose values are stored; True for all
    """

    def stored(name: str) -> bool:
        return values_of is True or (values_of is not False and name in values_of)

    changes: Changes = {}
    for name in form.changed_data:
        changes[name] = _values(form, name) if stored(name) else None
    for formset in formsets:
        name = str(formset.model._meta.model_name)
        changed = [row for row in formset.forms if row.has_changed()]
        if changed:
            changes[name] = _rows(formset, changed) if stored(name) else None
    return changes


def plain_value(value: Any) -> Any:
    """Return a value as JSON can store it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, QuerySet):
        return sorted(str(each) for each in value)
    return [str(each) for each in value] if isinstance(value, list | tuple) else str(value)


def _values(form: Any, name: str) -> list[Any]:
    return [_initial(form, name), plain_value(form.cleaned_data.get(name))]


def _initial(form: Any, name: str) -> Any:
    field = form.fields[name]
    value = form.get_initial_for_field(field, name)
    if not isinstance(field, ModelChoiceField) or field.queryset is None or value in (None, "", []):
        return plain_value(value)
    keys = value if isinstance(value, list | tuple) else [value]
    rows = field.queryset.model._base_manager.filter(pk__in=[getattr(key, "pk", key) for key in keys])
    texts = sorted(str(row) for row in rows)
    return texts if isinstance(value, list | tuple) else "".join(texts)


def _rows(formset: Any, changed: Iterable[Any]) -> list[list[str]]:
    """Return the texts of the changed rows before and after."""
    old, new = [], []
    for row in changed:
        names = [name for name in row.fields if name not in {"id", "DELETE", formset.fk.name}]
        if row.instance.pk and not row.instance._state.adding:
            old.append(_text(row, {name: _initial(row, name) for name in names}))
        cleaned = getattr(row, "cleaned_data", None)
        if cleaned and not cleaned.get("DELETE"):
            new.append(_text(row, {name: plain_value(cleaned.get(name)) for name in names}))
    return [old, new]


def _text(row: Any, values: dict[str, Any]) -> str:
    """Return the values in one line as the page shows them, with the labels of choices."""
    words = []
    for name, value in values.items():
        choices = dict(getattr(row.instance._meta.get_field(name), "flatchoices", None) or ())
        if value not in {None, ""}:
            words.append(str(choices.get(value, row.fields[name].prepare_value(value))))
    return ", ".join(words)
