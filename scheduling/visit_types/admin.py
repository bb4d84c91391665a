"""Visit types with their intake questions, visit sequences, places and rooms in Django Admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm, TextInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinics.admin.reminder_offsets import visit_type_offsets_field
from clinics.services.booking_rules import request_regeneration_of_all_slots
from scheduling.availability.admin import InvalidatesAvailability, NotDeletable
from scheduling.models import Chain, ChainStep, IntakeQuestion, Place, Room, VisitType
from scheduling.visit_types.details_changed import record_address_changed
from tenants.accounts.audit.admin_mixins import AuditChanges, admin_user
from tenants.base.admin import LimitedInline
from tenants.base.clock import now
from tenants.current import current_clinic


class QuestionFormSet(BaseInlineFormSet[IntakeQuestion, VisitType, "ModelForm[IntakeQuestion]"]):
    """The intake questions of a visit type, checked together with the visit type."""

    def clean(self) -> None:
        """Check that questions asked before the visit are sent.

        :raises ValidationError: the visit type does not say how many days before the visit
        """
        super().clean()
        asked = [form.cleaned_data.get("asked") for form in self.forms if hasattr(form, "cleaned_data")]
        if IntakeQuestion.Asked.BEFORE_VISIT in asked and self.instance.questionnaire_days is None:
            raise ValidationError(_("Enter how many days before the visit the later questions are asked."))


class QuestionInline(LimitedInline, admin.TabularInline[IntakeQuestion, VisitType]):
    """The intake questions of a visit type."""

    model = IntakeQuestion
    fields = ("position", "text", "kind", "choices", "is_required", "asked")
    formset = QuestionFormSet
    extra = 1
    max_num = 50

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Explain why an answer in the list is invalid."""
        if db_field.name == "choices":
            kwargs["error_messages"] = {"item_invalid": _("An answer can have at most 80 characters.")}
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(VisitType)
class VisitTypeAdmin(InvalidatesAvailability, NotDeletable, AuditChanges, admin.ModelAdmin[VisitType]):
    """The types of visit that can be booked."""

    audit_values = True
    list_display = ("name", "duration_minutes", "mode", "who_may_book", "needs_approval", "is_active")
    list_filter = ("is_active", "mode", "who_may_book")
    search_fields = ("name",)
    autocomplete_fields = ("doctors", "paused_by", "rooms")
    inlines = (QuestionInline,)
    fieldsets = (
        (
            None,
            {"fields": ("name", "description", "position", "colour", "is_active", "doctors", "paused_by")},
        ),
        (
            _("Time"),
            {"fields": ("duration_minutes", ("buffer_before_minutes", "buffer_after_minutes"))},
        ),
        (_("Location"), {"fields": ("mode", "video_link", "needs_room", "rooms")}),
        (_("Price"), {"fields": (("price", "currency"),)}),
        (
            _("Messages"),
            {
                "fields": (
                    "is_named_in_messages",
                    "preparation",
                    "bring",
                    "reminder_minutes",
                    "questionnaire_days",
                    "follow_up_days",
                    "follow_up_text",
                )
            },
        ),
        (
            _("Booking rules"),
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
        """Show a colour picker for the colour, and let staff enter reminders as numbers with units."""
        if db_field.name == "reminder_minutes":
            return visit_type_offsets_field()
        if db_field.name == "colour":
            kwargs["widget"] = TextInput(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[VisitType], search_term: str
    ) -> tuple[QuerySet[VisitType], bool]:
        """Suggest only visit types that can be booked."""
        matches, duplicates = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            matches = matches.filter(is_active=True)
        return matches, duplicates


class StepInline(LimitedInline, admin.TabularInline[ChainStep, Chain]):
    """The visits of a sequence, in their order."""

    model = ChainStep
    fields = ("position", "visit_type", "longest_wait_minutes")
    autocomplete_fields = ("visit_type",)
    extra = 2
    max_num = 6


@admin.register(Chain)
class ChainAdmin(InvalidatesAvailability, NotDeletable, AuditChanges, admin.ModelAdmin[Chain]):
    """Visit sequences: visits that are booked together or not at all."""

    audit_values = True
    list_display = ("name", "visits", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    fields = ("name", "description", "is_active")
    inlines = (StepInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Chain]:
        """Prefetch the visits that the list shows."""
        return super().get_queryset(request).prefetch_related("steps__visit_type")

    @admin.display(description=_("visits"))
    def visits(self, chain: Chain) -> str:
        """Return the names of the visits in their order."""
        return " → ".join(step.visit_type.name for step in chain.steps.all())


@admin.register(Place)
class PlaceAdmin(InvalidatesAvailability, NotDeletable, AuditChanges, admin.ModelAdmin[Place]):
    """Places of the clinic other than its main address."""

    audit_values = True
    list_display = ("name", "time_zone", "phone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "address")
    fields = ("name", "address", "phone", "directions", "time_zone", "is_active")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start with the clinic's time zone."""
        return {"time_zone": current_clinic().time_zone, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Place, form: ModelForm[Place], change: bool) -> None:
        """Save. Working hours are local times, so a new time zone moves the slots: regenerate them.

        Patients with upcoming visits are emailed a new name or address of the place.
        """
        super().save_model(request, obj, form, change)
        if change and {"time_zone", "is_active"} & {*form.changed_data}:
            request_regeneration_of_all_slots()
        if change and {"name", "address"} & {*form.changed_data}:
            record_address_changed(place=obj, by=admin_user(request), now=now())


@admin.register(Room)
class RoomAdmin(InvalidatesAvailability, NotDeletable, AuditChanges, admin.ModelAdmin[Room]):
    """Rooms, each used by one visit at a time."""

    audit_values = True
    list_display = ("name", "place", "is_active")
    list_filter = ("is_active", "place")
    list_select_related = ("place",)
    search_fields = ("name", "place__name")
    autocomplete_fields = ("place",)
    fields = ("name", "place", "is_active")
