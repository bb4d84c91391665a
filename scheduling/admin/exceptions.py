"""Dated exceptions."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.selectors import clinic_settings
from scheduling.models import DatedException, ExceptionInterval
from scheduling.planning import HoursRefused, Interval, check_day, format_clock
from scheduling.services.hours import remove_exception, set_exception
from tenants.accounts.audited_admin import WritesAudited
from tenants.base.admin import FewRows, RefusalsAsMessages
from tenants.base.clock import now


class DayFormSet(BaseInlineFormSet[ExceptionInterval, DatedException, ModelForm[ExceptionInterval]]):
    """The intervals of one day."""

    def intervals(self) -> list[Interval]:
        """As they stand on the page, without those marked for deletion."""
        kept = [form.cleaned_data for form in self.forms if form.has_changed() or form.instance.pk]
        return [(row["opens"], row["closes"]) for row in kept if row and not row.get("DELETE")]

    def clean(self) -> None:
        """Hold the day against the planner's rules.

        :raises ValidationError: it breaks one
        """
        super().clean()
        if any(self.errors) or not self.instance.slot_minutes:
            return
        try:
            check_day(self.intervals(), self.instance.slot_minutes)
        except HoursRefused as refused:
            raise ValidationError(_(refused.message) % refused.params) from refused


class IntervalInline(FewRows, admin.TabularInline[ExceptionInterval, DatedException]):
    """The day's intervals; none: closed."""

    model = ExceptionInterval
    fields = ("opens", "closes")
    formset = DayFormSet
    extra = 2


@admin.register(DatedException)
class DatedExceptionAdmin(WritesAudited, RefusalsAsMessages, admin.ModelAdmin[DatedException]):
    """Days on which a doctor's week does not hold."""

    list_display = ("day", "doctor", "open_hours", "place")
    list_filter = ("doctor",)
    list_select_related = ("doctor", "place")
    date_hierarchy = "day"
    autocomplete_fields = ("doctor",)
    search_fields = ("doctor__name",)
    inlines = (IntervalInline,)

    def get_fieldsets(self, request: HttpRequest, obj: DatedException | None = None) -> Any:
        """What a day without hours means."""
        closed = _("The hours below hold on that day, instead of the week's. None at all: closed that day.")
        return [(None, {"fields": self.get_fields(request, obj), "description": closed})]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """As long as usual."""
        usual = {"slot_minutes": clinic_settings().slot_minutes}
        return {**usual, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: DatedException | None = None) -> tuple[str, ...]:
        """Whose day and which stays as it was made."""
        return ("doctor", "day") if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[DatedException]:
        """With the hours the list shows."""
        return super().get_queryset(request).prefetch_related("intervals")

    @admin.display(description=gettext_lazy("open"))
    def open_hours(self, exception: DatedException) -> str:
        """The day's hours in words."""
        hours = [f"{format_clock(i.opens)}-{format_clock(i.closes)}" for i in exception.intervals.all()]
        return ", ".join(hours) or _("closed")

    def save_formset(
        self, request: HttpRequest, form: ModelForm[DatedException], formset: Any, change: bool
    ) -> None:
        """Replace the day as a whole."""
        formset.save(commit=False)  # only to name the changes in the admin's history
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
        """Let the week hold again."""
        remove_exception(doctor=obj.doctor, day=obj.day, now=now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[DatedException]) -> None:
        """Let the week hold again on each of the days."""
        for exception in queryset.select_related("doctor"):
            self.delete_model(request, exception)
