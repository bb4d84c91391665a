"""`users/dependants/`: those whom a patient cares for, each with a record of their own."""

import uuid

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.serializers import PatientProfile
from clinics.models import Patient
from clinics.selectors import dependants_of
from clinics.services.dependants import add_dependant, change_dependant, dependant_of, stop_caring
from tenants.accounts.permissions import IsPatient, user_of
from tenants.base.fields import Line


class DependantOutput(PatientProfile):
    """Somebody who is cared for: the record that the clinic keeps of them."""

    first_name = Line(max_length=80)
    last_name = Line(max_length=80)
    name = serializers.CharField(source="full_name", read_only=True)
    phone = Line(max_length=32, required=False, allow_blank=True)

    class Meta(PatientProfile.Meta):
        fields = ["id", "name", "first_name", "last_name", "phone", *PatientProfile.Meta.fields[1:]]
        read_only_fields = ["id", "name"]


class DependantsView(ListAPIView[Patient]):
    """Those whom one cares for."""

    permission_classes = (IsPatient,)
    serializer_class = DependantOutput

    def get_queryset(self) -> QuerySet[Patient]:
        """One's own."""
        return dependants_of(user_of(self.request))

    @extend_schema(request=DependantOutput, responses={201: DependantOutput})
    def post(self, request: Request) -> Response:
        """Add somebody; at most 20."""
        given = DependantOutput(data=request.data)
        given.is_valid(raise_exception=True)
        dependant = add_dependant(user=user_of(request), details=given.validated_data)
        return Response(DependantOutput(dependant).data, status=status.HTTP_201_CREATED)


class DependantView(APIView):
    """One of them."""

    permission_classes = (IsPatient,)

    @extend_schema(responses=DependantOutput)
    def get(self, request: Request, dependant_id: uuid.UUID) -> Response:
        """Their record."""
        return Response(DependantOutput(dependant_of(user=user_of(request), dependant_id=dependant_id)).data)

    @extend_schema(request=DependantOutput, responses=DependantOutput)
    def put(self, request: Request, dependant_id: uuid.UUID) -> Response:
        """Replace their details."""
        return self._change(request, dependant_id, partial=False)

    @extend_schema(request=DependantOutput(partial=True), responses=DependantOutput)
    def patch(self, request: Request, dependant_id: uuid.UUID) -> Response:
        """Change some of their details."""
        return self._change(request, dependant_id, partial=True)

    @extend_schema(responses={200: None})
    def delete(self, request: Request, dependant_id: uuid.UUID) -> Response:
        """Stop caring for them. A record with bookings stays, as the clinic's."""
        user = user_of(request)
        stop_caring(dependant=dependant_of(user=user, dependant_id=dependant_id), by=user)
        return Response(None)

    def _change(self, request: Request, dependant_id: uuid.UUID, *, partial: bool) -> Response:
        user = user_of(request)
        dependant = dependant_of(user=user, dependant_id=dependant_id)
        given = DependantOutput(dependant, data=request.data, partial=partial)
        given.is_valid(raise_exception=True)
        changed = change_dependant(dependant=dependant, details=given.validated_data, by=user)
        return Response(DependantOutput(changed).data)
