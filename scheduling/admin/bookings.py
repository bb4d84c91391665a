"""Bookings."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from scheduling.admin.asking import answer_fields, answer_in_words, answers_given
from scheduling.admin.filters import StatusFilter, WhenFilter
from scheduling.admin.slots import on_the_wall, time_on_the_wall
from scheduling.models import Booking, BookingEvent
from scheduling.services.attending import check_in, complete_booking, confirm_booking, mark_no_show
from scheduling.services.booking import book_slot
from scheduling.services.cancelling import cancel_booking
from scheduling.services.next_open import time_changes
from tenants.accounts.audited_admin import ListsAudited, ReadsAudited, staff_of
from tenants.accounts.models import User
from tenants.base.admin import ReadOnly, RefusalsAsMessages
from tenants.base.clock import now

_CHECK_IN = ("check_in_selected", _("The patient is here"))
_COMPLETE = ("complete_selected", _("The visit has taken place"))
_MISSED = ("missed_selected", _("The patient did not come"))
_CANCEL = ("cancel_selected", _("Cancel it"))
STEPS = {
    Booking.Status.PENDING: (("confirm_selected", _("Confirm it")), _CANCEL),
    Booking.Status.CONFIRMED: (_CHECK_IN, _COMPLETE, _MISSED, _CANCEL),
    Booking.Status.CHECKED_IN: (_COMPLETE,),
    Booking.Status.NO_SHOW: (_CHECK_IN,),
}
"""What can be done next with a booking: the list's actions, with the words of its own page."""


class HistoryInline(ReadOnly, admin.TabularInline[BookingEvent, Booking]):
    """Who did what, when and why."""

    model = BookingEvent
    fields = ("created_at", "kind", "by", "note")
    readonly_fields = fields
    extra = 0
    verbose_name_plural = _("history")


class MadeStatusFilter(StatusFilter):
    """What only ever was a hold is in no list."""

    never = Booking.Status.HELD


@admin.register(Booking)
class BookingAdmin(ReadsAudited, ListsAudited, RefusalsAsMessages, admin.ModelAdmin[Booking]):
    """Who comes when. Booking and cancelling are put in the audit log by their services."""

    list_display = ("starts", "patient", "doctor", "visit_type", "status")
    list_filter = (WhenFilter, ("status", MadeStatusFilter), "doctor")
    list_select_related = ("patient", "doctor", "visit_type", "place")
    date_hierarchy = "starts_at"
    search_fields = ("patient__last_name", "patient__first_name", "patient__phone", "patient__user__email")
    autocomplete_fields = ("patient", "slot", "visit_type")
    inlines = (HistoryInline,)
    change_form_template = "scheduling/booking.html"
    actions = (
        "confirm_selected",
        "check_in_selected",
        "complete_selected",
        "missed_selected",
        "cancel_selected",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        """Not what only ever was a hold."""
        return super().get_queryset(request).filter(pk__in=Booking.objects.made())

    def subjects(self, obj: Booking) -> list[Model]:
        """Its patient is read with it."""
        return [obj, obj.patient]

    def shown_with(self, obj: Booking) -> Model:
        """A line names its patient."""
        return obj.patient

    @admin.display(description=_("starts"), ordering="starts_at")
    def starts(self, booking: Booking) -> str:
        """On the clinic's wall."""
        return on_the_wall(booking.starts_at)

    @admin.display(description=_("ends"))
    def ends(self, booking: Booking) -> str:
        """On the clinic's wall."""
        return time_on_the_wall(booking.ends_at)

    def get_fields(self, request: HttpRequest, obj: Booking | None = None) -> tuple[str, ...]:
        """Four to book, and what the visit asks; all to look at."""
        if obj is None:
            return ("patient", "slot", "visit_type", *answer_fields(request), "reason")
        when = ("starts", "ends", "place", "room")
        return ("patient", "doctor", *when, "visit_type", "status", "overbooked", "reason", "answered",
            "cancelled_at", "created_at")  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Booking | None = None) -> tuple[str, ...]:
        """A booking changes by what is done with it, not by editing."""
        return self.get_fields(request, obj) if obj else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """There is nothing to save of a booking: its buttons are what is done with it next."""
        obj = kwargs.get("obj")
        if obj is not None and self.has_change_permission(request, obj):
            context["steps"] = STEPS.get(Booking.Status(obj.status), ())
        return super().render_change_form(request, context, *args, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Booking | None) -> Any:
        """What is not there yet has no history."""
        return self.inlines if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Booking | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Booking takes a slot, though a cancelled booking may have lost its own; and answers."""
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        asking = type("BookingForm", (ModelForm,), answer_fields(request))
        form = super().get_form(request, obj, change, **{**kwargs, "form": asking})
        form.base_fields["slot"].required = True
        return form

    def save_model(self, request: HttpRequest, obj: Booking, form: ModelForm[Booking], change: bool) -> None:
        """Book, through the one service that does."""
        if change or not isinstance(request.user, User) or obj.slot_id is None:
            return
        booking = book_slot(
            slot_id=obj.slot_id,
            patient=obj.patient,
            by=request.user,
            visit_type=obj.visit_type,
            reason=obj.reason,
            answers=answers_given(form),
            now=now(),
        )
        obj.pk, obj.starts_at, obj.ends_at = booking.pk, booking.starts_at, booking.ends_at

    def has_delete_permission(self, request: HttpRequest, obj: Booking | None = None) -> bool:
        """Bookings are cancelled, never deleted."""
        return False

    @admin.display(description=_("answers"))
    def answered(self, booking: Booking) -> str:
        """What was asked when it was booked, and answered."""
        return "\n".join(f"{each['text']} {answer_in_words(each['answer'])}" for each in booking.answers)

    @admin.action(description=_("Confirm selected bookings"))
    def confirm_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Approve those that wait for it; their patients are told."""
        self.take_step(request, queryset, confirm_booking)

    @admin.action(description=_("The patients of selected bookings are here"))
    def check_in_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Check them in."""
        self.take_step(request, queryset, check_in)

    @admin.action(description=_("Selected visits have taken place"))
    def complete_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Complete them."""
        self.take_step(request, queryset, complete_booking)

    @admin.action(description=_("The patients of selected bookings did not come"))
    def missed_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Say so."""
        self.take_step(request, queryset, mark_no_show)

    def take_step(
        self, request: HttpRequest, queryset: QuerySet[Booking], step: Callable[..., Booking]
    ) -> None:
        """Take a step with every one of them, or with none."""
        by = staff_of(request)
        bookings = list(queryset.select_related("patient"))
        with time_changes():
            for booking in bookings:
                step(booking=booking, by=by, now=now())
        count = len(bookings)
        done = ngettext("%(count)d booking is changed.", "%(count)d bookings are changed.", count)
        self.message_user(request, done % {"count": count}, messages.SUCCESS)

    @admin.action(description=_("Cancel selected bookings"))
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Booking]) -> HttpResponse | None:
        """Ask once, saying how many; then cancel all of them or none, and tell each patient."""
        if "confirmed" not in request.POST or not isinstance(request.user, User):
            return self.ask_before_cancelling(request, queryset)
        reason = request.POST.get("reason", "")
        with time_changes():
            for booking in queryset:
                cancel_booking(booking=booking, by=request.user, reason=reason, now=now())
        count = queryset.count()
        done = ngettext("%(count)d booking is cancelled.", "%(count)d bookings are cancelled.", count)
        self.message_user(request, done % {"count": count}, messages.SUCCESS)
        return None

    def ask_before_cancelling(self, request: HttpRequest, queryset: QuerySet[Booking]) -> HttpResponse:
        """The page between asking and doing. It names the patients."""
        bookings = list(queryset.select_related("patient", "doctor"))
        self.record_shown(request, bookings)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Cancel bookings"),
            "bookings": bookings,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "scheduling/cancel_bookings.html", context)
