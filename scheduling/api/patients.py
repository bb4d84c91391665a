"""`users/patients/`: the clinic's patients, for its people. Each read is in the audit log."""

import uuid
from typing import Any, NoReturn

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.patients import PatientOutput, PatientRecordOutput
from clinics.models import Patient
from clinics.services.dependants import patient_refused
from scheduling.api.inputs import PatientFilters
from scheduling.selectors.patients import found_by, visible_patients
from scheduling.services.reading import open_patient, patients_listed
from tenants.accounts.models import User
from tenants.accounts.permissions import IsStaff, user_of
from tenants.base.requests import query_of, read


class PatientsView(ListAPIView[Patient]):
    """Finding a patient."""

    permission_classes = (IsStaff,)
    serializer_class = PatientOutput

    def get_queryset(self) -> QuerySet[Patient]:
        """Those who fit the search."""
        wanted = read(PatientFilters, query_of(self.request))
        return visible_patients(user_of(self.request)).filter(found_by(wanted.get("search", "")))

    def paginate_queryset(self, queryset: Any) -> Any:
        """A page of them; who is on it, is read of."""
        page = super().paginate_queryset(queryset) or []
        patients_listed(patients=page, by=user_of(self.request))
        return page

    @extend_schema(parameters=[PatientFilters])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Doctors: the patients with a booking with them; admins and receptionists: all."""
        return super().get(request, *args, **kwargs)


class PatientView(APIView):
    """One patient."""

    permission_classes = (IsStaff,)

    @extend_schema(responses=PatientRecordOutput)
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        """The whole record."""
        return Response(PatientRecordOutput(open_patient(patient_id=patient_id, by=user_of(request))).data)

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> NoReturn:
        """A patient asks for another's record: to be refused, and to be known."""
        if isinstance(request.user, User):
            patient_refused(patient_id=self.kwargs["patient_id"], by=request.user)
        super().permission_denied(request, message, code)
