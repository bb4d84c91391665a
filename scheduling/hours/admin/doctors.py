"""Doctors with their working hours in Django Admin."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, HiddenInput, IntegerField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clinics.admin.doctors import DoctorAdmin
from clinics.admin.languages import LANGUAGE_ERRORS
from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.availability.admin import InvalidatesAvailability
from scheduling.availability.doctor_limits import LIMIT_FIELDS
from scheduling.availability.next_open_slot import refresh_next_slot
from scheduling.calendar.local_times import booking_horizon, clinic_day
from scheduling.clock.overlaps import refuse_first
from scheduling.clock.planning import Hours, HoursRefused, Weeks, week_letter
from scheduling.errors import HoursChanged
from scheduling.hours.checks import check_new_week, refusal_message
from scheduling.hours.selectors import overlapping_hours
from scheduling.hours.services import set_working_hours
from scheduling.models import WorkingHours
from tenants.accounts.audit.admin_mixins import AuditChanges
from tenants.base.admin import LimitedInline, ShowRefusals
from tenants.base.clock import now
from tenants.current import current_clinic

_SIMPLE_FIELDS = ("weekday", "opens", "closes", "slot_minutes", "valid_from", "valid_until")
_FIELDS = ("weekday", "opens", "closes", "slot_minutes", "weeks", "place", "valid_from", "valid_until")


class DoctorForm(ModelForm[Doctor]):
    """The doctor's form. A hidden field holds the version of the working hours that the page shows."""

    hours_version = IntegerField(widget=HiddenInput, required=False)

    class Meta:
        error_messages: ClassVar[dict[str, Any]] = {"languages": LANGUAGE_ERRORS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours_version"].initial = self.instance.schedule_version


class WeekFormSet(BaseInlineFormSet[WorkingHours, Doctor, ModelForm[WorkingHours]]):
    """The rows of a doctor's working hours."""

    def week(self) -> list[Hours]:
        """Return the working hours on the page, without the rows marked for deletion."""
        rows = [form.cleaned_data for form in self.forms if form.has_changed() or form.instance.pk]
        return [
            Hours(
                **{name: row[name] for name in _SIMPLE_FIELDS},
                weeks=Weeks(row["weeks"]),
                place=row["place"] and row["place"].pk,
            )
            for row in rows
            if row and not row.get("DELETE")
        ]

    def clean(self) -> None:
        """Check the planner's rules, and that nobody else changed the hours since the page was opened.

        :raises ValidationError: a rule is broken, or the hours were changed meanwhile
        """
        super().clean()
        if any(self.errors):
            return
        # Checked here, so that the page is shown again with the input. Saving checks again, with a lock.
        version = self.data.get("hours_version")
        if version and self.has_changed() and version != str(self.instance.schedule_version):
            raise ValidationError(str(HoursChanged.message))
        try:
            check_new_week(self.instance, self.week(), now=now())
        except HoursRefused as error:
            raise ValidationError(refusal_message(error)) from error


class WeekInline(LimitedInline, admin.TabularInline[WorkingHours, Doctor]):
    """Working hours: one row for each interval."""

    model = WorkingHours
    fields = _FIELDS
    formset = WeekFormSet
    extra = 1

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Query the places once instead of once for each row."""
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)
        return field

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Mark the alternating week that is the current one: “A weeks (this week)”."""
        if db_field.name == "weeks":
            current = week_letter(clinic_day(now()))
            kwargs["choices"] = [
                (value, _("%(weeks)s (this week)") % {"weeks": label} if value == current else label)
                for value, label in db_field.choices
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Doctor | None = None, **kwargs: Any) -> Any:
        """Leave out the buttons that add or change a place: the row is wide enough."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        place = formset.form.base_fields.get("place")
        if place is not None:
            place.widget = place.widget.widget
        return formset


class ScheduledDoctorAdmin(InvalidatesAvailability, AuditChanges, ShowRefusals, DoctorAdmin):
    """Doctors with their working hours and booking limits."""

    audit_values = ("workinghours", "specialties", "is_active", "accepting_new_patients", *LIMIT_FIELDS)
    form = DoctorForm
    inlines = (WeekInline,)

    def get_fieldsets(self, request: HttpRequest, obj: Doctor | None = None) -> Any:
        """Add the booking limits and the hidden version of the working hours."""
        help_text = _("Once a limit is reached, patients see no available times for that day or week.")
        limits = {"fields": (LIMIT_FIELDS[:2], LIMIT_FIELDS[2:]), "description": help_text}
        hidden = {"fields": ("hours_version",)}
        return (*super().get_fieldsets(request, obj), (_("Booking limits"), limits), (None, hidden))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the page, with a warning if stored hours overlap, since part of them is not offered."""
        doctor = self.get_object(request, object_id) if request.method == "GET" else None
        if doctor is not None:
            today = clinic_day(now())
            last = booking_horizon(clinic_settings(), now=now())
            try:
                refuse_first(overlapping_hours(doctor, first=today, last=last), current_clinic().zone)
            except HoursRefused as error:
                self.message_user(request, refusal_message(error), messages.WARNING)
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Doctor, form: ModelForm[Doctor], change: bool) -> None:
        """Save. A changed limit can change the doctor's next open slot."""
        super().save_model(request, obj, form, change)
        if {*LIMIT_FIELDS} & {*form.changed_data}:
            refresh_next_slot(doctor_id=obj.pk, now=now())

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Doctor], formset: WeekFormSet, change: bool
    ) -> None:
        """Replace the whole week at once, so that two rows can swap their times."""
        formset.save(commit=False)  # only to list the changes in the admin's history
        if formset.has_changed():
            version = form.cleaned_data.get("hours_version")
            set_working_hours(doctor=form.instance, week=formset.week(), version=version, now=now())
