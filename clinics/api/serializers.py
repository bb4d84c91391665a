"""Serializers of a clinic's people and settings."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    PolymorphicProxySerializer,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers

from clinics.api.branding import BrandingOutput
from clinics.api.languages import LanguageField, PatientLanguageOutput
from clinics.models import Doctor, Patient, Specialty
from clinics.models.doctors import check_language
from clinics.picture_files import doctor_photo_urls
from clinics.selectors import get_profile, sms_settings
from tenants.accounts.models import User
from tenants.accounts.sessions.api.serializers import UserOutput
from tenants.base.clock import now, validate_time_zone
from tenants.base.fields import EmailAddressField, LineField, ParagraphField, PasswordField, RefuseOtherFields
from tenants.phone_numbers import PhoneSerializerField, ReadablePhoneField


class SpecialtyOutput(serializers.ModelSerializer[Specialty]):
    """A medical specialty."""

    class Meta:
        model = Specialty
        fields = ["id", "code", "name"]
        read_only_fields = fields


class BirthDate(serializers.DateField):
    """A date of birth, at most 130 years ago."""

    def to_internal_value(self, value: Any) -> Any:
        """Parse the date and check its range."""
        day = super().to_internal_value(value)
        today = now().date()
        if not today.year - 130 <= day.year or day > today:
            raise serializers.ValidationError(_("Enter a real date of birth, such as 1980-03-31."))
        return day


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A new patient",
            request_only=True,
            value={
                "email": "sam.fisher@example.com",
                "password": "correct horse battery",
                "first_name": "Sam",
                "last_name": "Fisher",
                "phone": "020 7946 0018",
                "date_of_birth": "1980-03-31",
            },
        )
    ]
)
class RegisterInput(serializers.Serializer[Any]):
    """The details of a new patient. Other fields, such as a role, are ignored."""

    email = EmailAddressField(help_text="The email address to sign in with.")
    password = PasswordField(help_text="A new password, checked against the password rules.")
    first_name = LineField(max_length=80, help_text="First name.")
    last_name = LineField(max_length=80, help_text="Last name.")
    phone = PhoneSerializerField()
    date_of_birth = BirthDate(required=False, allow_null=True, help_text="Date of birth.")


class PatientProfile(RefuseOtherFields, serializers.ModelSerializer[Patient]):
    """A patient record, as the patient may edit it."""

    date_of_birth = BirthDate(required=False, allow_null=True, help_text="Date of birth.")
    address = ParagraphField(required=False, allow_blank=True, help_text="Postal address.")
    time_zone = LineField(
        max_length=64,
        required=False,
        allow_blank=True,
        validators=[validate_time_zone],
        help_text="The patient's own time zone (IANA), in which reminders avoid the night. Empty: the "
        "clinic's.",
    )
    allergies = ParagraphField(required=False, allow_blank=True, help_text="Known allergies.")
    conditions = ParagraphField(required=False, allow_blank=True, help_text="Long-term medical conditions.")
    medication = ParagraphField(
        required=False, allow_blank=True, help_text="Medicines that are taken regularly."
    )
    emergency_contact_name = LineField(
        max_length=160, required=False, allow_blank=True, help_text="Name of the emergency contact."
    )
    emergency_contact_phone = PhoneSerializerField(
        help_text="Telephone number of the emergency contact. Stored and returned as E.164."
    )
    emergency_contact_phone_display = ReadablePhoneField(source="emergency_contact_phone")
    insurance_provider = LineField(
        max_length=120, required=False, allow_blank=True, help_text="Health insurance company."
    )
    insurance_number = LineField(
        max_length=60, required=False, allow_blank=True, help_text="Health insurance number."
    )

    class Meta:
        model = Patient
        fields = [
            "id", "date_of_birth", "address", "time_zone", "allergies", "conditions", "medication",
            "emergency_contact_name", "emergency_contact_phone", "emergency_contact_phone_display",
            "insurance_provider", "insurance_number",
        ]  # fmt: skip
        read_only_fields = ["id", "emergency_contact_phone_display"]


class PhotoOutput(serializers.Serializer[Any]):
    """The URLs of a photo. A new photo has new ones."""

    large = serializers.CharField(help_text="A square of 480 pixels.")
    small = serializers.CharField(help_text="A square of 144 pixels.")


@extend_schema_field(PhotoOutput(allow_null=True))
class PhotoField(serializers.Field[Any, Any, Any, Any]):
    """The URLs of a doctor's photo, or None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"source": "*", "read_only": True, **options})

    def to_representation(self, value: Doctor) -> dict[str, str] | None:
        """Return the URLs, which contain the photo's digest."""
        return doctor_photo_urls(value)


class DoctorProfile(RefuseOtherFields, serializers.ModelSerializer[Doctor]):
    """A doctor's profile. The clinic sets name, licence and specialties, so they are read-only here."""

    specialties = SpecialtyOutput(many=True, read_only=True)
    photo = PhotoField()
    bio = ParagraphField(required=False, allow_blank=True, help_text="About the doctor, for patients.")
    languages = serializers.ListField(
        child=LineField(max_length=35, validators=[check_language]),
        max_length=20,
        required=False,
        help_text="Languages the doctor speaks, as BCP 47 tags such as `en` or `pt-BR`.",
    )

    class Meta:
        model = Doctor
        fields = [
            "id", "title", "name", "display_name", "specialties", "bio", "years_of_experience", "languages",
            "licence_number", "qualification", "photo", "accepting_new_patients",
        ]  # fmt: skip
        read_only_fields = [
            "id", "title", "name", "display_name", "years_of_experience", "licence_number", "qualification",
        ]  # fmt: skip


def profile_serializer(record: Doctor | Patient, **options: Any) -> DoctorProfile | PatientProfile:
    """Return the serializer for a doctor's or a patient's profile."""
    return (
        DoctorProfile(record, **options) if isinstance(record, Doctor) else PatientProfile(record, **options)
    )


class ProfileOutput(UserOutput):
    """A user with the profile of their role. Admins and receptionists have no profile."""

    profile = serializers.SerializerMethodField()
    sms_available = serializers.SerializerMethodField(help_text="Whether the clinic sends text messages.")
    sms_consent = serializers.SerializerMethodField(
        help_text="Whether the patient agreed to text messages. Always false for staff."
    )

    class Meta(UserOutput.Meta):
        fields = [*UserOutput.Meta.fields, "profile", "sms_available", "sms_consent"]
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
        """The profile of the user's role, or None."""
        record = get_profile(user)
        return profile_serializer(record).data if record else None

    def get_sms_available(self, user: User) -> bool:
        """Whether patients can get text messages."""
        return user.role == User.Role.PATIENT and sms_settings().is_on

    def get_sms_consent(self, user: User) -> bool:
        """Whether the patient agreed to text messages."""
        record = get_profile(user)
        return isinstance(record, Patient) and record.sms_consent_at is not None


class ProfileInput(RefuseOtherFields, serializers.Serializer[Any]):
    """The details that every user may change. Others, such as the email address, are refused.

    `profile` has the fields of their role's profile.
    """

    first_name = LineField(max_length=80, help_text="First name.")
    last_name = LineField(max_length=80, help_text="Last name.")
    phone = PhoneSerializerField()
    language = LanguageField(
        required=False,
        help_text="The language of pages and messages, one of the clinic's `patient_languages`. For patients "
        "only.",
    )
    sms_consent = serializers.BooleanField(
        required=False, help_text="Whether the patient agrees to text messages. For patients only."
    )
    profile = serializers.DictField(
        required=False,
        help_text="Fields of the role's profile to change: see PatientProfile and DoctorProfile.",
    )


class BookingRulesOutput(serializers.Serializer[Any]):
    """A clinic's booking rules."""

    horizon_days = serializers.IntegerField(help_text="How many days ahead patients can book.")
    cancellation_notice_minutes = serializers.IntegerField(
        help_text="The notice in minutes that patients must give to cancel."
    )
    reschedule_notice_minutes = serializers.IntegerField(
        help_text="The notice in minutes that patients must give to reschedule."
    )
    booking_notice_minutes = serializers.IntegerField(
        help_text="The notice in minutes that patients must give to book."
    )
    hold_minutes = serializers.IntegerField(help_text="How many minutes a hold lasts.")
    ask_date_of_birth = serializers.BooleanField(
        help_text="Whether new patients enter their date of birth when they book."
    )


class QuestionOutput(serializers.Serializer[Any]):
    """A question that is asked when a visit of this type is booked."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    kind = serializers.CharField(help_text="How to answer: `text`, `yes_no` or `choice`.")
    choices = serializers.ListField(
        child=serializers.CharField(), help_text="The possible answers to a `choice`."
    )
    is_required = serializers.BooleanField()


class VisitTypeOutput(serializers.Serializer[Any]):
    """A visit type that patients can book. The link to a video call is only in the booking."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    preparation = serializers.CharField(help_text="How patients prepare for the visit; empty if not needed.")
    bring = serializers.CharField(help_text="What patients bring to the visit; empty if nothing.")
    duration_minutes = serializers.IntegerField(
        allow_null=True, help_text="Null if the visit lasts as long as the slot."
    )
    mode = serializers.CharField(help_text="`in_person`, `video` or `phone`.")
    price = serializers.DecimalField(max_digits=9, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    colour = serializers.CharField()
    new_patients_only = serializers.BooleanField()
    needs_approval = serializers.BooleanField()
    who_may_book = serializers.CharField(
        help_text="`public` for everybody, `known` for patients with an earlier visit."
    )
    notice_minutes = serializers.IntegerField(
        help_text="The notice in minutes to book. The clinic's own notice applies if it is longer."
    )
    doctors = serializers.SerializerMethodField(
        help_text="Ids of the doctors who offer it. Empty if every doctor does."
    )
    paused_by = serializers.SerializerMethodField(
        help_text="Ids of the doctors who take no bookings for it at present."
    )
    questions = QuestionOutput(source="questions.all", many=True)

    def get_doctors(self, visit_type: Any) -> list[UUID]:
        """The ids of the doctors who offer the visit type."""
        return [doctor.pk for doctor in visit_type.doctors.all()]

    def get_paused_by(self, visit_type: Any) -> list[UUID]:
        """The ids of the doctors who have paused the visit type."""
        return [doctor.pk for doctor in visit_type.paused_by.all()]


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A clinic in London",
            response_only=True,
            value={
                "id": "3d5b1f7a-2f2e-4a39-8f50-6a1f9a7d2c01",
                "slug": "harbour",
                "name": "Harbour Clinic",
                "time_zone": "Europe/London",
                "tz_label": "London time",
                "locale": "en-GB",
                "patient_languages": [{"code": "en", "name": "English"}],
                "phone": "020 7946 0000",
                "email": "hello@harbour.example.com",
                "address": "1 Quay Street, London",
                "languages": ["en"],
                "branding": {
                    "logo": None,
                    "icon": None,
                    "primary_color": "#0b5c8a",
                    "on_primary_color": "#ffffff",
                    "accent_color": "#f2b705",
                    "on_accent_color": "#000000",
                },
                "booking_rules": {
                    "horizon_days": 90,
                    "cancellation_notice_minutes": 1440,
                    "reschedule_notice_minutes": 1440,
                    "booking_notice_minutes": 60,
                    "hold_minutes": 10,
                    "ask_date_of_birth": False,
                },
                "desk_sees_clinical": False,
                "specialties": [
                    {
                        "id": "5c1f6a7e-9a38-4a58-9a62-3f0f5f1f4d02",
                        "code": "cardiology",
                        "name": "Cardiology",
                    }
                ],
                "visit_types": [
                    {
                        "id": "b8b2d3d6-4f0f-4a3e-8a55-8e0d5cf0e403",
                        "name": "Check-up",
                        "description": "A routine appointment.",
                        "preparation": "Do not eat for 8 hours.",
                        "bring": "A list of your medicines.",
                        "duration_minutes": 30,
                        "mode": "in_person",
                        "price": "80.00",
                        "currency": "GBP",
                        "colour": "#0b5c8a",
                        "new_patients_only": False,
                        "needs_approval": False,
                        "who_may_book": "public",
                        "notice_minutes": 0,
                        "doctors": [],
                        "paused_by": [],
                        "questions": [],
                    }
                ],
            },
        )
    ]
)
class ClinicOutput(serializers.Serializer[Any]):
    """The clinic that the host belongs to."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    time_zone = serializers.CharField(help_text="The time zone's IANA name.")
    tz_label = serializers.CharField(help_text="The time zone in words, to show next to a time.")
    locale = serializers.CharField(
        help_text="The language and locale of this response as a language tag (BCP 47), such as `en-GB`."
    )
    patient_languages = PatientLanguageOutput(
        many=True,
        help_text="The languages of pages and messages for patients. Ask for one with `Accept-Language`.",
    )
    phone = serializers.CharField()
    email = serializers.CharField()
    address = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    branding = BrandingOutput()
    booking_rules = BookingRulesOutput()
    desk_sees_clinical = serializers.BooleanField(
        help_text="Whether admins and receptionists can see allergies, conditions, medication and the "
        "answers to questions. Doctors always see those of their own patients."
    )
    specialties = SpecialtyOutput(many=True, help_text="Those that have a doctor whom patients can book.")
    visit_types = VisitTypeOutput(many=True)
