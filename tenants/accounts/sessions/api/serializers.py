"""Serializers of sign-in, passwords and sessions."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from tenants.accounts.models import User, UserSession
from tenants.base.clock import local_time, time_zone_label
from tenants.base.fields import LineField, PasswordField
from tenants.current import current_clinic
from tenants.phone_numbers import ReadablePhoneField


class UserOutput(serializers.ModelSerializer[User]):
    """The signed-in user."""

    time_zone = serializers.SerializerMethodField()
    phone_display = ReadablePhoneField(source="phone")
    language = serializers.CharField(
        help_text="The language that a patient has chosen for pages and messages; empty for the clinic's."
    )
    email_problem = serializers.ChoiceField(
        choices=["", *User.EmailProblem.values],
        help_text="Why emails to the address are held: one was returned, or reported as spam.",
    )

    has_password = serializers.BooleanField(
        source="has_usable_password", help_text="Whether the account has a password. Staff always have one."
    )

    class Meta:
        model = User
        fields = [
            "id", "email", "email_verified_at", "email_problem", "first_name", "last_name", "phone",
            "phone_display", "role", "has_password", "language",
            "time_zone",
        ]  # fmt: skip
        read_only_fields = fields

    def get_time_zone(self, _user: User) -> str:
        """The clinic's zone, an IANA name."""
        return current_clinic().time_zone


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A patient",
            request_only=True,
            value={"email": "sam.fisher@example.com", "password": "correct horse battery"},
        )
    ]
)
class LoginInput(serializers.Serializer[Any]):
    """Email address and password."""

    email = LineField(max_length=254, help_text="The email address of the account.")
    password = PasswordField(help_text="The password of the account.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Token in the body", request_only=True, value={"refresh": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"}
        )
    ]
)
class RefreshInput(serializers.Serializer[Any]):
    """A refresh token."""

    refresh = LineField(
        max_length=4096,
        required=False,
        help_text="The refresh token. Required unless it is sent as a cookie (`X-Session: cookie`).",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that there is a token. A view that reads the cookie does not use this serializer.

        :raises ValidationError: the token is missing
        """
        if "refresh" not in attrs:
            raise serializers.ValidationError(
                {"refresh": [self.fields["refresh"].error_messages["required"]]}
            )
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "New tokens",
            response_only=True,
            value={
                "access": "eyJhbGciOiJIUzI1NiJ9.e30.YWNj",
                "refresh": "eyJhbGciOiJIUzI1NiJ9.e30.bmV4dA",
            },
        )
    ]
)
class TokensOutput(serializers.Serializer[Any]):
    """A new pair of tokens."""

    access = serializers.CharField(help_text="For the Authorization header. Valid for 10 minutes.")
    refresh = serializers.CharField(
        allow_null=True,
        help_text="Valid for one refresh within 7 days. Null if it was sent as a cookie.",
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Signed in",
            response_only=True,
            value={
                "access": "eyJhbGciOiJIUzI1NiJ9.e30.YWNj",
                "refresh": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
                "user": {
                    "id": "7f0c2f0e-5a77-4c0e-9d0b-0d8a0c2f4b11",
                    "email": "sam.fisher@example.com",
                    "email_verified_at": None,
                    "email_problem": "",
                    "first_name": "Sam",
                    "last_name": "Fisher",
                    "phone": "+442079460018",
                    "phone_display": "+44 20 7946 0018",
                    "has_password": True,
                    "role": "patient",
                    "language": "en",
                    "time_zone": "Europe/London",
                },
            },
        )
    ]
)
class SessionOutput(TokensOutput):
    """The signed-in user and their tokens."""

    user = UserOutput()


class PasswordChangeInput(serializers.Serializer[Any]):
    """The current and the new password. An account without a password sends a code instead."""

    current_password = PasswordField(required=False, help_text="The current password of the account.")
    code = LineField(
        max_length=20,
        required=False,
        help_text="For an account without a password: the digits that `auth/email-code/` has sent to it.",
    )
    new_password = PasswordField(help_text="The new password, checked against the password rules.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that the current password or a code is there.

        :raises ValidationError: both or neither are there
        """
        if ("current_password" in attrs) == ("code" in attrs):
            raise serializers.ValidationError({"current_password": [_("Enter your current password.")]})
        return attrs


class PasswordResetInput(serializers.Serializer[Any]):
    """The email address of the account."""

    email = serializers.EmailField(max_length=254, help_text="The email address of the account.")


class PasswordResetConfirmInput(serializers.Serializer[Any]):
    """The token of a link in an email and a new password."""

    token = LineField(max_length=200, help_text="The token from the link in the email.")
    password = PasswordField(help_text="The new password, checked against the password rules.")


class EmailVerifyInput(serializers.Serializer[Any]):
    """The token of a link in an email, and the account's password outside a session of it."""

    token = LineField(max_length=200, help_text="The token from the link in the email.")
    password = PasswordField(
        required=False,
        help_text="The password of the account. Required without an access token of the same account.",
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A doctor",
            response_only=True,
            value={"idle_minutes": 30, "ends_at": "2026-12-01T09:30:00Z", "seconds_left": 1200},
        )
    ]
)
class SessionActivityOutput(serializers.Serializer[Any]):
    """When the session ends unless it is used."""

    idle_minutes = serializers.IntegerField(
        allow_null=True, help_text="After how many minutes without input the session ends. Null for patients."
    )
    ends_at = serializers.DateTimeField(
        allow_null=True, help_text="When it ends unless input is reported before. Null for patients."
    )
    seconds_left = serializers.IntegerField(
        allow_null=True, help_text="The seconds until then, for clients whose clock may be wrong."
    )


class SessionTimeOutput(serializers.Serializer[Any]):
    """A day and time in the clinic's time zone."""

    local_date = serializers.DateField()
    local_time = serializers.CharField(help_text="HH:MM in the clinic's time zone.")


class UserSessionOutput(serializers.ModelSerializer[UserSession]):
    """A session of the user. The context needs the `current_session_id`."""

    device = serializers.SerializerMethodField()
    is_present = serializers.SerializerMethodField()
    begun_at = serializers.DateTimeField(source="created_at")
    begun_local = serializers.SerializerMethodField()
    last_used_local = serializers.SerializerMethodField()
    time_zone = serializers.SerializerMethodField()
    tz_label = serializers.SerializerMethodField()

    class Meta:
        model = UserSession
        fields = [
            "id", "device", "is_present", "begun_at", "begun_local", "last_used_at", "last_used_local",
            "time_zone", "tz_label",
        ]  # fmt: skip
        read_only_fields = fields

    def get_device(self, session: UserSession) -> str:
        """Browser and operating system, in words."""
        names = {"browser": session.browser, "system": session.system}
        if session.browser and session.system:
            return _("%(browser)s on %(system)s") % names
        return session.browser or session.system or _("Unknown device")

    def get_is_present(self, session: UserSession) -> bool:
        """Whether this is the session of the request."""
        return bool(session.pk == self.context["current_session_id"])

    @extend_schema_field(SessionTimeOutput)
    def get_begun_local(self, session: UserSession) -> dict[str, Any]:
        """When the session began, in the clinic's time zone."""
        return clinic_local_time(session.created_at)

    @extend_schema_field(SessionTimeOutput)
    def get_last_used_local(self, session: UserSession) -> dict[str, Any]:
        """When the session was last renewed, in the clinic's time zone."""
        return clinic_local_time(session.last_used_at)

    def get_time_zone(self, _session: UserSession) -> str:
        """The clinic's zone, an IANA name."""
        return current_clinic().time_zone

    def get_tz_label(self, _session: UserSession) -> str:
        """The time zone, for people: "London time"."""
        return time_zone_label(current_clinic().time_zone)


def clinic_local_time(instant: datetime) -> dict[str, Any]:
    """Return an instant in the clinic's time zone, as `SessionTimeOutput`."""
    local = local_time(instant, current_clinic().zone)
    return {"local_date": local.on, "local_time": local.time}
