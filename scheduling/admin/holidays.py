"""Holidays that the clinic decides itself, with those of its calendar."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clinics.selectors import clinic_settings
from clinics.services.rules import booking_rules_changed
from scheduling.models import HolidayChoice
from scheduling.selectors.holidays import closed_days
from scheduling.selectors.wall import clinic_day
from tenants.accounts.audited_admin import WritesAudited
from tenants.base.clock import now

SHOWN = timedelta(days=365)


@admin.register(HolidayChoice)
class HolidayChoiceAdmin(WritesAudited, admin.ModelAdmin[HolidayChoice]):
    """Days on which the clinic is open though its calendar says closed, or the other way round."""

    list_display = ("day", "is_open", "name")
    date_hierarchy = "day"
    change_list_template = "scheduling/holidays.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with the coming year's holidays beside it."""
        today = clinic_day(now())
        chosen = set(HolidayChoice.objects.filter(day__gte=today).values_list("day", flat=True))
        coming = [
            {"day": day, "name": name, "address": None if day in chosen else opening_page(str(day), name)}
            for day, name in closed_days(clinic_settings(), first=today, last=today + SHOWN).items()
        ]
        return super().changelist_view(request, {**(extra_context or {}), "coming": coming})

    def save_model(
        self, request: HttpRequest, obj: HolidayChoice, form: ModelForm[HolidayChoice], change: bool
    ) -> None:
        """Store; every doctor's slots follow."""
        super().save_model(request, obj, form, change)
        booking_rules_changed()

    def delete_model(self, request: HttpRequest, obj: HolidayChoice) -> None:
        """Let the calendar hold again."""
        super().delete_model(request, obj)
        booking_rules_changed()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[HolidayChoice]) -> None:
        """As above, for several days."""
        super().delete_queryset(request, queryset)
        booking_rules_changed()


def opening_page(day: str, name: str) -> str:
    """The page on which a holiday of the calendar's is opened, filled in."""
    filled_in = urlencode({"day": day, "name": name[:80], "is_open": "1"})
    return f"{reverse('admin:scheduling_holidaychoice_add')}?{filled_in}"
