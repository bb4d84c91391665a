"""`portal/patients/`: find, register and change patients, for example during a call."""

import uuid
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers, status
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.patients import PatientOutput
from clinics.errors import PossibleDuplicates
from clinics.patient_lookup import find_patients
from clinics.services.desk_patients import change_at_desk, register_caller
from scheduling.calendar.api_fields import CalendarDate
from scheduling.patients.access_log import record_patients_listed, record_patients_listed_hourly
from scheduling.patients.selectors import visible_patients
from tenants.accounts.permissions import IsFrontDesk, IsStaff, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.fields import EmailAddressField, LineField, RefuseOtherFields
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate
from tenants.phone_numbers import PhoneSerializerField

_PAGE_SIZE = 20


class PatientLookup(serializers.Serializer[Any]):
    """Query parameters of the search."""

    q = LineField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="At least two letters of the first or last name in any order, digits of the telephone "
        "number, or the date of birth. Without it, all patients by name.",
    )
    page = serializers.IntegerField(
        required=False, default=1, min_value=1, max_value=1000, help_text="The page to return, from 1."
    )


class FoundPatientsOutput(serializers.Serializer[Any]):
    """The patients that a search found, by name."""

    results = PatientOutput(many=True)
    has_more = serializers.BooleanField(help_text="Whether more patients match, on the next page.")


class NewPatientInput(RefuseOtherFields, serializers.Serializer[Any]):
    """A patient to register. The date of birth or the telephone number is required."""

    first_name = LineField(max_length=80, help_text="The first name.")
    last_name = LineField(max_length=80, help_text="The last name.")
    date_of_birth = CalendarDate(
        required=False, allow_null=True, help_text="Required without a telephone number."
    )
    phone = PhoneSerializerField()
    email = EmailAddressField(
        required=False, allow_blank=True, help_text="If sent, the patient gets an account and messages."
    )
    duplicate_ok = serializers.BooleanField(
        required=False, default=False, help_text="Register the patient although there are similar ones."
    )

    def validate_date_of_birth(self, value: Any) -> Any:
        """Refuse a day in the future."""
        if value and value > now().date():
            raise serializers.ValidationError(_("This date is in the future. Enter the date of birth."))
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require a date of birth or a telephone number, to tell patients of the same name apart."""
        if not self.partial and not attrs.get("date_of_birth") and not attrs.get("phone"):
            raise serializers.ValidationError(
                {"date_of_birth": _("Enter the date of birth or the telephone number.")}
            )
        return attrs


class PatientChangesInput(NewPatientInput):
    """The fields of a patient to change."""

    duplicate_ok = None  # type: ignore[assignment]  # not a field here


class PortalPatientsView(APIView):
    """Find and register patients."""

    def get_permissions(self) -> list[BasePermission]:
        """All staff can search. Only the front desk can register patients."""
        return [IsFrontDesk() if self.request.method == "POST" else IsStaff()]

    @operation(summary="Find patients", parameters=[PatientLookup], responses=FoundPatientsOutput)
    def get(self, request: Request) -> Response:
        """The patients that match every part of `q`, at most 20 a page. Doctors find only their own.

        Accents and the format of numbers and dates do not matter: `q=mu jo 1980`, `q=07700 900` or
        `q=4.5.1980`. The audit log gets one entry per user, patient and hour.
        """
        query, user = validate(PatientLookup, query_params(request)), signed_in_user(request)
        found = visible_patients(user)
        if query.get("q"):
            found = found.filter(find_patients(query["q"]))
        first = (query["page"] - 1) * _PAGE_SIZE
        page = list(found[first : first + _PAGE_SIZE + 1])
        record_patients_listed_hourly(patients=page[:_PAGE_SIZE], by=user, now=now())
        return Response(
            {
                "results": PatientOutput(page[:_PAGE_SIZE], many=True).data,
                "has_more": len(page) > _PAGE_SIZE,
            }
        )

    @operation(
        summary="Register a patient",
        request=NewPatientInput,
        responses={201: PatientOutput},
        success=gettext_lazy("Patient registered."),
        errors=[PossibleDuplicates],
    )
    def post(self, request: Request) -> Response:
        """Register a patient who calls or is at the desk.

        If there are patients with the same date of birth and a similar name, or with the same telephone
        number or email address, the response is 409 `possible_duplicates` with `data.patients`. Send
        `duplicate_ok` to register the patient anyway. With `email`, the patient gets an account without a
        password, and messages. The patient can choose a password with a reset link.
        """
        data, user = validate(NewPatientInput, request.data), signed_in_user(request)
        duplicate_ok, email = data.pop("duplicate_ok"), data.pop("email", "")
        try:
            patient = register_caller(
                details=data, email=email, duplicate_ok=duplicate_ok, by=user, now=now()
            )
        except PossibleDuplicates as refusal:
            record_patients_listed(patients=refusal.patients, by=user)
            raise
        return Response(PatientOutput(patient).data, status=status.HTTP_201_CREATED)


class PortalPatientView(APIView):
    """One patient."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Change a patient at the front desk",
        request=PatientChangesInput,
        responses=PatientOutput,
        success=gettext_lazy("Changes saved."),
        errors=[NotFound],
    )
    def patch(self, request: Request, patient_id: uuid.UUID) -> Response:
        """Change the name, date of birth or telephone number, or add an email address.

        Only the patient can change the email address of an account.
        """
        data = validate(PatientChangesInput, request.data, partial=True)
        email = data.pop("email", "")
        patient = change_at_desk(
            patient_id=patient_id, details=data, email=email, by=signed_in_user(request), now=now()
        )
        return Response(PatientOutput(patient).data)
