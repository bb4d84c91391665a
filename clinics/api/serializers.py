"""A clinic's people and settings, as they come in and go out."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from clinics.models import Doctor, Patient, Specialty
from clinics.models.doctors import check_language
from clinics.selectors import profile_of
from tenants.accounts.api.serializers import UserOutput
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.fields import Line, Paragraph, Secret


class SpecialtyOutput(serializers.ModelSerializer[Specialty]):
    """A field of care."""

    class Meta:
        model = Specialty
        fields = ["id", "code", "name"]
        read_only_fields = fields


class BirthDate(serializers.DateField):
    """A day of birth: some day of the past that a living person may have been born on."""

    def to_internal_value(self, value: Any) -> Any:
        """Parse, and refuse the impossible."""
        day = super().to_internal_value(value)
        today = now().date()
        if not today.year - 130 <= day.year or day > today:
            raise serializers.ValidationError("This cannot be a date of birth.")
        return day


class RegisterInput(serializers.Serializer[Any]):
    """What someone says to become a patient. Whatever else is sent, a role say, is not read."""

    email = serializers.EmailField(max_length=254)
    password = Secret()
    first_name = Line(max_length=80)
    last_name = Line(max_length=80)
    phone = Line(max_length=32, required=False, allow_blank=True)
    date_of_birth = BirthDate(required=False, allow_null=True)


class PatientProfile(serializers.ModelSerializer[Patient]):
    """A patient's own record."""

    date_of_birth = BirthDate(required=False, allow_null=True)
    address = Paragraph(required=False, allow_blank=True)
    allergies = Paragraph(required=False, allow_blank=True)
    conditions = Paragraph(required=False, allow_blank=True)
    medication = Paragraph(required=False, allow_blank=True)
    emergency_contact_name = Line(max_length=160, required=False, allow_blank=True)
    emergency_contact_phone = Line(max_length=32, required=False, allow_blank=True)
    insurance_provider = Line(max_length=120, required=False, allow_blank=True)
    insurance_number = Line(max_length=60, required=False, allow_blank=True)

    class Meta:
        model = Patient
        fields = [
            "id", "date_of_birth", "address", "allergies", "conditions", "medication",
            "emergency_contact_name", "emergency_contact_phone", "insurance_provider", "insurance_number",
        ]  # fmt: skip
        read_only_fields = ["id"]


class DoctorProfile(serializers.ModelSerializer[Doctor]):
    """What a doctor says of themselves. Name, licence and specialties are the clinic's word: only read."""

    specialties = SpecialtyOutput(many=True, read_only=True)
    bio = Paragraph(required=False, allow_blank=True)
    languages = serializers.ListField(
        child=Line(max_length=35, validators=[check_language]), max_length=20, required=False
    )

    class Meta:
        model = Doctor
        fields = [
            "id", "title", "name", "display_name", "specialties", "bio", "years_of_experience", "languages",
            "licence_number", "accepting_new_patients",
        ]  # fmt: skip
        read_only_fields = ["id", "title", "name", "display_name", "years_of_experience", "licence_number"]


def profile_form(record: Doctor | Patient, **options: Any) -> DoctorProfile | PatientProfile:
    """The form of a record that goes with a role."""
    return (
        DoctorProfile(record, **options) if isinstance(record, Doctor) else PatientProfile(record, **options)
    )


class ProfileOutput(UserOutput):
    """A user with the profile of their role; admins and receptionists have none."""

    profile = serializers.SerializerMethodField()

    class Meta(UserOutput.Meta):
        fields = [*UserOutput.Meta.fields, "profile"]
        read_only_fields = fields

    @extend_schema_field(
        PolymorphicProxySerializer(
            component_name="RoleProfile",
            serializers=[PatientProfile, DoctorProfile],
            resource_type_field_name=None,
            allow_null=True,
        )
    )
    def get_profile(self, user: User) -> dict[str, Any] | None:
        """The record that goes with the role."""
        record = profile_of(user)
        return profile_form(record).data if record else None


class PersonInput(serializers.Serializer[Any]):
    """What every user may change of themselves; `profile` holds fields of their role's record."""

    first_name = Line(max_length=80)
    last_name = Line(max_length=80)
    phone = Line(max_length=32, required=False, allow_blank=True)
    profile = serializers.DictField(required=False, help_text="Fields of the role's profile.")


class BrandingOutput(serializers.Serializer[Any]):
    """A clinic's colours and the text colours that read well on them."""

    primary_color = serializers.CharField()
    on_primary_color = serializers.CharField()
    accent_color = serializers.CharField()
    on_accent_color = serializers.CharField()


class BookingRulesOutput(serializers.Serializer[Any]):
    """What a clinic's booking rules are."""

    horizon_days = serializers.IntegerField(help_text="How many days ahead can be booked.")
    cancellation_notice_minutes = serializers.IntegerField(
        help_text="Until how long before the start patients may cancel."
    )
    reschedule_notice_minutes = serializers.IntegerField(
        help_text="Until how long before the start patients may move their appointment."
    )
    booking_notice_minutes = serializers.IntegerField(
        help_text="How long before the start patients book at the latest."
    )
    hold_minutes = serializers.IntegerField(
        help_text="For how long a time is held while the form is filled in."
    )


class QuestionOutput(serializers.Serializer[Any]):
    """What is asked when such a visit is booked."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    kind = serializers.CharField(help_text="How it is answered: text, yes_no or choice.")
    choices = serializers.ListField(child=serializers.CharField(), help_text="To choose from.")
    is_required = serializers.BooleanField()


class VisitTypeOutput(serializers.Serializer[Any]):
    """A kind of visit that patients can book. The way to a video call is only in one's booking."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    duration_minutes = serializers.IntegerField(allow_null=True, help_text="None: as long as the slot.")
    mode = serializers.CharField(help_text="in_person, video or phone")
    price = serializers.DecimalField(max_digits=9, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    colour = serializers.CharField()
    new_patients_only = serializers.BooleanField()
    needs_approval = serializers.BooleanField()
    who_may_book = serializers.CharField(help_text="public, or known: who has been here before")
    notice_minutes = serializers.IntegerField(help_text="The clinic's own holds where that is longer.")
    doctors = serializers.SerializerMethodField(help_text="Who offers it, by id; nobody: every doctor.")
    questions = QuestionOutput(source="questions.all", many=True)

    def get_doctors(self, visit_type: Any) -> list[UUID]:
        """Who offers it."""
        return [doctor.pk for doctor in visit_type.doctors.all()]


class ClinicOutput(serializers.Serializer[Any]):
    """A clinic as its patients see it."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    time_zone = serializers.CharField(help_text="IANA name.")
    tz_label = serializers.CharField(help_text="The zone in words, to stand beside a time.")
    locale = serializers.CharField(
        help_text="The locale of dates and spelling as a language tag (BCP 47): `en-GB` or `en-US`."
    )
    phone = serializers.CharField()
    email = serializers.CharField()
    address = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    branding = BrandingOutput()
    booking_rules = BookingRulesOutput()
    specialties = SpecialtyOutput(many=True)
    visit_types = VisitTypeOutput(many=True)
