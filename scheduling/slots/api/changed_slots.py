"""`portal/slots/`: the slots that staff added, blocked or removed."""

from typing import Any

from django.db.models import Exists, QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from scheduling.calendar.api_fields import CalendarDate, DoctorFilter
from scheduling.calendar.api_outputs import PlaceOutput, TimesOutput
from scheduling.calendar.api_requests import requested_doctor
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Slot
from scheduling.models.slots import bookings_taking_slot
from scheduling.slots.selectors import ChangeKind, changed_slots
from tenants.accounts.permissions import IsStaff
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


class ChangedSlotsFilters(DoctorFilter):
    """Query parameters of the changed slots."""

    kind = serializers.ChoiceField(
        choices=[kind.value for kind in ChangeKind],
        help_text="`added`: added by hand. `blocked`: not offered. `removed`: removed from the hours.",
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        first = CalendarDate(required=False, help_text="The first day. Today by default.")
        return {**super().get_fields(), "from": first}


class ChangedSlotOutput(TimesOutput):
    """A slot that staff added, blocked or removed."""

    id = serializers.UUIDField()
    place = PlaceOutput(allow_null=True, help_text="Null for the clinic's own address.")
    is_taken = serializers.BooleanField(help_text="Whether any part of it is booked or held.")
    fits_hours = serializers.BooleanField(
        help_text="False if it is not offered because of time off, or because the hours have changed."
    )


class ChangedSlotsView(ListAPIView[Slot]):
    """Slots that staff added, blocked or removed."""

    permission_classes = (IsStaff,)
    serializer_class = ChangedSlotOutput

    def get_queryset(self) -> QuerySet[Slot]:
        """The slots of one kind from the requested day on."""
        filters = validate(ChangedSlotsFilters, query_params(self.request))
        slots = changed_slots(
            requested_doctor(self.request),
            kind=ChangeKind(filters["kind"]),
            first=filters.get("from") or clinic_day(now()),
        )
        return slots.annotate(is_taken=Exists(bookings_taking_slot(now())))

    @operation(summary="List changed slots", parameters=[ChangedSlotsFilters], errors=[NotFound])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The slots of a doctor that staff added, blocked or removed, soonest first."""
        return super().get(request, *args, **kwargs)
