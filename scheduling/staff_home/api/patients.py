"""`portal/patient-visits/` and `portal/patients/{id}/visits/`: the visits of patients, for staff."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.models import Booking
from scheduling.staff_home.api.fields import IdList
from scheduling.staff_home.api.outputs import BoardVisitOutput, board_row
from scheduling.staff_home.patient_visits import last_and_next_visits, visits_of_patient
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


class PatientVisitsFilters(serializers.Serializer[Any]):
    """Query parameter with the patients."""

    patients = IdList(
        help_text="Ids of at most 50 patients, separated by commas.",
        error_messages={
            "invalid": _("Send the ids of patients, separated by commas."),
            "too_many": _("Choose at most 50 patients."),
        },
    )


class VisitsAroundOutput(serializers.Serializer[Any]):
    """The last and the next visit of a patient, without cancelled ones."""

    patient = serializers.UUIDField()
    last = BoardVisitOutput(allow_null=True)
    next = BoardVisitOutput(allow_null=True)


class PatientVisitsView(APIView):
    """The last and the next visits of several patients."""

    permission_classes = (IsStaff,)

    @operation(
        summary="Get the last and next visits of patients",
        parameters=[PatientVisitsFilters],
        responses=VisitsAroundOutput(many=True),
        filters=True,
    )
    def get(self, request: Request) -> Response:
        """The last and the next visit of each patient; for doctors, those with them. Ignores unknown ids."""
        ids = validate(PatientVisitsFilters, query_params(request))["patients"]
        found = last_and_next_visits(ids, user=signed_in_user(request), now=now())
        return Response(
            [
                {
                    "patient": row.patient,
                    "last": row.last and board_row(row.last),
                    "next": row.next and board_row(row.next),
                }
                for row in found
            ]
        )


class HistoryFilters(serializers.Serializer[Any]):
    """Query parameter of a patient's visits."""

    when = serializers.ChoiceField(
        required=False,
        default="past",
        choices=["upcoming", "past"],
        help_text="Upcoming visits, soonest first, or past and cancelled ones, latest first.",
    )


class PatientHistoryView(ListAPIView[Booking]):
    """The visits of one patient."""

    permission_classes = (IsStaff,)
    serializer_class = BoardVisitOutput

    def get_queryset(self) -> Any:
        """The visits that the user may see."""
        when = validate(HistoryFilters, query_params(self.request))["when"]
        return visits_of_patient(
            self.kwargs["patient_id"], when=when, user=signed_in_user(self.request), now=now()
        )

    @operation(summary="List the visits of a patient", parameters=[HistoryFilters], errors=[NotFound])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The visits of a patient with their outcomes. Doctors see the visits with them, others all."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([board_row(booking) for booking in page])
