"""A patient's record, as the clinic's people read it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics.api.serializers import PatientProfile
from clinics.models import Patient


class PatientOutput(serializers.ModelSerializer[Patient]):
    """A patient in a list: who it is and how to reach them."""

    name = serializers.CharField(source="full_name")
    email = serializers.SerializerMethodField()

    class Meta:
        model = Patient
        fields = ["id", "name", "first_name", "last_name", "date_of_birth", "phone", "email"]
        read_only_fields = fields

    def get_email(self, patient: Patient) -> str:
        """The account's address; empty where the patient has none."""
        return patient.user.email if patient.user else ""


class CarerOutput(serializers.Serializer[Any]):
    """Who cares for a patient."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="full_name")
    phone = serializers.CharField()
    email = serializers.CharField(source="user.email")


class PatientRecordOutput(PatientOutput):
    """All that the clinic knows of a patient."""

    cared_for_by = serializers.SerializerMethodField()

    class Meta(PatientOutput.Meta):
        fields = [
            *PatientOutput.Meta.fields,
            *(name for name in PatientProfile.Meta.fields if name not in PatientOutput.Meta.fields),
            "cared_for_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CarerOutput(many=True))
    def get_cared_for_by(self, patient: Patient) -> list[dict[str, Any]]:
        """Who answers for them."""
        carers = [care.carer for care in patient.cared_for_by.select_related("carer__user")]
        return [dict(CarerOutput(carer).data) for carer in carers]
