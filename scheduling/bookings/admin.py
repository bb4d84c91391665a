"""Bookings in Django Admin."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import BooleanField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clinics.admin.patients import email_problems_in_words
from clinics.selectors import email_problems, may_see_clinical
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.attendance import (
    check_in,
    complete_booking,
    confirm_booking,
    mark_no_show,
    start_visit,
)
from scheduling.bookings.book import book_slot
from scheduling.bookings.bulk_steps import StepResult, apply_to_each
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.undo import undo_step
from scheduling.calendar.admin_filters import StatusFilter, WhenFilter
from scheduling.models import Booking, BookingEvent
from scheduling.outside_calendars.before_booking import read_before_booking
from scheduling.visit_types.admin_intake_form import answer_fields, submitted_answers
from scheduling.visit_types.intake_answers import answer_label
from tenants.accounts.audit.admin_mixins import AuditLists, AuditViews, admin_user
from tenants.accounts.models import User
from tenants.base.admin import ReadOnly, ShowRefusals
from tenants.base.clock import format_staff_time, now

_CHECK_IN = ("check_in_selected", _("Check in"))
_START = ("start_selected", _("Start visit"))
_COMPLETE = ("complete_selected", _("Complete"))
_NO_SHOW = ("missed_selected", _("Mark as no-show"))
_CANCEL = ("cancel_selected", _("Cancel booking"))
_UNDO = ("undo_selected", _("Undo the last step"))
_ACTIONS_BY_STATUS = {
    Booking.Status.PENDING: (("confirm_selected", _("Confirm")), _CANCEL),
    Booking.Status.CONFIRMED: (_CHECK_IN, _START, _COMPLETE, _NO_SHOW, _CANCEL),
    Booking.Status.CHECKED_IN: (_START, _COMPLETE, _UNDO),
    Booking.Status.IN_PROGRESS: (_COMPLETE, _UNDO),
    Booking.Status.COMPLETED: (_UNDO,),
    Booking.Status.NO_SHOW: (_CHECK_IN, _UNDO),
}
"""The buttons on the page of a booking, by its status: the name of an admin action, and the label."""


def _taken_time_fields() -> dict[str, BooleanField]:
    """Return the checkboxes of a new booking that decide what happens if the time is not free."""
    return {
        "withdraw_offer": BooleanField(
            label=_("Withdraw an offer"),
            help_text=_(
                "If the time is offered to a patient on the waiting list, end the offer and tell them."
            ),
            required=False,
        ),
        "overbook": BooleanField(
            label=_("Double booking"),
            help_text=_("If the time is taken, book it in addition."),
            required=False,
        ),
    }


class HistoryInline(ReadOnly, admin.TabularInline[BookingEvent, Booking]):
    """The events of a booking."""

    model = BookingEvent
    fields = ("created_at", "kind", "by", "before", "note", "private_note")
    readonly_fields = fields
    extra = 0
    verbose_name_plural = _("booking history")

    @admin.display(description=_("before"))
    def before(self, event: BookingEvent) -> str:
        """Return the time and the visit type that a rescheduled booking had before."""
        if event.kind != BookingEvent.Kind.RESCHEDULED:
            return ""
        start = format_staff_time(datetime.fromisoformat(event.details["starts_at"]))
        return ", ".join(filter(None, [start, event.details.get("visit_type_name")]))


class BookedStatusFilter(StatusFilter):
    """The status filter without “held”: holds are not listed."""

    hidden_status = Booking.Status.HELD


@admin.register(Booking)
class BookingAdmin(AuditViews, AuditLists, ShowRefusals, admin.ModelAdmin[Booking]):
    """Bookings. The services write the audit log for booking, cancelling and changes of status."""

    list_display = ("starts", "patient", "doctor", "visit_type", "status", "will_come")
    list_filter = (WhenFilter, ("status", BookedStatusFilter), "doctor")
    list_select_related = ("patient", "doctor", "visit_type", "place")
    date_hierarchy = "starts_at"
    search_fields = (
        "patient__last_name",
        "patient__first_name",
        "patient__phone__written",
        "patient__user__email",
    )
    autocomplete_fields = ("patient", "slot", "visit_type")
    inlines = (HistoryInline,)
    change_form_template = "scheduling/booking.html"
    actions = (
        "confirm_selected",
        "check_in_selected",
        "start_selected",
        "complete_selected",
        "missed_selected",
        "undo_selected",
        "cancel_selected",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        """Leave out holds that never became a booking."""
        return super().get_queryset(request).filter(pk__in=Booking.objects.booked())

    def subjects(self, obj: Booking) -> list[Model]:
        """Return the records that are shown on the page: the booking and its patient."""
        return [obj, obj.patient]

    def audited_record(self, obj: Booking) -> Model:
        """Return the patient, whose name is in each row of the list."""
        return obj.patient

    @admin.display(description=_("start"), ordering="starts_at")
    def starts(self, booking: Booking) -> str:
        """Return the start in the clinic's time zone."""
        return format_staff_time(booking.starts_at)

    @admin.display(description=_("will come"), boolean=True)
    def will_come(self, booking: Booking) -> bool | None:
        """Return True if the patient has confirmed that they will come, else None (unknown)."""
        return True if booking.attendance_confirmed_at else None

    @admin.display(description=_("end"))
    def ends(self, booking: Booking) -> str:
        """Return the end in the clinic's time zone."""
        return format_staff_time(booking.ends_at)

    def get_fields(self, request: HttpRequest, obj: Booking | None = None) -> tuple[str, ...]:
        """Return the fields of the form for a new booking, or all fields of an existing one."""
        if obj is None:
            choices = ("withdraw_offer", "overbook")
            return ("patient", "slot", "visit_type", *answer_fields(request), "reason", *choices)
        when = ("starts", "ends", "place", "room")
        status = ("status", "overbooked") if obj.overbooked else ("status",)
        by = admin_user(request)
        answers = ("answered",) if by and may_see_clinical(by) else ()
        problem = ("email_problem",) if email_problems(obj.patient) else ()
        return ("patient", *problem, "doctor", *when, "visit_type", *status, "attendance_confirmed_at",
            "reason", *answers, "cancelled_at", "created_at")  # fmt: skip

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Refuse to filter by the answers, which would reveal them."""
        return not lookup.startswith("answers") and super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request: HttpRequest, obj: Booking | None = None) -> tuple[str, ...]:
        """Make an existing booking read-only: it changes through actions."""
        return self.get_fields(request, obj) if obj else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show buttons for the next steps instead of “Save”."""
        obj = kwargs.get("obj")
        if obj is not None and self.has_change_permission(request, obj):
            context["steps"] = _ACTIONS_BY_STATUS.get(Booking.Status(obj.status), ())
        return super().render_change_form(request, context, *args, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Booking | None) -> Any:
        """Show the history of existing bookings only."""
        return self.inlines if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Booking | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Require a slot for a new booking, though cancelled bookings may have none; add the questions."""
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        fields = {**answer_fields(request), **_taken_time_fields()}
        form_with_answers = type("BookingForm", (ModelForm,), fields)
        form = super().get_form(request, obj, change, **{**kwargs, "form": form_with_answers})
        form.base_fields["slot"].required = True
        return form

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Before a new booking is decided, read stale copies of the doctor's outside calendars."""
        if request.method == "POST" and object_id is None:
            with suppress(ValueError):  # the form refuses what is no id
                read_before_booking(slots=[UUID(request.POST.get("slot", ""))], now=now())
        return super().changeform_view(request, object_id, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Booking, form: ModelForm[Booking], change: bool) -> None:
        """Book the slot through the service."""
        if change or not isinstance(request.user, User) or obj.slot_id is None:
            return
        booking = book_slot(
            slot_id=obj.slot_id,
            patient=obj.patient,
            by=request.user,
            visit_type=obj.visit_type,
            reason=obj.reason,
            answers=submitted_answers(form),
            overbook=form.cleaned_data["overbook"],
            withdraw_offer=form.cleaned_data["withdraw_offer"],
            now=now(),
        )
        obj.pk, obj.starts_at, obj.ends_at = booking.pk, booking.starts_at, booking.ends_at

    def has_delete_permission(self, request: HttpRequest, obj: Booking | None = None) -> bool:
        """Forbid deleting: bookings are cancelled."""
        return False

    @admin.display(description=_("emails"))
    def email_problem(self, booking: Booking) -> str:
        """Return why emails about the booking are held."""
        return email_problems_in_words(booking.patient)

    @admin.display(description=_("answers"))
    def answered(self, booking: Booking) -> str:
        """Return the intake questions with the patient's answers."""
        return "\n".join(f"{row['text']} {answer_label(row['answer'])}" for row in booking.answers)

    @admin.action(description=_("Confirm selected bookings"))
    def confirm_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Confirm bookings that wait for approval. The patients are notified."""
        self._apply(request, queryset, confirm_booking)

    @admin.action(description=_("Check in patients of selected bookings"))
    def check_in_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Check the patients in."""
        self._apply(request, queryset, check_in)

    @admin.action(description=_("Mark selected visits as started"))
    def start_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Start the visits."""
        self._apply(request, queryset, start_visit)

    @admin.action(description=_("Mark selected bookings as completed"))
    def complete_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Complete the bookings."""
        self._apply(request, queryset, complete_booking)

    @admin.action(description=_("Mark selected bookings as no-shows"))
    def missed_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Mark the patients as no-shows."""
        self._apply(request, queryset, mark_no_show)

    @admin.action(description=_("Undo the last step of selected bookings"))
    def undo_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Undo arrived, started, completed or no-show, for one day."""

        def undo(*, booking: Booking, by: User, now: datetime) -> Booking:
            return undo_step(booking=booking, status=booking.status, by=by, now=now)

        self._apply(request, queryset, undo)

    def _apply(
        self, request: HttpRequest, queryset: QuerySet[Booking], service: Callable[..., Booking]
    ) -> None:
        """Apply `service` to each booking, and show how many were changed and which were refused."""
        result = self._apply_to_each(request, queryset, service)
        count = len(result.done)
        if count:
            message = ngettext("%(count)d booking updated.", "%(count)d bookings updated.", count)
            self.message_user(request, message % {"count": count}, messages.SUCCESS)

    def _apply_to_each(
        self, request: HttpRequest, queryset: QuerySet[Booking], service: Callable[..., Booking]
    ) -> StepResult:
        """Apply `service` to each booking. Show a line with the reason for each that is refused."""
        by, bookings = admin_user(request), queryset.select_related("patient")
        with tracking_changes():
            result = apply_to_each(bookings, lambda booking: service(booking=booking, by=by, now=now()))
        for refused in result.refused:
            who = f"{refused.booking.patient}, {format_staff_time(refused.booking.starts_at)}"
            self.message_user(request, f"{who}: {refused.error.message_with_details}", messages.ERROR)
        return result

    @admin.action(description=_("Cancel selected bookings"))
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> HttpResponse | None:
        """Ask for confirmation, then cancel the bookings. The patients are notified."""
        if "confirmed" not in request.POST or not isinstance(request.user, User):
            return self._confirmation_page(request, queryset)
        # The reason is for the patient or for staff only, as the form says.
        text, is_private = request.POST.get("reason", ""), "private" in request.POST
        service = partial(
            cancel_booking, reason="" if is_private else text, private_reason=text if is_private else ""
        )
        count = len(self._apply_to_each(request, queryset, service).done)
        if count:
            message = ngettext("%(count)d booking cancelled.", "%(count)d bookings cancelled.", count)
            self.message_user(request, message % {"count": count}, messages.SUCCESS)
        return None

    def _confirmation_page(self, request: HttpRequest, queryset: QuerySet[Booking]) -> HttpResponse:
        """Return the page that lists the bookings to cancel. It names the patients, so it is audited."""
        bookings = list(queryset.select_related("patient", "doctor"))
        self.audit_listed(request, bookings)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Cancel bookings"),
            "bookings": bookings,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "scheduling/cancel_bookings.html", context)
