"""Slots."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Exists, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scheduling.admin.filters import StatusFilter, WhenFilter
from scheduling.models import Slot
from scheduling.models.slots import takers
from scheduling.services.slots import add_slots, change_slot, withdraw_slot
from tenants.accounts.audited_admin import WritesAudited
from tenants.base.admin import RefusalsAsMessages
from tenants.base.clock import now, spoken_day, spoken_time, zone_label
from tenants.door import current_clinic


def on_the_wall(instant: datetime) -> str:
    """Day, time and zone as the clinic says them."""
    return f"{spoken_day(instant, current_clinic().zone)}, {time_on_the_wall(instant)}"


def time_on_the_wall(instant: datetime) -> str:
    """Time and zone, without the day."""
    clinic = current_clinic()
    return f"{spoken_time(instant, clinic.zone)} ({zone_label(clinic.time_zone)})"


class LiveStatusFilter(StatusFilter):
    """What has been taken away is in no list."""

    never = Slot.Status.WITHDRAWN


@admin.register(Slot)
class SlotAdmin(WritesAudited, RefusalsAsMessages, admin.ModelAdmin[Slot]):
    """The times that are offered, and what became of them."""

    list_display = ("starts", "doctor", "status", "taken", "origin", "fits_hours")
    list_filter = (WhenFilter, ("status", LiveStatusFilter), "fits_hours", "origin", "doctor")
    list_select_related = ("doctor",)
    date_hierarchy = "starts_at"
    search_fields = ("doctor__name",)
    autocomplete_fields = ("doctor",)
    ordering = ("starts_at",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        """Those that are there, with whether some part of them is booked or held."""
        live: QuerySet[Slot] = super().get_queryset(request).exclude(status=Slot.Status.WITHDRAWN)
        return live.annotate(is_taken=Exists(takers(now())))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Slot], search_term: str
    ) -> tuple[QuerySet[Slot], bool]:
        """Where a slot is picked for a booking, offer only those that can be had."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            open_ones = Slot.objects.free().untaken(now=now()).starting_after(now())
            found = found.filter(pk__in=open_ones).select_related("doctor")
        return found, duplicates

    def get_fieldsets(self, request: HttpRequest, obj: Slot | None = None) -> Any:
        """By whose clock the times are typed."""
        zone = _("All times are %(zone)s.") % {"zone": zone_label(current_clinic().time_zone)}
        return [(None, {"fields": ("doctor", "starts_at", "ends_at", "status"), "description": zone})]

    def get_readonly_fields(self, request: HttpRequest, obj: Slot | None = None) -> tuple[str, ...]:
        """A slot stays its doctor's."""
        return ("doctor",) if obj else ("status",)

    @admin.display(description=_("starts"), ordering="starts_at")
    def starts(self, slot: Slot) -> str:
        """On the clinic's wall."""
        return on_the_wall(slot.starts_at)

    @admin.display(description=_("booked"))
    def taken(self, slot: Slot) -> str:
        """Whether somebody has it, in a word."""
        return str(_("booked")) if getattr(slot, "is_taken", False) else ""

    def save_model(self, request: HttpRequest, obj: Slot, form: ModelForm[Slot], change: bool) -> None:
        """Through the services, which refuse to move a booked one."""
        if change:
            change_slot(slot=obj, starts_at=obj.starts_at, ends_at=obj.ends_at, status=obj.status, now=now())
            return
        (made,) = add_slots(doctor=obj.doctor, periods=[(obj.starts_at, obj.ends_at)], now=now())
        obj.pk = made.pk

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Only the slots themselves: they are taken away, not deleted, and their history stays."""
        return [str(slot) for slot in objs], {Slot._meta.verbose_name_plural: len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Slot) -> None:
        """Take it away, unless it is booked."""
        withdraw_slot(slot=obj, now=now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Slot]) -> None:
        """Take each away; where one is booked, none goes."""
        for slot in queryset:
            withdraw_slot(slot=slot, now=now())
