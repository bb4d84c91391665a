"""`users/patients/`: the clinic's patients, for staff. Each read is recorded in the audit log."""

import uuid
from typing import Any, NoReturn

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.patients import PatientOutput, PatientRecordOutput
from clinics.models import Patient
from clinics.services.dependants import patient_refused
from scheduling.patients.access_log import open_patient, patients_listed
from scheduling.patients.selectors import found_by, visible_patients
from tenants.accounts.models import User
from tenants.accounts.permissions import IsStaff, user_of
from tenants.base.fields import Line
from tenants.base.operations import operation
from tenants.base.requests import query_of, read


class PatientFilters(serializers.Serializer[Any]):
    """Query parameters of the patient search."""

    search = Line(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="Parts of a name, phone number or email address.",
    )


class PatientsView(ListAPIView[Patient]):
    """Search the clinic's patients."""

    permission_classes = (IsStaff,)
    serializer_class = PatientOutput

    def get_queryset(self) -> QuerySet[Patient]:
        """The patients that match the search and that the user may see."""
        wanted = read(PatientFilters, query_of(self.request))
        return visible_patients(user_of(self.request)).filter(found_by(wanted.get("search", "")))

    def paginate_queryset(self, queryset: Any) -> Any:
        """One page of patients. Writes each of them to the access log."""
        page = super().paginate_queryset(queryset) or []
        patients_listed(patients=page, by=user_of(self.request))
        return page

    @operation(summary="Search patients", parameters=[PatientFilters])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The clinic's patients. Doctors see patients who have a booking with them; other staff see all."""
        return super().get(request, *args, **kwargs)


class PatientView(APIView):
    """One patient."""

    permission_classes = (IsStaff,)

    @operation(summary="Get a patient record", responses=PatientRecordOutput)
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        """The full record of a patient. Doctors can only read patients who have a booking with them."""
        return Response(PatientRecordOutput(open_patient(patient_id=patient_id, by=user_of(request))).data)

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> NoReturn:
        """Refuse the request, and log that a patient tried to read another patient's record."""
        if isinstance(request.user, User):
            patient_refused(patient_id=self.kwargs["patient_id"], by=request.user)
        super().permission_denied(request, message, code)
