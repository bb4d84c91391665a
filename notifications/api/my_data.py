"""`users/me/`: what the clinic holds about a person, and the end of it."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.dependants import DependantOutput
from clinics.api.serializers import DoctorProfile, PatientProfile, profile_form
from notifications.services.my_data import MyData, export_my_data
from scheduling.api.serializers import BookingOutput
from scheduling.models import BookingEvent, WaitlistEntry, WaitlistOffer
from scheduling.services.closing import close_account
from tenants.accounts.api.serializers import UserOutput
from tenants.accounts.permissions import IsPatient, user_of
from tenants.base.clock import now
from tenants.base.fields import Secret
from tenants.base.requests import client_address, read


class AccountOutput(UserOutput):
    """An account, with its dates."""

    class Meta(UserOutput.Meta):
        fields = [*UserOutput.Meta.fields, "created_at", "last_login"]
        read_only_fields = fields


class HappenedOutput(serializers.Serializer[Any]):
    """What happened to a booking."""

    at = serializers.DateTimeField(source="created_at")
    what = serializers.ChoiceField(source="kind", choices=BookingEvent.Kind.choices)
    by = serializers.CharField(source="by.role", default="", help_text="In which role it was done.")
    note = serializers.CharField()


class BookingWithHistoryOutput(BookingOutput):
    """A booking and what happened to it."""

    history = HappenedOutput(source="events", many=True)


class OfferedOutput(serializers.Serializer[Any]):
    """A time that the waiting list offered, and what became of it."""

    booking = serializers.UUIDField(source="booking_id")
    offered_at = serializers.DateTimeField(source="created_at")
    ends_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=WaitlistOffer.Outcome.choices)
    answered_at = serializers.DateTimeField(allow_null=True)


class WaitedForOutput(serializers.Serializer[Any]):
    """What somebody waits for, or has waited for."""

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
    offers = OfferedOutput(many=True)


class SentMessageOutput(serializers.Serializer[Any]):
    """A mail that was sent, or planned and then not."""

    what = serializers.CharField(source="kind")
    booking = serializers.UUIDField(source="event.booking_id")
    due_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    not_sent_because = serializers.CharField(source="dropped_because")


class FeedHeldOutput(serializers.Serializer[Any]):
    """A calendar feed, ended or not, without its address."""

    name = serializers.CharField()
    made_at = serializers.DateTimeField(source="created_at")
    last_read_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(source="revoked_at", allow_null=True)


class SessionHeldOutput(serializers.Serializer[Any]):
    """Where one is signed in, without its tokens."""

    session = serializers.UUIDField(source="pk")
    browser = serializers.CharField()
    system = serializers.CharField()
    begun_at = serializers.DateTimeField(source="created_at")
    last_used_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class ResetOutput(serializers.Serializer[Any]):
    """A request for a new password."""

    asked_at = serializers.DateTimeField(source="created_at")
    sent_at = serializers.DateTimeField(allow_null=True)
    used_at = serializers.DateTimeField(allow_null=True)


class VerificationOutput(serializers.Serializer[Any]):
    """A request to confirm an address."""

    email = serializers.EmailField()
    asked_at = serializers.DateTimeField(source="created_at")
    sent_at = serializers.DateTimeField(allow_null=True)


class LoggedOutput(serializers.Serializer[Any]):
    """A line of the audit log: what this person did, or what was done to their account."""

    at = serializers.DateTimeField()
    what = serializers.CharField()
    kind = serializers.CharField()
    record = serializers.CharField(source="record_id")
    address = serializers.CharField(
        source="told_address",
        allow_null=True,
        help_text="From which network address; not of staff.",
    )


class MyDataOutput(serializers.Serializer[Any]):
    """Everything the clinic holds about a person. No password, token or other secret is in it."""

    exported_at = serializers.DateTimeField()
    clinic = serializers.CharField()
    account = AccountOutput()
    profile = serializers.SerializerMethodField()
    dependants = DependantOutput(many=True)
    bookings = BookingWithHistoryOutput(many=True)
    waiting_for = WaitedForOutput(many=True)
    messages = SentMessageOutput(many=True)
    calendar_feeds = FeedHeldOutput(many=True)
    sessions = SessionHeldOutput(many=True)
    password_resets = ResetOutput(many=True)
    email_verifications = VerificationOutput(many=True)
    log = LoggedOutput(many=True)

    @extend_schema_field(
        PolymorphicProxySerializer(
            component_name="RoleProfile",
            serializers=[PatientProfile, DoctorProfile],
            resource_type_field_name=None,
            allow_null=True,
        )
    )
    def get_profile(self, held: MyData) -> dict[str, Any] | None:
        """The record that goes with the role."""
        return profile_form(held.profile).data if held.profile else None


class CloseAccountInput(serializers.Serializer[Any]):
    """The password, to be sure who asks."""

    password = Secret()


class MyDataView(APIView):
    """What is held about oneself."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=MyDataOutput)
    def get(self, request: Request) -> Response:
        """All of it: account, record, dependants, bookings with their history, messages, sessions, log."""
        held = export_my_data(user=user_of(request), now=now())
        return Response(MyDataOutput(held).data, headers={"Cache-Control": "no-store"})


class CloseAccountView(APIView):
    """The end of a patient's account."""

    permission_classes = (IsPatient,)

    @extend_schema(request=CloseAccountInput, responses={200: None})
    def post(self, request: Request) -> Response:
        """Cancel what is to come, erase what is personal, sign out everywhere. It cannot be undone."""
        given = read(CloseAccountInput, request.data)
        close_account(user=user_of(request), address=client_address(request), now=now(), **given)
        return Response(None)
