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
from clinics.services.dependants import record_refused_access
from scheduling.patients.access_log import open_patient, record_patients_listed
from scheduling.patients.selectors import visible_patients
from tenants.accounts.models import User
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.fields import LineField
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


class PatientFilters(serializers.Serializer[Any]):
    """Query parameters of the patient search."""

    search = LineField(
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
        filters = validate(PatientFilters, query_params(self.request))
        return visible_patients(signed_in_user(self.request)).containing(filters.get("search", ""))

    def paginate_queryset(self, queryset: Any) -> Any:
        """One page of patients. Writes each of them to the access log."""
        page = super().paginate_queryset(queryset) or []
        record_patients_listed(patients=page, by=signed_in_user(self.request))
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
        """The full record of a patient. Doctors can only read patients who have a booking with them.

        Allergies, conditions and medication are null for admins and receptionists, unless the clinic's
        settings let the front desk see medical details.
        """
        patient = open_patient(patient_id=patient_id, by=signed_in_user(request))
        return Response(PatientRecordOutput(patient, context={"request": request}).data)

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> NoReturn:
        """Refuse the request, and log that a patient tried to read another patient's record."""
        if isinstance(request.user, User):
            record_refused_access(patient_id=self.kwargs["patient_id"], by=request.user)
        super().permission_denied(request, message, code)
