"""Filters of the lists in Django Admin."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Choices, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scheduling.calendar.local_times import clinic_day
from tenants.base.clock import day_start, now
from tenants.current import current_clinic

ALL_DATES = {"when": "all"}
"""The query string with which a list also shows past rows."""


class WhenFilter(admin.SimpleListFilter):
    """By start: today (in the clinic's time zone) and later by default."""

    title = _("date")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices besides the default."""
        return [("past", _("Past")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Name the default: Django would call it “All”."""
        default, *others = super().choices(changelist)
        yield {**default, "display": _("Today and later")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter by start."""
        today = day_start(clinic_day(now()), current_clinic().zone)
        if self.value() == "past":
            return queryset.filter(starts_at__lt=today)
        return queryset if self.value() == "all" else queryset.filter(starts_at__gte=today)


class StatusFilter(admin.ChoicesFieldListFilter):
    """By status, without the status of rows that the list leaves out."""

    hidden_status: ClassVar[Choices]
    """The status to leave out."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Return all choices except `hidden_status`."""
        hidden_label = self.hidden_status.label
        return (choice for choice in super().choices(changelist) if choice["display"] != hidden_label)
