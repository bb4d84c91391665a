"""Serializers of patient records for the clinic's staff."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics.api.serializers import PatientProfile
from clinics.models import Patient
from clinics.selectors import may_see_clinical
from tenants.accounts.models import User
from tenants.phone_numbers import ReadablePhoneField


class PatientOutput(serializers.ModelSerializer[Patient]):
    """A patient in a list, with contact details."""

    name = serializers.CharField(source="full_name")
    phone_display = ReadablePhoneField(source="phone")
    email = serializers.SerializerMethodField()
    email_problem = serializers.SerializerMethodField()

    class Meta:
        model = Patient
        fields = [
            "id", "name", "first_name", "last_name", "date_of_birth", "phone", "phone_display", "email",
            "email_problem",
        ]  # fmt: skip
        read_only_fields = fields

    def get_email(self, patient: Patient) -> str:
        """The email address of the patient's account; empty if there is no account."""
        return patient.user.email if patient.user else ""

    @extend_schema_field(serializers.ChoiceField(choices=["", *User.EmailProblem.values]))
    def get_email_problem(self, patient: Patient) -> str:
        """Why emails to this address are held: they are returned, or reported as spam. Empty if none are."""
        return patient.user.email_problem if patient.user else ""


class CarerOutput(serializers.Serializer[Any]):
    """A carer of a patient."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="full_name")
    phone = serializers.CharField()
    phone_display = ReadablePhoneField(source="phone")
    email = serializers.CharField(source="user.email")


class PatientRecordOutput(PatientOutput):
    """A patient's full record. Needs the request as context."""

    allergies = serializers.CharField(allow_null=True, help_text="Null if you may not see it.")
    conditions = serializers.CharField(allow_null=True, help_text="Null if you may not see it.")
    medication = serializers.CharField(allow_null=True, help_text="Null if you may not see it.")
    emergency_contact_phone_display = ReadablePhoneField(source="emergency_contact_phone")
    cared_for_by = serializers.SerializerMethodField()

    class Meta(PatientOutput.Meta):
        fields = [
            *PatientOutput.Meta.fields,
            *(name for name in PatientProfile.Meta.fields if name not in PatientOutput.Meta.fields),
            "cared_for_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, patient: Patient) -> dict[str, Any]:
        """The record, with None for clinical details that the user may not see."""
        record: dict[str, Any] = super().to_representation(patient)
        may_see = may_see_clinical(self.context["request"].user)
        return record if may_see else record | dict.fromkeys(Patient.CLINICAL_FIELDS)

    @extend_schema_field(CarerOutput(many=True))
    def get_cared_for_by(self, patient: Patient) -> list[dict[str, Any]]:
        """The patient's carers."""
        carers = [care.carer for care in patient.cared_for_by.select_related("carer__user")]
        return [dict(CarerOutput(carer).data) for carer in carers]
