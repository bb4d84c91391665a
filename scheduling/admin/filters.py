"""What the lists of the schedule are narrowed to."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Choices, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scheduling.selectors.wall import clinic_day
from tenants.base.clock import day_start, now
from tenants.door import current_clinic

EVERYTHING = {"when": "all"}
"""The part of an address with which the list shows what is over, too."""


class WhenFilter(admin.SimpleListFilter):
    """Today, by the clinic's clock, and later, unless something else is asked for."""

    title = _("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The other choices."""
        return [("past", _("before today")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Django calls the usual choice "All"; here it is not."""
        usual, *others = super().choices(changelist)
        yield {**usual, "display": _("today and later")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By when it starts."""
        today = day_start(clinic_day(now()), current_clinic().zone)
        if self.value() == "past":
            return queryset.filter(starts_at__lt=today)
        return queryset if self.value() == "all" else queryset.filter(starts_at__gte=today)


class StatusFilter(admin.ChoicesFieldListFilter):
    """The states that a list can have."""

    never: ClassVar[Choices]
    """The one that it leaves out."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """All but that one."""
        return (each for each in super().choices(changelist) if each["display"] != self.never.label)
