"""`portal/bookable/`: switch bookings with a doctor on and off, altogether and for each visit type."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor
from scheduling.calendar.api_fields import DoctorFilter
from scheduling.calendar.api_requests import requested_doctor
from scheduling.schedule_changes.bookable import BookableChange, change_bookable, visit_types_of
from tenants.accounts.permissions import MayReadOrChangeSchedules, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.fields import RefuseOtherFields
from tenants.base.operations import operation
from tenants.base.requests import validate

_MAX_VISIT_TYPES = 200


class OfferedVisitTypeOutput(serializers.Serializer[Any]):
    """A visit type, and whether it can be booked with the doctor."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    who_may_book = serializers.CharField(help_text="`public`, `known` or `staff`.")
    offered = serializers.BooleanField(help_text="Whether it can be booked with the doctor.")


class BookableOutput(serializers.Serializer[Any]):
    """What can be booked with a doctor."""

    doctor = serializers.UUIDField(source="pk")
    is_active = serializers.BooleanField(help_text="Whether the doctor can be found and booked at all.")
    accepting_new_patients = serializers.BooleanField(
        help_text="Whether patients can book who have had no appointment with the doctor."
    )
    visit_types = serializers.SerializerMethodField(
        help_text="The visit types that the clinic lets the doctor offer, in the clinic's order."
    )

    @extend_schema_field(OfferedVisitTypeOutput(many=True))
    def get_visit_types(self, doctor: Doctor) -> list[dict[str, Any]]:
        """The doctor's visit types."""
        return [
            {
                "id": visit_type.pk,
                "name": visit_type.name,
                "who_may_book": visit_type.who_may_book,
                "offered": offered,
            }
            for visit_type, offered in visit_types_of(doctor)
        ]


class OfferedVisitTypeInput(RefuseOtherFields, serializers.Serializer[Any]):
    """Whether a visit type can be booked with the doctor."""

    id = serializers.UUIDField(help_text="The id of a visit type of the doctor.")
    offered = serializers.BooleanField(help_text="Whether it can be booked with the doctor.")


class BookableInput(RefuseOtherFields, serializers.Serializer[Any]):
    """What to change. Fields and visit types that are left out stay as they are."""

    is_active = serializers.BooleanField(
        required=False, help_text="Whether the doctor can be found and booked at all."
    )
    accepting_new_patients = serializers.BooleanField(
        required=False, help_text="Whether patients can book who have had no appointment with the doctor."
    )
    visit_types = OfferedVisitTypeInput(
        many=True,
        required=False,
        help_text="The visit types to switch on or off.",
        max_length=_MAX_VISIT_TYPES,  # type: ignore[call-arg]  # of the list
    )


class BookableView(APIView):
    """What can be booked with a doctor."""

    permission_classes = (MayReadOrChangeSchedules,)

    @operation(
        summary="Get what can be booked with a doctor",
        parameters=[DoctorFilter],
        responses=BookableOutput,
        errors=[NotFound],
    )
    def get(self, request: Request) -> Response:
        """Whether the doctor can be booked, by new patients too, and for which visit types.

        Doctors get their own; the front desk names a doctor with `?doctor=`.
        """
        return Response(BookableOutput(requested_doctor(request)).data)

    @operation(
        summary="Change what can be booked with a doctor",
        parameters=[DoctorFilter],
        request=BookableInput,
        responses=BookableOutput,
        success=_("Saved. Booked appointments do not change."),
        errors=[NotFound],
    )
    def patch(self, request: Request) -> Response:
        """Switch bookings with the doctor on or off: altogether, of new patients, or of visit types.

        It counts at once for patients and staff. Booked appointments do not change; holds that can no longer
        be booked end. For doctors themselves, and clinic admins.
        """
        doctor, data = requested_doctor(request), validate(BookableInput, request.data)
        chosen = {row["id"]: row["offered"] for row in data.pop("visit_types", [])}
        changed = change_bookable(
            doctor=doctor,
            change=BookableChange(**data, visit_types=chosen),
            by=signed_in_user(request),
            now=now(),
        )
        return Response(BookableOutput(changed).data)
