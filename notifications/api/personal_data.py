"""`users/me/`: export the personal data of a user, and close a patient's account."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.dependants import DependantOutput
from clinics.api.serializers import DoctorProfile, PatientProfile, profile_serializer
from notifications.api.staff_notices import StaffNoticesOutput
from notifications.models import Channel, EmailReport, MessagePreference
from notifications.services.personal_data import MyData, export_my_data
from scheduling.account_closure import close_account
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.models import BookingEvent, WaitlistEntry, WaitlistOffer
from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.permissions import IsPatient, IsSelf, signed_in_user
from tenants.accounts.sessions.api.serializers import UserOutput
from tenants.base.clock import now
from tenants.base.fields import PasswordField
from tenants.base.operations import operation
from tenants.base.requests import rate_limit_address, validate


class AccountOutput(UserOutput):
    """A user account with its dates."""

    class Meta(UserOutput.Meta):
        fields = [*UserOutput.Meta.fields, "created_at", "last_login"]
        read_only_fields = fields


class BookingEventOutput(serializers.Serializer[Any]):
    """An event in the history of a booking."""

    at = serializers.DateTimeField(source="created_at")
    what = serializers.ChoiceField(source="kind", choices=BookingEvent.Kind.choices)
    by = serializers.CharField(source="by.role", default="", help_text="The role of the user who did it.")
    note = serializers.CharField()


class StoredNoteOutput(serializers.Serializer[Any]):
    """A version of what the doctor has written down about a visit."""

    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField(source="created_at")
    text = serializers.CharField()


class BookingWithHistoryOutput(BookingOutput):
    """A booking with its history and the doctor's notes. The clinic's private reasons are left out."""

    history = BookingEventOutput(source="events", many=True)
    visit_notes = StoredNoteOutput(many=True)


class PastOfferOutput(serializers.Serializer[Any]):
    """A waiting-list offer and its outcome."""

    booking = serializers.UUIDField(source="booking_id")
    offered_at = serializers.DateTimeField(source="created_at")
    ends_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=WaitlistOffer.Outcome.choices)
    answered_at = serializers.DateTimeField(allow_null=True)


class PastWaitlistEntryOutput(serializers.Serializer[Any]):
    """A waiting-list entry, current or past."""

    patient = serializers.UUIDField(source="patient_id")
    doctor = serializers.CharField(source="doctor.display_name", default=None, allow_null=True)
    specialty = serializers.CharField(source="specialty.name", default=None, allow_null=True)
    visit_type = serializers.CharField(source="visit_type.name", default=None, allow_null=True)
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    weekdays = serializers.ListField(child=serializers.IntegerField())
    status = serializers.ChoiceField(choices=WaitlistEntry.Status.choices)
    offers_missed = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    offers = PastOfferOutput(many=True)


class SentMessageOutput(serializers.Serializer[Any]):
    """An email that was sent, or was planned and then dropped."""

    what = serializers.CharField(source="kind")
    channel = serializers.CharField()
    booking = serializers.UUIDField(source="booking_id", allow_null=True)
    due_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    not_sent_because = serializers.CharField(source="dropped_because")
    subject = serializers.CharField(help_text="As it was sent. Empty once it is too old.")
    text = serializers.CharField(
        help_text="As it was sent, without the ends of links. Empty once it is too old."
    )


class MessagePreferenceOutput(serializers.Serializer[Any]):
    """A choice of optional messages."""

    topic = serializers.ChoiceField(choices=MessagePreference.Topic.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    is_wanted = serializers.BooleanField()


class EmailReportOutput(serializers.Serializer[Any]):
    """A report that an email was returned or reported as spam."""

    email = serializers.CharField()
    what = serializers.ChoiceField(source="kind", choices=EmailReport.Kind.choices)
    happened_at = serializers.DateTimeField()
    answer = serializers.CharField(help_text="The answer of the recipient's mail server.")


class StoredFeedOutput(serializers.Serializer[Any]):
    """A calendar feed, revoked or not, without its URL."""

    name = serializers.CharField()
    made_at = serializers.DateTimeField(source="created_at")
    last_read_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(source="revoked_at", allow_null=True)


class StoredSessionOutput(serializers.Serializer[Any]):
    """A session, without its tokens."""

    session = serializers.UUIDField(source="pk")
    browser = serializers.CharField()
    system = serializers.CharField()
    begun_at = serializers.DateTimeField(source="created_at")
    last_used_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class ResetOutput(serializers.Serializer[Any]):
    """A password reset that was requested."""

    asked_at = serializers.DateTimeField(source="created_at")
    sent_at = serializers.DateTimeField(allow_null=True)
    used_at = serializers.DateTimeField(allow_null=True)


class VerificationOutput(serializers.Serializer[Any]):
    """A confirmation of an email address that was requested."""

    email = serializers.EmailField()
    asked_at = serializers.DateTimeField(source="created_at")
    sent_at = serializers.DateTimeField(allow_null=True)


class EmailChangeOutput(VerificationOutput):
    """A change of the email address that was requested."""

    old_email = serializers.CharField(help_text="Empty if the old address was not confirmed.")
    confirmed_at = serializers.DateTimeField(allow_null=True)


class AuditEntryOutput(serializers.Serializer[Any]):
    """An audit-log entry: an action of the user, or on their account."""

    at = serializers.DateTimeField()
    what = serializers.CharField()
    kind = serializers.CharField()
    record = serializers.CharField(source="record_id")
    address = serializers.CharField(
        source="visible_address",
        allow_null=True,
        help_text="The IP address it came from. Null for actions of staff.",
    )


class MyDataOutput(serializers.Serializer[Any]):
    """All personal data that the clinic stores about a user, without passwords, tokens and secrets."""

    exported_at = serializers.DateTimeField()
    clinic = serializers.CharField()
    account = AccountOutput()
    profile = serializers.SerializerMethodField()
    dependants = DependantOutput(many=True)
    bookings = BookingWithHistoryOutput(many=True)
    waiting_for = PastWaitlistEntryOutput(many=True)
    messages = SentMessageOutput(many=True)
    message_preferences = MessagePreferenceOutput(many=True)
    staff_notices = StaffNoticesOutput(allow_null=True)
    email_reports = EmailReportOutput(many=True)
    calendar_feeds = StoredFeedOutput(many=True)
    sessions = StoredSessionOutput(many=True)
    password_resets = ResetOutput(many=True)
    email_codes = VerificationOutput(many=True, help_text="Codes to sign in that were requested lately.")
    email_verifications = VerificationOutput(many=True)
    email_changes = EmailChangeOutput(many=True)
    log = AuditEntryOutput(many=True)

    @extend_schema_field(
        PolymorphicProxySerializer(
            component_name="RoleProfile",
            serializers=[PatientProfile, DoctorProfile],
            resource_type_field_name=None,
            allow_null=True,
        )
    )
    def get_profile(self, data: MyData) -> dict[str, Any] | None:
        """The profile of the user's role, or None."""
        return profile_serializer(data.profile).data if data.profile else None


class CloseAccountInput(serializers.Serializer[Any]):
    """The user's password, to confirm."""

    password = PasswordField(help_text="The user's current password.")


class MyDataView(APIView):
    """The personal data of the signed-in user."""

    permission_classes = (IsSelf,)

    @operation(summary="Export your data", responses=MyDataOutput)
    def get(self, request: Request) -> Response:
        """All personal data of the signed-in user.

        Account, patient record, dependants, bookings with their history, waiting-list entries, messages,
        calendar feeds, sessions and audit log.
        """
        data = export_my_data(user=signed_in_user(request), now=now())
        return Response(
            MyDataOutput(data, context={"request": request}).data, headers={"Cache-Control": "no-store"}
        )


class CloseAccountView(APIView):
    """Close a patient's account."""

    permission_classes = (IsPatient,)

    @operation(
        summary="Close your account",
        request=CloseAccountInput,
        responses={200: None},
        success=_("Your account is closed. Your upcoming appointments are cancelled."),
        errors=[TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Cancel all upcoming bookings, erase personal data and end every session.

        This cannot be undone.
        """
        data = validate(CloseAccountInput, request.data)
        close_account(user=signed_in_user(request), address=rate_limit_address(request), now=now(), **data)
        return Response(None)
