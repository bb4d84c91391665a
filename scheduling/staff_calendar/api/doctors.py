"""`portal/doctors/`: the doctors for the columns of the calendar."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.serializers import SpecialtyOutput
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Place
from scheduling.staff_calendar.doctors import calendar_doctors
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.clock import now
from tenants.base.fields import LineField
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


class PortalDoctorFilters(serializers.Serializer[Any]):
    """Query parameters of the portal's doctors."""

    search = LineField(
        required=False, allow_blank=True, max_length=100, help_text="Parts of a name or specialty."
    )
    specialty = LineField(
        required=False, allow_blank=True, max_length=40, help_text="The code of a specialty."
    )
    place = LineField(
        required=False, max_length=40, help_text="The id of a place, or `main` for the clinic's own address."
    )


class CalendarDoctorOutput(serializers.Serializer[Any]):
    """A doctor, for choosing columns."""

    id = serializers.UUIDField(source="doctor.pk")
    display_name = serializers.CharField(source="doctor.display_name")
    is_active = serializers.BooleanField(source="doctor.is_active", help_text="Whether they can be booked.")
    specialties = SpecialtyOutput(source="doctor.specialties", many=True)
    places = serializers.ListField(child=serializers.UUIDField(), help_text="Places with weekly hours.")
    main_address = serializers.BooleanField(help_text="Whether they work at the clinic's own address.")


class PlaceNameOutput(serializers.ModelSerializer[Place]):
    """The name of a place."""

    class Meta:
        model = Place
        fields = ["id", "name"]
        read_only_fields = fields


class CalendarDoctorsOutput(serializers.Serializer[Any]):
    """The doctors and the names of the places."""

    doctors = CalendarDoctorOutput(many=True)
    places = PlaceNameOutput(many=True)


class PortalDoctorsView(APIView):
    """The doctors whose calendar the user may open."""

    permission_classes = (IsStaff,)

    @operation(
        summary="List the doctors of the calendar",
        parameters=[PortalDoctorFilters],
        responses=CalendarDoctorsOutput,
    )
    def get(self, request: Request) -> Response:
        """The clinic's doctors by name, all in one answer: a page can filter them while somebody types.

        Doctors get only themselves. Doctors who can no longer be booked are listed too, since they may have
        visits.
        """
        filters = validate(PortalDoctorFilters, query_params(request))
        doctors = calendar_doctors(signed_in_user(request), filters, today=clinic_day(now()))
        places = Place.objects.filter(is_active=True)
        return Response(CalendarDoctorsOutput({"doctors": doctors, "places": places}).data)
