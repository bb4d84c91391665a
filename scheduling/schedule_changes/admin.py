"""Show whom a change of hours, a holiday or a deactivation affects, before it is saved in Django Admin."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.forms.formsets import all_valid
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.calendar.holidays import is_public_holiday
from scheduling.hours.admin.doctors import ScheduledDoctorAdmin
from scheduling.hours.admin.exceptions import DatedExceptionAdmin
from scheduling.hours.admin.holidays import HolidayChoiceAdmin
from scheduling.models import DatedException, HolidayChoice
from scheduling.patients.access_log import record_patients_listed
from scheduling.schedule_changes.selectors import (
    Closing,
    closing_of_doctor,
    closing_of_holiday,
    closing_of_week,
    preview_closing,
)
from scheduling.schedule_changes.services import (
    Decisions,
    ExceptionChange,
    apply_closing,
    closing_of_change,
)
from scheduling.time_off.admin.outcomes import ACTION_CHOICES, report_outcomes
from scheduling.time_off.admin.preview import decision_row, submitted_decisions
from scheduling.time_off.alternatives import MAX_BOOKINGS_WITH_ALTERNATIVES, AffectedBooking
from scheduling.time_off.decisions import Action, read_before_decisions
from tenants.accounts.audit.admin_mixins import admin_user
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.errors import InvalidInput

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object

_SEEN, _OTHERS, _NOTE = "seen", "others", "reason_for_patients"
"""The fields that the preview adds to those of the form."""


class ClosingPreview(_Base):
    """Shows the affected appointments before a change is saved, and handles them as chosen."""

    def closing_of(self, form: ModelForm[Any], formsets: list[Any], *, change: bool) -> Closing | None:
        """Return the time that the valid form closes; None if it closes none."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show the preview if appointments are affected; with the choices made there, save the change."""
        by = admin_user(request)
        if request.method != "POST" or by is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        closing = self._submitted_closing(request, object_id)
        if closing is not None and _SEEN not in request.POST:
            affected = preview_closing(closing, now=now())
            if affected:
                submitted = [
                    (name, value)
                    for name, values in request.POST.lists()
                    if name != "csrfmiddlewaretoken"
                    for value in values
                ]
                return self._preview(request, affected, by=by, submitted=submitted)
        _read_before_decisions(request, closing)
        setattr(request, "closing", closing)  # noqa: B010  for `save_related`
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_related(
        self, request: HttpRequest, form: ModelForm[Any], formsets: list[Any], change: bool
    ) -> None:
        """Save the rest of the form, then handle the affected appointments."""
        super().save_related(request, form, formsets, change)
        self._handle_affected(request, getattr(request, "closing", None))

    def _handle_affected(self, request: HttpRequest, closing: Closing | None) -> None:
        """Handle the affected appointments as chosen on the preview, and report what was done."""
        by = admin_user(request)
        if closing is None or by is None:
            return
        with tracking_changes():
            outcomes = apply_closing(closing, _submitted(request), by=by, now=now())
        if outcomes:
            report_outcomes(self, request, outcomes)

    def _submitted_closing(self, request: HttpRequest, object_id: str | None) -> Closing | None:
        """Return the time that the submitted form closes; None if it is invalid or forbidden."""
        change = object_id is not None
        obj = self.get_object(request, unquote(object_id)) if object_id is not None else None
        allowed = self.has_change_permission(request, obj) if change else self.has_add_permission(request)
        if not allowed or (change and obj is None):
            return None
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        form: Any = self.get_form(request, obj, change=change, fields=fields)(
            request.POST, request.FILES, instance=obj
        )
        form_is_valid = form.is_valid()
        if form_is_valid:
            form.save(commit=False)
        create_formsets: Any = self._create_formsets  # type: ignore[attr-defined]
        formsets, _inlines = create_formsets(request, form.instance, change=change)
        if not all_valid(formsets) or not form_is_valid:
            return None
        return self.closing_of(form, formsets, change=change)

    def _preview(
        self,
        request: HttpRequest,
        affected: list[AffectedBooking],
        *,
        by: User,
        submitted: list[tuple[str, Any]],
        deleted: str = "",
    ) -> HttpResponse:
        """Return the page that lists the affected appointments, and carries the fields of the form.

        :param deleted: what is to be deleted; "" if it is changed
        """
        listed = affected[:MAX_BOOKINGS_WITH_ALTERNATIVES]
        record_patients_listed(patients=[row.booking.patient for row in listed], by=by)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Appointments affected by this change"),
            "submitted": submitted,
            "deleted": deleted,
            "rows": [decision_row(row, Action.KEEP) for row in listed],
            "more": len(affected) - len(listed),
            "others_choices": ACTION_CHOICES,
        }
        return TemplateResponse(request, "scheduling/change_preview.html", context)


class DeletionPreview(ClosingPreview):
    """Shows the affected appointments also before a row is deleted, and handles them as chosen."""

    def closing_of_deletion(self, obj: Any) -> Closing | None:
        """Return the time that is closed if the row is deleted; None if none is."""
        raise NotImplementedError

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show the preview instead of the usual question if appointments are affected."""
        obj, by = self.get_object(request, unquote(object_id)), admin_user(request)
        if by is not None and obj is not None and self.has_delete_permission(request, obj):
            affected = self._affected_by_deletion(obj)
            if affected and _SEEN not in request.POST:
                return self._preview(request, affected, by=by, submitted=[("post", "yes")], deleted=str(obj))
            _read_before_decisions(request, self.closing_of_deletion(obj))
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the row, then handle the affected appointments."""
        closing = self.closing_of_deletion(obj)
        super().delete_model(request, obj)
        self._handle_affected(request, closing)

    def get_actions(self, request: HttpRequest) -> Any:
        """Delete several rows at once only if no appointment is affected."""
        actions = super().get_actions(request)
        if selected := actions.get("delete_selected"):
            delete, name, description = selected

            def delete_unless_affected(_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
                rows = [str(row) for row in queryset if self._affected_by_deletion(row)]
                if not rows:
                    return delete(self, request, queryset)
                text = _("Delete these one by one, because appointments are affected: %(rows)s.")
                self.message_user(request, text % {"rows": "; ".join(rows)}, messages.ERROR)
                return None

            actions["delete_selected"] = (delete_unless_affected, name, description)
        return actions

    def _affected_by_deletion(self, obj: Any) -> list[AffectedBooking]:
        closing = self.closing_of_deletion(obj)
        return preview_closing(closing, now=now()) if closing else []


def _submitted(request: HttpRequest) -> Decisions:
    """Return the choices made on the preview. Without a preview, appointments made meanwhile are kept.

    :raises InvalidInput: the data was not sent by the page
    """
    others = request.POST.get(_OTHERS, Action.KEEP.value)
    if others not in list(Action):
        raise InvalidInput(errors={_OTHERS: [_("Choose one of the options.")]})
    return Decisions(
        bookings=submitted_decisions(request.POST.dict()),
        others=Action(others),
        note=request.POST.get(_NOTE, "")[:120],
    )


def _read_before_decisions(request: HttpRequest, closing: Closing | None) -> None:
    """Read stale outside calendars if the choices were made on the preview."""
    if closing is not None and _SEEN in request.POST:
        with suppress(InvalidInput):  # refused when the change is saved
            chosen = _submitted(request)
            read_before_decisions(chosen.bookings, others=chosen.others, doctor=closing.doctor, now=now())


@admin.register(Doctor)
class DoctorScheduleAdmin(ClosingPreview, ScheduledDoctorAdmin):
    """Doctors: their hours and whether they can be booked."""

    def closing_of(self, form: ModelForm[Any], formsets: list[Any], *, change: bool) -> Closing | None:
        """Return the time outside the new hours, or all time of a doctor who can no longer be booked."""
        if not change:
            return None
        doctor: Doctor = form.instance
        if "is_active" in form.changed_data and not doctor.is_active:
            return closing_of_doctor(doctor, now=now())
        (week,) = formsets
        return closing_of_week(doctor, week.week(), now=now()) if week.has_changed() else None


@admin.register(DatedException)
class PreviewedExceptionAdmin(DeletionPreview, DatedExceptionAdmin):
    """Exceptions to working hours."""

    def closing_of(self, form: ModelForm[Any], formsets: list[Any], *, change: bool) -> Closing | None:
        """Return the time outside the hours of the date."""
        row: DatedException = form.instance
        (intervals,) = formsets
        exception = ExceptionChange(row.day, intervals.intervals(), row.slot_minutes, row.place_id)
        return closing_of_change(row.doctor, exception, now=now())

    def closing_of_deletion(self, obj: DatedException) -> Closing:
        """Return the time of the date in which the doctor does not work by the weekly hours."""
        return closing_of_change(obj.doctor, ExceptionChange(obj.day, None), now=now())


@admin.register(HolidayChoice)
class PreviewedHolidayAdmin(DeletionPreview, HolidayChoiceAdmin):
    """Days on which the clinic departs from the public holidays."""

    def closing_of(
        self, form: ModelForm[Any], formsets: list[BaseInlineFormSet[Any, Any, Any]], *, change: bool
    ) -> Closing | None:
        """Return the day that is closed."""
        row: HolidayChoice = form.instance
        return None if row.is_open or not form.has_changed() else closing_of_holiday(row.day, now=now())

    def closing_of_deletion(self, obj: HolidayChoice) -> Closing | None:
        """Return the day, if it is a public holiday on which the clinic is open."""
        closes = obj.is_open and is_public_holiday(clinic_settings(), obj.day)
        return closing_of_holiday(obj.day, now=now()) if closes else None
