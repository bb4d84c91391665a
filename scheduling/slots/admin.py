"""Slots in Django Admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scheduling.calendar.admin_filters import StatusFilter, WhenFilter
from scheduling.models import Slot
from scheduling.models.slots import bookings_taking_slot
from scheduling.slots.services import add_slots, change_slot, withdraw_slot
from tenants.accounts.audit.admin_mixins import AuditChanges
from tenants.base.admin import ShowRefusals
from tenants.base.clock import format_staff_time, now


class LiveStatusFilter(StatusFilter):
    """The status filter without “removed”: removed slots are not listed."""

    hidden_status = Slot.Status.WITHDRAWN


@admin.register(Slot)
class SlotAdmin(AuditChanges, ShowRefusals, admin.ModelAdmin[Slot]):
    """Slots of all doctors."""

    audit_values = True
    list_display = ("starts", "doctor", "status", "taken", "origin", "fits_hours")
    fields = ("doctor", "starts_at", "ends_at", "status")
    list_filter = (WhenFilter, ("status", LiveStatusFilter), "fits_hours", "origin", "doctor")
    list_select_related = ("doctor",)
    date_hierarchy = "starts_at"
    search_fields = ("doctor__name",)
    autocomplete_fields = ("doctor",)
    ordering = ("starts_at",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        """Leave out removed slots, and annotate whether a part of each is booked or held."""
        live: QuerySet[Slot] = super().get_queryset(request).exclude(status=Slot.Status.WITHDRAWN)
        return live.annotate(is_taken=Exists(bookings_taking_slot(now())))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Slot], search_term: str
    ) -> tuple[QuerySet[Slot], bool]:
        """Suggest only open slots when one is chosen for a booking."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            open_slots = Slot.objects.offered().untaken(now=now()).starting_after(now())
            found = found.filter(pk__in=open_slots).select_related("doctor")
        return found, duplicates

    def get_readonly_fields(self, request: HttpRequest, obj: Slot | None = None) -> tuple[str, ...]:
        """Fix the doctor of an existing slot; a new slot has no status yet."""
        return ("doctor",) if obj else ("status",)

    @admin.display(description=_("start"), ordering="starts_at")
    def starts(self, slot: Slot) -> str:
        """Return the start in the clinic's time zone."""
        return format_staff_time(slot.starts_at)

    @admin.display(description=_("booked"), boolean=True)
    def taken(self, slot: Slot) -> bool:
        """Return whether a part of the slot is booked or held."""
        return bool(getattr(slot, "is_taken", False))

    def save_model(self, request: HttpRequest, obj: Slot, form: ModelForm[Slot], change: bool) -> None:
        """Save through the services, which refuse to change the time of a booked slot."""
        if change:
            change_slot(slot=obj, starts_at=obj.starts_at, ends_at=obj.ends_at, status=obj.status, now=now())
            return
        (slot,) = add_slots(doctor=obj.doctor, periods=[(obj.starts_at, obj.ends_at)], now=now())
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
