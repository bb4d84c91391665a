"""`portal/next-free/`: the next free times, for staff who book for a caller."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Patient
from scheduling.availability.api.filters import parse_weekdays
from scheduling.availability.api.outputs import OpenSlotOutput
from scheduling.availability.conditions import MAIN_ADDRESS, PARTS_OF_DAY
from scheduling.availability.next_free import NextFreeQuery, next_free_times
from scheduling.availability.open_slots import get_visit_type
from scheduling.calendar.api_fields import CalendarDate
from scheduling.models import Place, Slot
from scheduling.patients.selectors import visible_patients
from tenants.accounts.models import User
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.clock import local_time, now
from tenants.base.errors import InvalidInput
from tenants.base.fields import LineField
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


class NextFreeFilters(serializers.Serializer[Any]):
    """Query parameters of the search for free times."""

    visit_type = serializers.UUIDField(
        required=False, help_text="Only times at which a visit of this type fits (an id)."
    )
    doctor = serializers.UUIDField(required=False, help_text="Only times of this doctor (an id).")
    specialty = LineField(
        required=False, max_length=40, help_text="Only times of doctors of this specialty (code or id)."
    )
    place = LineField(
        required=False,
        max_length=40,
        help_text="Only times at this place (an id), or `main` for the clinic's own address.",
    )
    weekday = LineField(
        required=False,
        max_length=20,
        help_text="Only these weekdays, separated by commas. 0 is Monday: `0,2`.",
    )
    part_of_day = serializers.ChoiceField(
        required=False, choices=list(PARTS_OF_DAY), help_text="Before 12:00, before 17:00, or later."
    )
    patient = serializers.UUIDField(
        required=False,
        help_text="Only times at which this patient (an id) is free, with doctors who accept them.",
    )
    every_doctor = serializers.BooleanField(
        required=False,
        default=False,
        help_text="List every doctor who is free at a time, not only the one with the least booked time.",
    )
    slot = serializers.UUIDField(required=False, help_text="Only this slot (an id), if it is free.")
    after = LineField(required=False, max_length=80, help_text="`next` from the previous page.")

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        return {
            **super().get_fields(),
            "from": CalendarDate(required=False, help_text="The first day. Today by default."),
        }

    def validate_weekday(self, value: str) -> frozenset[int]:
        """Parse the weekdays."""
        return frozenset(parse_weekdays(value))

    def validate_after(self, value: str) -> tuple[datetime, uuid.UUID]:
        """Parse the cursor."""
        start, _separator, slot = value.partition("|")
        try:
            instant = datetime.strptime(start, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            return instant, uuid.UUID(slot)
        except ValueError as error:
            raise serializers.ValidationError(_("Send `next` from the previous page.")) from error


class FreeTimeOutput(OpenSlotOutput):
    """A free time."""

    doctor_name = serializers.CharField()
    others = serializers.IntegerField(help_text="How many other doctors are free at this time and place.")


class NextFreeOutput(serializers.Serializer[Any]):
    """A page of free times."""

    results = FreeTimeOutput(many=True)
    next = serializers.CharField(
        allow_null=True,
        help_text="Send it as `after` for the next page. Null at the end of the booking window. A page that "
        "is not the last one can be empty, because a request searches a limited number of days.",
    )
    searched_until = serializers.DateField(
        help_text="The last day that was searched, in the place's calendar."
    )


class NextFreeView(APIView):
    """Find the next free times."""

    permission_classes = (IsStaff,)

    @operation(summary="Find the next free times", parameters=[NextFreeFilters], responses=NextFreeOutput)
    def get(self, request: Request) -> Response:
        """The times that staff can book, soonest first, 20 a page. All filters are optional.

        Unlike `available/`, it ignores the notice that patients must give and how far ahead a visit type can
        be booked. Each time is listed once for each place, unless `doctor` or `every_doctor` is sent.
        """
        filters = validate(NextFreeFilters, query_params(request))
        query = _query(filters, by=signed_in_user(request))
        found = next_free_times(query, now=now())
        return Response(
            {
                "results": found.results,
                "next": _cursor(found.results, found.searched_until) if found.has_more else None,
                "searched_until": local_time(found.searched_until, query.zone).on,
            }
        )


def _cursor(results: list[dict[str, Any]], until: datetime) -> str:
    """The start and id of the last result; if there is none, the end of the search."""
    if results:
        return f"{results[-1]['starts_at']}|{results[-1]['id']}"
    return f"{until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}|{uuid.UUID(int=0)}"


def _query(filters: dict[str, Any], *, by: User) -> NextFreeQuery:
    """The search for the parameters.

    :raises InvalidInput: the visit type, place or patient does not exist
    """
    place, at_main_address = filters.get("place"), filters.get("place") == MAIN_ADDRESS
    return NextFreeQuery(
        first=filters.get("from"),
        visit_type=get_visit_type(filters.get("visit_type")),
        doctor=filters.get("doctor"),
        specialty=filters.get("specialty"),
        place=_place(place) if place and not at_main_address else None,
        at_main_address=at_main_address,
        weekdays=filters.get("weekday", frozenset()),
        part_of_day=filters.get("part_of_day"),
        patient=_patient(filters["patient"], by=by) if "patient" in filters else None,
        every_doctor=filters["every_doctor"],
        slot=_slot(filters["slot"]) if "slot" in filters else None,
        after=filters.get("after"),
    )


def _slot(slot_id: uuid.UUID) -> Slot:
    slot = Slot.objects.filter(pk=slot_id).first()
    if slot is None:
        raise InvalidInput(errors={"slot": [_("There is no time with this id. Choose another time.")]})
    return slot


def _place(place_id: str) -> Place:
    try:
        place = Place.objects.filter(pk=uuid.UUID(place_id)).first()
    except ValueError:
        place = None
    if place is None:
        raise InvalidInput(errors={"place": [_("There is no place with this id. Choose another place.")]})
    return place


def _patient(patient_id: uuid.UUID, *, by: User) -> Patient:
    patient: Patient | None = visible_patients(by).filter(pk=patient_id).first()
    if patient is None:
        raise InvalidInput(errors={"patient": [_("There is no patient with this id.")]})
    return patient
