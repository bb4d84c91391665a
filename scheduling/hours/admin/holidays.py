"""Holiday exceptions in Django Admin, with the list of coming public holidays."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import localize_input

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from clinics.services.booking_rules import request_regeneration_of_all_slots
from scheduling.calendar.holidays import closed_days
from scheduling.calendar.local_times import clinic_day
from scheduling.hours.planned_slots import close_unplanned_slots
from scheduling.models import HolidayChoice
from tenants.accounts.audit.admin_mixins import AuditChanges
from tenants.base.clock import format_date_with_weekday, now

_PREVIEW_LENGTH = timedelta(days=365)


class HolidayChoiceAdmin(AuditChanges, admin.ModelAdmin[HolidayChoice]):
    """Days on which the clinic departs from the public holidays: open on one, or closed on another day."""

    audit_values = True
    list_display = ("day", "is_open", "name")
    date_hierarchy = "day"
    change_list_template = "scheduling/holidays.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the closed days of the coming year below the list."""
        today = clinic_day(now())
        chosen = set(HolidayChoice.objects.filter(day__gte=today).values_list("day", flat=True))
        coming = [
            {
                "day": format_date_with_weekday(day),
                "name": name,
                "url": None if day in chosen else _open_holiday_url(day, name),
            }
            for day, name in closed_days(clinic_settings(), first=today, last=today + _PREVIEW_LENGTH).items()
        ]
        return super().changelist_view(request, {**(extra_context or {}), "coming": coming})

    def save_model(
        self, request: HttpRequest, obj: HolidayChoice, form: ModelForm[HolidayChoice], change: bool
    ) -> None:
        """Save, and regenerate the slots of all doctors."""
        super().save_model(request, obj, form, change)
        _act_on_days([obj.day])

    def delete_model(self, request: HttpRequest, obj: HolidayChoice) -> None:
        """Apply the public holidays again."""
        super().delete_model(request, obj)
        _act_on_days([obj.day])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[HolidayChoice]) -> None:
        """Apply the public holidays again on several days."""
        days = list(queryset.values_list("day", flat=True))
        super().delete_queryset(request, queryset)
        _act_on_days(days)


def _act_on_days(days: Iterable[date]) -> None:
    """Stop offering the slots of days that are closed now, and regenerate the slots of all doctors."""
    for doctor in Doctor.objects.bookable().order_by("pk"):
        for day in days:
            if day >= clinic_day(now()):
                close_unplanned_slots(doctor=doctor, first=day, last=day, now=now())
    request_regeneration_of_all_slots()


def _open_holiday_url(day: date, name: str) -> str:
    """Return the URL of the form that opens the clinic on a public holiday, with the fields filled in."""
    initial = urlencode({"day": localize_input(day), "name": name[:80], "is_open": "1"})
    return f"{reverse('admin:scheduling_holidaychoice_add')}?{initial}"
