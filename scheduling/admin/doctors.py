"""Doctors with their week."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from clinics.admin.doctors import DoctorAdmin
from clinics.models import Doctor
from scheduling.admin.open_times import OpensTimes
from scheduling.models import WorkingHours
from scheduling.planning import Hours, HoursRefused, check_week
from scheduling.services.hours import set_working_hours
from tenants.accounts.audited_admin import WritesAudited
from tenants.base.admin import FewRows, RefusalsAsMessages
from tenants.base.clock import now

HOURS = ("weekday", "opens", "closes", "slot_minutes", "valid_from", "valid_until")


class WeekFormSet(BaseInlineFormSet[WorkingHours, Doctor, ModelForm[WorkingHours]]):
    """A doctor's week."""

    def week(self) -> list[Hours]:
        """The hours as they stand on the page, without those marked for deletion."""
        kept = [form.cleaned_data for form in self.forms if form.has_changed() or form.instance.pk]
        return [Hours(**{name: row[name] for name in HOURS}) for row in kept if row and not row.get("DELETE")]

    def clean(self) -> None:
        """Hold the week against the planner's rules.

        :raises ValidationError: it breaks one
        """
        super().clean()
        if any(self.errors):
            return
        try:
            check_week(self.week())
        except HoursRefused as refused:
            raise ValidationError(_(refused.message) % refused.params) from refused


class WeekInline(FewRows, admin.TabularInline[WorkingHours, Doctor]):
    """The week, a row an interval."""

    model = WorkingHours
    fields = HOURS
    formset = WeekFormSet
    extra = 1


@admin.register(Doctor)
class ScheduledDoctorAdmin(OpensTimes, WritesAudited, RefusalsAsMessages, DoctorAdmin):
    """Who can be booked, and when they work."""

    inlines = (WeekInline,)

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Doctor], formset: WeekFormSet, change: bool
    ) -> None:
        """Replace the week as a whole, so that intervals may trade places."""
        formset.save(commit=False)  # only to name the changes in the admin's history
        if formset.has_changed():
            set_working_hours(doctor=form.instance, week=formset.week(), now=now())
