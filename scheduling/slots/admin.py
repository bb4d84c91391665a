"""Slots in Django Admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, QuerySet
from django.forms import BooleanField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from scheduling.calendar.admin_filters import WhenFilter
from scheduling.clock.clock_changes import clock_pass
from scheduling.models import Slot
from scheduling.models.slots import bookings_taking_slot
from scheduling.slots.services import add_slots, change_slot, restore_slot, withdraw_slot
from tenants.accounts.audit.admin_mixins import AuditChanges, admin_user
from tenants.base.admin import ShowRefusals
from tenants.base.clock import format_staff_time, now
from tenants.base.errors import DomainError
from tenants.current import current_clinic

_SHOWS_REMOVED = ("status__exact", Slot.Status.WITHDRAWN.value)
"""The query parameter of the list of removed times."""


class _SlotForm(ModelForm[Slot]):
    """A slot, and the confirmation that it is offered during time off."""

    during_time_off = BooleanField(
        label=_("also during time off"),
        required=False,
        help_text=_("Tick it to offer this time although the doctor or the clinic is away."),
    )


@admin.register(Slot)
class SlotAdmin(AuditChanges, ShowRefusals, admin.ModelAdmin[Slot]):
    """Slots of all doctors."""

    audit_values = True
    list_display = ("starts", "doctor", "status", "taken", "origin", "fits_hours")
    form = _SlotForm
    fields = ("doctor", "starts_at", "ends_at", "status", "during_time_off")
    list_filter = (WhenFilter, "status", "fits_hours", "origin", "doctor")
    list_select_related = ("doctor",)
    date_hierarchy = "starts_at"
    search_fields = ("doctor__name",)
    autocomplete_fields = ("doctor",)
    ordering = ("starts_at",)
    list_per_page = 50
    actions = ("restore",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        """Annotate whether a part of each is booked or held. Only their filter lists removed slots."""
        slots: QuerySet[Slot] = super().get_queryset(request)
        if not _lists_removed(request):
            slots = slots.exclude(status=Slot.Status.WITHDRAWN)
        return slots.annotate(is_taken=Exists(bookings_taking_slot(now())))

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer to restore removed times, and to remove the others."""
        unsuitable = "delete_selected" if _lists_removed(request) else "restore"
        return {name: action for name, action in super().get_actions(request).items() if name != unsuitable}

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        """Do not link removed times: they are restored, not edited."""
        return None if _lists_removed(request) else super().get_list_display_links(request, list_display)

    @admin.action(description=_("Offer the selected removed times again"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Slot]) -> None:
        """Restore removed times; those that cannot be restored are named with the reason."""
        by, offered = admin_user(request), 0
        removed = queryset.filter(status=Slot.Status.WITHDRAWN).select_related("doctor")
        for slot in removed:
            try:
                offered += len(restore_slot(slot=slot, by=by, now=now()))
            except DomainError as error:
                self.message_user(request, f"{slot}: {error.message}", messages.WARNING)
        message = ngettext("%(count)d time is offered again.", "%(count)d times are offered again.", offered)
        self.message_user(request, message % {"count": offered}, messages.SUCCESS)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Slot], search_term: str
    ) -> tuple[QuerySet[Slot], bool]:
        """Suggest only open slots when one is chosen for a booking."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            open_slots = Slot.objects.offered().untaken(now=now()).starting_after(now())
            found = found.filter(pk__in=open_slots).select_related("doctor")
        return found, duplicates

    def get_fields(self, request: HttpRequest, obj: Slot | None = None) -> tuple[str, ...]:
        """Show start and end as text if the clock repeats them: a form field has no passes."""
        return ("doctor", "starts", "ends", "status") if obj and _is_repeated(obj) else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Slot | None = None) -> tuple[str, ...]:
        """Fix the doctor of an existing slot; a new slot has no status yet."""
        return ("doctor", "starts", "ends") if obj else ("status",)

    @admin.display(description=_("start"), ordering="starts_at")
    def starts(self, slot: Slot) -> str:
        """Return the start in the clinic's time zone."""
        return format_staff_time(slot.starts_at)

    @admin.display(description=_("end"))
    def ends(self, slot: Slot) -> str:
        """Return the end in the clinic's time zone."""
        return format_staff_time(slot.ends_at)

    @admin.display(description=_("booked"), boolean=True)
    def taken(self, slot: Slot) -> bool:
        """Return whether a part of the slot is booked or held."""
        return bool(getattr(slot, "is_taken", False))

    def save_model(self, request: HttpRequest, obj: Slot, form: ModelForm[Slot], change: bool) -> None:
        """Save through the services, which refuse to change the time of a booked slot."""
        period, confirmed = (obj.starts_at, obj.ends_at), form.cleaned_data["during_time_off"]
        if change:
            change_slot(
                slot=Slot.objects.select_related("doctor").get(pk=obj.pk),
                starts_at=obj.starts_at,
                ends_at=obj.ends_at,
                status=obj.status,
                during_time_off=confirmed,
                now=now(),
            )
            return
        (slot,) = add_slots(doctor=obj.doctor, periods=[period], during_time_off=confirmed, now=now())
        obj.pk = slot.pk

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """List only the slots: they are marked as removed, so nothing else is deleted with them."""
        return [str(slot) for slot in objs], {Slot._meta.verbose_name_plural: len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Slot) -> None:
        """Remove the slot, unless it is booked."""
        withdraw_slot(slot=obj, now=now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Slot]) -> None:
        """Remove all slots, or none if one of them is booked."""
        for slot in queryset:
            withdraw_slot(slot=slot, now=now())


def _lists_removed(request: HttpRequest) -> bool:
    """Whether the list is filtered by “removed”."""
    name, value = _SHOWS_REMOVED
    return request.GET.get(name) == value


def _is_repeated(slot: Slot) -> bool:
    """Whether the clock repeats the local time of the slot's start or end."""
    zone = current_clinic().zone
    return any(clock_pass(instant, zone) for instant in (slot.starts_at, slot.ends_at))
