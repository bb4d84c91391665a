"""`portal/choices/`: the visit types, doctors and places that staff can book."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.serializers import VisitTypeOutput
from clinics.models import Doctor
from scheduling.calendar.api_outputs import PlaceOutput
from scheduling.models import Place
from scheduling.visit_types.selectors import visit_types_for_staff
from tenants.accounts.permissions import IsStaff
from tenants.base.operations import operation


class DoctorChoiceOutput(serializers.ModelSerializer[Doctor]):
    """A doctor who takes bookings."""

    specialties: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Doctor
        fields = ["id", "display_name", "specialties", "accepting_new_patients"]
        read_only_fields = fields


class ChoicesOutput(serializers.Serializer[Any]):
    """Visit types, doctors and places."""

    visit_types = VisitTypeOutput(many=True, help_text="Also those that only staff can book.")
    doctors = DoctorChoiceOutput(many=True)
    places = PlaceOutput(many=True, help_text="Places other than the clinic's own address.")


class ChoicesView(APIView):
    """The choices for staff who book."""

    permission_classes = (IsStaff,)

    @operation(summary="Get the choices for a booking by staff", responses=ChoicesOutput)
    def get(self, request: Request) -> Response:
        """The visit types that staff can book, the doctors who take bookings, and the places."""
        doctors = Doctor.objects.bookable().prefetch_related("specialties").order_by("name", "id")
        return Response(
            ChoicesOutput(
                {
                    "visit_types": visit_types_for_staff(),
                    "doctors": doctors,
                    "places": Place.objects.filter(is_active=True).order_by("name", "id"),
                }
            ).data
        )
