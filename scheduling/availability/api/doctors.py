"""`users/doctors/`: search doctors."""

import uuid
from typing import Any

from django.db.models import QuerySet
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor
from scheduling.availability.api.filters import DoctorFilters
from scheduling.availability.api.outputs import DoctorOutput
from scheduling.availability.cache import DOCTORS
from scheduling.availability.doctor_search import search_doctors, visible_doctor
from scheduling.availability.shown_until import shown_until
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


class DoctorsView(ListAPIView[Doctor]):
    """Search the clinic's doctors."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True
    response_cache = DOCTORS
    serializer_class = DoctorOutput
    # Tells drf-spectacular the model. Without it, it would call get_queryset(), which reads the clinic's
    # settings, and the base domain has none.
    queryset = Doctor.objects.all()

    def get_queryset(self) -> QuerySet[Doctor]:
        """The doctors that match the query."""
        return search_doctors(validate(DoctorFilters, query_params(self.request)), now=now())

    @operation(summary="Search doctors", parameters=[DoctorFilters])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The clinic's doctors, each with the start of the next open slot.

        All parameters are optional; a doctor has to match all that are sent.
        """
        response = super().get(request, *args, **kwargs)
        response.correct_until = self.correct_until  # type: ignore[attr-defined]  # for CachedResponseMiddleware
        return response

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return the doctors of the page, and note until when they are shown correctly."""
        doctors, moment = super().paginate_queryset(queryset) or [], now()
        # A later page depends on the doctors before it as well. It is not cached.
        is_first = "page" not in self.request.query_params
        starts = (doctor.next_available for doctor in doctors)
        self.correct_until = shown_until(starts, now=moment) if is_first else moment
        return doctors


class DoctorView(APIView):
    """One doctor."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True
    response_cache = DOCTORS

    @operation(summary="Get a doctor", responses=DoctorOutput)
    def get(self, request: Request, doctor_id: uuid.UUID) -> Response:
        """The doctor, with the start of the next open slot."""
        moment = now()
        doctor = visible_doctor(doctor_id, now=moment)
        response = Response(DoctorOutput(doctor).data)
        response.correct_until = shown_until([doctor.next_available], now=moment)  # type: ignore[attr-defined]
        return response
