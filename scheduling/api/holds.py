"""`appointments/holds/`: keeping a slot while the form is filled in."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Patient
from scheduling.api.inputs import HoldInput
from scheduling.api.serializers import HoldOutput
from scheduling.services.create import requested_patient, requested_visit_type
from scheduling.services.holding import hold_slot, release_hold
from tenants.accounts.permissions import IsPatient, user_of
from tenants.base.clock import now
from tenants.base.requests import read


class HoldsView(APIView):
    """Holding a slot."""

    permission_classes = (IsPatient,)

    @extend_schema(request=HoldInput, responses={201: HoldOutput})
    def post(self, request: Request) -> Response:
        """Keep a slot for some minutes. A patient holds one at a time; `held_until` says when it ends."""
        given, user = read(HoldInput, request.data), user_of(request)
        hold = hold_slot(
            slot_id=given["slot"],
            patient=requested_patient(user, given.get("patient")),
            by=user,
            visit_type=requested_visit_type(user, given["visit_type"]),
            now=now(),
        )
        return Response(HoldOutput(hold).data, status=status.HTTP_201_CREATED)


class HoldView(APIView):
    """One hold."""

    permission_classes = (IsPatient,)

    @extend_schema(responses={200: None})
    def delete(self, request: Request, hold_id: uuid.UUID) -> Response:
        """Give the time back."""
        user = user_of(request)
        release_hold(hold_id=hold_id, patients=Patient.objects.of_user(user), by=user, now=now())
        return Response(None)
