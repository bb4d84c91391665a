"""Exceptions to working hours (other hours, or none, on one date) in Django Admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.selectors import clinic_settings
from scheduling.clock.planning import HoursRefused, Interval, check_day
from scheduling.hours.checks import check_new_exception, planned_exception, refusal_message
from scheduling.hours.services import remove_exception, set_exception
from scheduling.models import DatedException, ExceptionInterval
from scheduling.models.clock_field import clock_range
from tenants.accounts.audit.admin_mixins import AuditChanges
from tenants.base.admin import LimitedInline, ShowRefusals
from tenants.base.clock import now


class DayFormSet(BaseInlineFormSet[ExceptionInterval, DatedException, ModelForm[ExceptionInterval]]):
    """The intervals of one day."""

    def intervals(self) -> list[Interval]:
        """Return the intervals on the page, without the rows marked for deletion."""
        rows = [form.cleaned_data for form in self.forms if form.has_changed() or form.instance.pk]
        return [(row["opens"], row["closes"]) for row in rows if row and not row.get("DELETE")]

    def clean(self) -> None:
        """Check the planner's rules.

        :raises ValidationError: a rule is broken
        """
        super().clean()
        if any(self.errors) or not self.instance.slot_minutes:
            return
        row = self.instance
        try:
            check_day(self.intervals(), row.slot_minutes)
            if row.doctor_id and row.day:
                planned = planned_exception(row.day, self.intervals(), row.slot_minutes, place=row.place_id)
                check_new_exception(row.doctor, row.day, planned)
        except HoursRefused as error:
            raise ValidationError(refusal_message(error)) from error


class IntervalInline(LimitedInline, admin.TabularInline[ExceptionInterval, DatedException]):
    """The day's intervals. Without any, the doctor is not available that day."""

    model = ExceptionInterval
    fields = ("opens", "closes")
    formset = DayFormSet
    extra = 2


class DatedExceptionAdmin(AuditChanges, ShowRefusals, admin.ModelAdmin[DatedException]):
    """Dates on which a doctor's weekly hours do not apply."""

    audit_values = True
    list_display = ("day", "doctor", "open_hours", "place")
    list_filter = ("doctor",)
    list_select_related = ("doctor", "place")
    date_hierarchy = "day"
    autocomplete_fields = ("doctor",)
    search_fields = ("doctor__name",)
    inlines = (IntervalInline,)

    def get_fieldsets(self, request: HttpRequest, obj: DatedException | None = None) -> Any:
        """Explain what a day without hours means."""
        help_text = _(
            "The hours below replace the weekly hours on this day. "
            "Without any hours the doctor is not available that day."
        )
        return [(None, {"fields": self.get_fields(request, obj), "description": help_text})]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start with the clinic's standard appointment length."""
        initial = {"slot_minutes": clinic_settings().slot_minutes}
        return {**initial, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: DatedException | None = None) -> tuple[str, ...]:
        """Fix the doctor and the day of an existing exception."""
        return ("doctor", "day") if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[DatedException]:
        """Prefetch the hours that the list shows."""
        return super().get_queryset(request).prefetch_related("intervals")

    @admin.display(description=gettext_lazy("hours"))
    def open_hours(self, exception: DatedException) -> str:
        """Return the day's hours, or “not available”."""
        hours = [clock_range(interval.opens, interval.closes) for interval in exception.intervals.all()]
        return ", ".join(hours) or _("not available")

    def save_formset(
        self, request: HttpRequest, form: ModelForm[DatedException], formset: Any, change: bool
    ) -> None:
        """Replace all hours of the day at once."""
        formset.save(commit=False)  # only to list the changes in the admin's history
        day = form.instance
        set_exception(
            doctor=day.doctor,
            day=day.day,
            intervals=formset.intervals(),
            slot_minutes=day.slot_minutes,
            place=day.place_id,
            now=now(),
        )

    def delete_model(self, request: HttpRequest, obj: DatedException) -> None:
        """Apply the weekly hours again."""
        remove_exception(doctor=obj.doctor, day=obj.day, now=now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[DatedException]) -> None:
        """Apply the weekly hours again on each of the days."""
        for exception in queryset.select_related("doctor"):
            self.delete_model(request, exception)
