"""`users/dependants/`: the people a patient cares for, each with their own patient record."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.serializers import PatientProfile
from clinics.errors import TooManyDependants
from clinics.models import Patient
from clinics.selectors import dependants_of
from clinics.services.dependants import add_dependant, change_dependant, get_dependant, remove_carer
from tenants.accounts.permissions import IsPatient, signed_in_user
from tenants.base.fields import LineField
from tenants.base.operations import operation
from tenants.phone_numbers import PhoneSerializerField, ReadablePhoneField


class DependantOutput(PatientProfile):
    """A dependant: a patient record that the signed-in user manages."""

    first_name = LineField(max_length=80, help_text="First name.")
    last_name = LineField(max_length=80, help_text="Last name.")
    name = serializers.CharField(source="full_name", read_only=True, help_text="First and last name.")
    phone = PhoneSerializerField()
    phone_display = ReadablePhoneField(source="phone")

    class Meta(PatientProfile.Meta):
        fields = [
            "id",
            "name",
            "first_name",
            "last_name",
            "phone",
            "phone_display",
            *PatientProfile.Meta.fields[1:],
        ]
        read_only_fields = ["id", "name", "phone_display", "emergency_contact_phone_display"]


class DependantsView(ListAPIView[Patient]):
    """The dependants of the signed-in patient."""

    permission_classes = (IsPatient,)
    serializer_class = DependantOutput

    def get_queryset(self) -> QuerySet[Patient]:
        """The user's own dependants."""
        return dependants_of(signed_in_user(self.request))

    @operation(summary="List your dependants")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The people the signed-in patient cares for."""
        return super().get(request, *args, **kwargs)

    @operation(
        summary="Add a dependant",
        request=DependantOutput,
        responses={201: DependantOutput},
        success=_("Person added. You can now book appointments for them."),
        errors=[TooManyDependants],
    )
    def post(self, request: Request) -> Response:
        """Add a person the patient cares for. A patient can have up to 20 dependants."""
        serializer = DependantOutput(data=request.data)
        serializer.is_valid(raise_exception=True)
        dependant = add_dependant(user=signed_in_user(request), details=serializer.validated_data)
        return Response(DependantOutput(dependant).data, status=status.HTTP_201_CREATED)


class DependantView(APIView):
    """One dependant of the signed-in patient."""

    permission_classes = (IsPatient,)

    @operation(summary="Get a dependant", responses=DependantOutput)
    def get(self, request: Request, dependant_id: uuid.UUID) -> Response:
        """The dependant's patient record."""
        return Response(
            DependantOutput(get_dependant(user=signed_in_user(request), dependant_id=dependant_id)).data
        )

    @operation(
        summary="Replace a dependant's details",
        request=DependantOutput,
        responses=DependantOutput,
        success=_("Details saved."),
    )
    def put(self, request: Request, dependant_id: uuid.UUID) -> Response:
        """Replace the details of a dependant. Optional fields that are not sent stay as they are."""
        return self._change(request, dependant_id, partial=False)

    @operation(
        summary="Change a dependant's details",
        request=DependantOutput(partial=True),
        responses=DependantOutput,
        success=_("Details saved."),
    )
    def patch(self, request: Request, dependant_id: uuid.UUID) -> Response:
        """Change some of the details of a dependant."""
        return self._change(request, dependant_id, partial=True)

    @operation(summary="Remove a dependant", responses={200: None}, success=_("Person removed."))
    def delete(self, request: Request, dependant_id: uuid.UUID) -> Response:
        """Stop caring for a person. If the record has bookings, the clinic keeps it."""
        user = signed_in_user(request)
        remove_carer(dependant=get_dependant(user=user, dependant_id=dependant_id), by=user)
        return Response(None)

    def _change(self, request: Request, dependant_id: uuid.UUID, *, partial: bool) -> Response:
        user = signed_in_user(request)
        dependant = get_dependant(user=user, dependant_id=dependant_id)
        serializer = DependantOutput(dependant, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        changed = change_dependant(dependant=dependant, details=serializer.validated_data, by=user)
        return Response(DependantOutput(changed).data)
