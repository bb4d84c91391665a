"""Doctors with their week."""

from itertools import groupby
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, HiddenInput, IntegerField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from clinics.admin.doctors import DoctorAdmin
from clinics.admin.languages import LANGUAGES_REFUSED
from clinics.models import Doctor
from scheduling.admin.open_times import OpensTimes
from scheduling.errors import HoursChanged
from scheduling.models import WorkingHours
from scheduling.models.hours import Weekday
from scheduling.planning import Hours, HoursRefused, Weeks, check_week, week_letter
from scheduling.selectors.limits import LIMITS
from scheduling.selectors.wall import clinic_day
from scheduling.services.hours import set_working_hours
from scheduling.services.next_open import time_was_changed
from tenants.accounts.audited_admin import WritesAudited
from tenants.base.admin import FewRows, RefusalsAsMessages
from tenants.base.clock import now

PLAIN = ("weekday", "opens", "closes", "slot_minutes", "valid_from", "valid_until")
HOURS = ("weekday", "opens", "closes", "slot_minutes", "weeks", "place", "valid_from", "valid_until")


class DoctorForm(ModelForm[Doctor]):
    """Knows on which version of the hours the page was opened."""

    hours_version = IntegerField(widget=HiddenInput, required=False)

    class Meta:
        error_messages: ClassVar[dict[str, Any]] = {"languages": LANGUAGES_REFUSED}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours_version"].initial = self.instance.schedule_version


class WeekFormSet(BaseInlineFormSet[WorkingHours, Doctor, ModelForm[WorkingHours]]):
    """A doctor's week."""

    def week(self) -> list[Hours]:
        """The hours as they stand on the page, without those marked for deletion."""
        kept = [form.cleaned_data for form in self.forms if form.has_changed() or form.instance.pk]
        return [
            Hours(
                **{name: row[name] for name in PLAIN},
                weeks=Weeks(row["weeks"]),
                place=row["place"] and row["place"].pk,
            )
            for row in kept
            if row and not row.get("DELETE")
        ]

    def clean(self) -> None:
        """Hold the week against the planner's rules, and against changes that somebody else has made.

        :raises ValidationError: it breaks a rule, or was changed since the page was opened
        """
        super().clean()
        if any(self.errors):
            return
        # Said here, so that the page comes back with what was typed. Saving looks again, behind a lock.
        seen = self.data.get("hours_version")
        if seen and self.has_changed() and seen != str(self.instance.schedule_version):
            raise ValidationError(str(HoursChanged.message))
        for day, hours in groupby(sorted(self.week(), key=weekday_of), key=weekday_of):
            try:
                check_week(hours)
            except HoursRefused as refused:
                said = {"day": day.label, "reason": _(refused.message) % refused.params}
                raise ValidationError(_("%(day)s: %(reason)s") % said) from refused


def weekday_of(hours: Hours) -> Weekday:
    """On which day of the week."""
    return Weekday(hours.weekday)


class WeekInline(FewRows, admin.TabularInline[WorkingHours, Doctor]):
    """The week, a row an interval."""

    model = WorkingHours
    fields = HOURS
    formset = WeekFormSet
    extra = 1

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Places are read once, not for every row."""
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)
        return field

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Which of the weeks that take turns this one is."""
        if db_field.name == "weeks":
            this = week_letter(clinic_day(now()))
            kwargs["choices"] = [
                (value, _("%(weeks)s (now)") % {"weeks": label} if value == this else label)
                for value, label in db_field.choices
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Doctor | None = None, **kwargs: Any) -> Any:
        """A row is wide enough without the ways to add and change a place."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        place = formset.form.base_fields.get("place")
        if place is not None:
            place.widget = place.widget.widget
        return formset


@admin.register(Doctor)
class ScheduledDoctorAdmin(OpensTimes, WritesAudited, RefusalsAsMessages, DoctorAdmin):
    """Who can be booked, and when they work."""

    form = DoctorForm
    inlines = (WeekInline,)

    def get_fieldsets(self, request: HttpRequest, obj: Doctor | None = None) -> Any:
        """With how many patients the doctor sees at most, and the version of the hours, which is hidden."""
        full = _("On days and in weeks that are full, patients see no open times.")
        limits = {"fields": (LIMITS[:2], LIMITS[2:]), "description": full}
        hidden = {"fields": ("hours_version",)}
        return (*super().get_fieldsets(request, obj), (_("At most"), limits), (None, hidden))

    def save_model(self, request: HttpRequest, obj: Doctor, form: ModelForm[Doctor], change: bool) -> None:
        """Store. Which open slot is the next hangs on how many patients the doctor sees."""
        super().save_model(request, obj, form, change)
        if {*LIMITS} & {*form.changed_data}:
            time_was_changed(doctor_id=obj.pk, now=now())

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Doctor], formset: WeekFormSet, change: bool
    ) -> None:
        """Replace the week as a whole, so that intervals may trade places."""
        formset.save(commit=False)  # only to name the changes in the admin's history
        if formset.has_changed():
            version = form.cleaned_data.get("hours_version")
            set_working_hours(doctor=form.instance, week=formset.week(), version=version, now=now())
