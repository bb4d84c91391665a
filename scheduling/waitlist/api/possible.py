"""`appointments/waitlist/possible/`: whether waiting for a time can succeed, for everybody."""

from typing import Any

from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.availability.doctor_search import offering_doctors
from scheduling.availability.open_slots import get_visit_type
from scheduling.visit_types.selectors import default_visit_type
from tenants.base.fields import LineField
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


class WaitingFilters(serializers.Serializer[Any]):
    """What a patient would wait for."""

    doctor = serializers.UUIDField(required=False, help_text="The doctor (an id).")
    specialty = LineField(required=False, max_length=40, help_text="The specialty (code or id).")
    visit_type = serializers.UUIDField(
        required=False, help_text="The visit type (an id). The clinic's default applies if it is not sent."
    )


class WaitingOutput(serializers.Serializer[Any]):
    """Whether waiting can succeed."""

    is_possible = serializers.BooleanField()


class WaitingPossibleView(APIView):
    """Check whether waiting can succeed."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True

    @operation(
        summary="Check whether patients can wait for a time",
        parameters=[WaitingFilters],
        responses=WaitingOutput,
    )
    def get(self, request: Request) -> Response:
        """Whether a doctor who can be booked practises the specialty and offers the visit type at present.

        If none does, joining the waiting list is refused with `no_doctor_available`. Rules for single
        patients are only checked when they join.
        """
        wanted = validate(WaitingFilters, query_params(request))
        visit_type = get_visit_type(wanted.pop("visit_type", None)) or default_visit_type()
        return Response({"is_possible": offering_doctors(**wanted, visit_type=visit_type).exists()})
