"""Visit types with what is asked, visits in a row, places and rooms."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm, TextInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinics.services.rules import booking_rules_changed
from scheduling.admin.open_times import IsSwitchedOff, OpensTimes
from scheduling.models import Chain, ChainStep, IntakeQuestion, Place, Room, VisitType
from tenants.accounts.audited_admin import WritesAudited
from tenants.base.admin import FewRows
from tenants.door import current_clinic


class QuestionInline(FewRows, admin.TabularInline[IntakeQuestion, VisitType]):
    """What is asked when such a visit is booked."""

    model = IntakeQuestion
    fields = ("position", "text", "kind", "choices", "is_required")
    extra = 1
    max_num = 50

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Of an answer that does not fit, say what would."""
        if db_field.name == "choices":
            kwargs["error_messages"] = {"item_invalid": _("An answer has at most 80 characters.")}
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(VisitType)
class VisitTypeAdmin(OpensTimes, IsSwitchedOff, WritesAudited, admin.ModelAdmin[VisitType]):
    """What patients come for."""

    list_display = ("name", "duration_minutes", "mode", "who_may_book", "needs_approval", "is_active")
    list_filter = ("is_active", "mode", "who_may_book")
    search_fields = ("name",)
    autocomplete_fields = ("doctors", "rooms")
    inlines = (QuestionInline,)
    fieldsets = (
        (None, {"fields": ("name", "description", "position", "colour", "is_active", "doctors")}),
        (
            _("Time"),
            {"fields": ("duration_minutes", ("buffer_before_minutes", "buffer_after_minutes"))},
        ),
        (_("Where"), {"fields": ("mode", "video_link", "needs_room", "rooms")}),
        (_("Price"), {"fields": (("price", "currency"),)}),
        (
            _("Who may book it, and when"),
            {
                "fields": (
                    "who_may_book",
                    "new_patients_only",
                    "needs_approval",
                    "notice_minutes",
                    ("window_days", "window_counts"),
                )
            },
        ),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Colours are picked, not spelled."""
        if db_field.name == "colour":
            kwargs["widget"] = TextInput(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[VisitType], search_term: str
    ) -> tuple[QuerySet[VisitType], bool]:
        """Where one is picked, only those that can be booked."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            found = found.filter(is_active=True)
        return found, duplicates


class StepInline(FewRows, admin.TabularInline[ChainStep, Chain]):
    """The visits, in their order."""

    model = ChainStep
    fields = ("position", "visit_type", "longest_wait_minutes")
    autocomplete_fields = ("visit_type",)
    extra = 2
    max_num = 6


@admin.register(Chain)
class ChainAdmin(OpensTimes, IsSwitchedOff, WritesAudited, admin.ModelAdmin[Chain]):
    """Visits that are booked together or not at all."""

    list_display = ("name", "visits", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    fields = ("name", "description", "is_active")
    inlines = (StepInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Chain]:
        """With what the list shows of each."""
        return super().get_queryset(request).prefetch_related("steps__visit_type")

    @admin.display(description=_("visits"))
    def visits(self, chain: Chain) -> str:
        """Its steps by name."""
        return " → ".join(step.visit_type.name for step in chain.steps.all())


@admin.register(Place)
class PlaceAdmin(OpensTimes, IsSwitchedOff, WritesAudited, admin.ModelAdmin[Place]):
    """Where the clinic sees patients, beside its own address."""

    list_display = ("name", "time_zone", "phone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "address")
    fields = ("name", "address", "phone", "time_zone", "is_active")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Most places go by the clinic's own clock."""
        return {"time_zone": current_clinic().time_zone, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Place, form: ModelForm[Place], change: bool) -> None:
        """Store. The hours there are other instants by another clock, so slots follow."""
        super().save_model(request, obj, form, change)
        if change and {"time_zone", "is_active"} & {*form.changed_data}:
            booking_rules_changed()


@admin.register(Room)
class RoomAdmin(OpensTimes, IsSwitchedOff, WritesAudited, admin.ModelAdmin[Room]):
    """Rooms, each for one visit at a time."""

    list_display = ("name", "place", "is_active")
    list_filter = ("is_active", "place")
    list_select_related = ("place",)
    search_fields = ("name", "place__name")
    autocomplete_fields = ("place",)
    fields = ("name", "place", "is_active")
