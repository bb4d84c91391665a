"""Sign-in's input and output."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tenants.accounts.models import User, UserSession
from tenants.base.clock import local_time, zone_label
from tenants.base.fields import Line, Secret
from tenants.door import current_clinic


class UserOutput(serializers.ModelSerializer[User]):
    """A user as they see themselves."""

    time_zone = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "email", "email_verified_at", "first_name", "last_name", "phone", "role", "time_zone"]
        read_only_fields = fields

    def get_time_zone(self, _user: User) -> str:
        """The clinic's zone, an IANA name."""
        return current_clinic().time_zone


class LoginInput(serializers.Serializer[Any]):
    """E-mail and password."""

    email = Line(max_length=254)
    password = Secret()


class RefreshInput(serializers.Serializer[Any]):
    """A refresh token."""

    refresh = Line(max_length=4096, required=False, help_text="Needed unless it comes as a cookie.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Whoever reads the body needs the token to be in it.

        :raises ValidationError: it is not
        """
        if "refresh" not in attrs:
            raise serializers.ValidationError(
                {"refresh": [self.fields["refresh"].error_messages["required"]]}
            )
        return attrs


class TokensOutput(serializers.Serializer[Any]):
    """A new pair of tokens."""

    access = serializers.CharField(help_text="For the Authorization header, good for 10 minutes.")
    refresh = serializers.CharField(
        allow_null=True, help_text="Good for one refresh within 7 days. Null where it came as a cookie."
    )


class SessionOutput(TokensOutput):
    """Who signed in, with their tokens."""

    user = UserOutput()


class PasswordChangeInput(serializers.Serializer[Any]):
    """The password that is, and the one that shall be."""

    current_password = Secret()
    new_password = Secret()


class PasswordResetInput(serializers.Serializer[Any]):
    """The e-mail address of an account whose password is forgotten."""

    email = serializers.EmailField(max_length=254)


class PasswordResetConfirmInput(serializers.Serializer[Any]):
    """What the mailed link carries, and a new password."""

    token = Line(max_length=200)
    password = Secret()


class EmailVerifyInput(serializers.Serializer[Any]):
    """What the link in the mail carries."""

    token = Line(max_length=200)


class WallOutput(serializers.Serializer[Any]):
    """A day and a time on the clinic's wall."""

    local_date = serializers.DateField()
    local_time = serializers.CharField(help_text="HH:MM on the clinic's wall.")


class UserSessionOutput(serializers.ModelSerializer[UserSession]):
    """Somewhere the user is signed in. The view says in the context which one asks."""

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
        """Browser and system, in words."""
        names = {"browser": session.browser, "system": session.system}
        if session.browser and session.system:
            return _("%(browser)s on %(system)s") % names
        return session.browser or session.system or _("A program or device we do not know")

    def get_is_present(self, session: UserSession) -> bool:
        """Whether it is the one that asks."""
        return bool(session.pk == self.context["present"])

    @extend_schema_field(WallOutput)
    def get_begun_local(self, session: UserSession) -> dict[str, Any]:
        """When it began, on the clinic's wall."""
        return _on_the_wall(session.created_at)

    @extend_schema_field(WallOutput)
    def get_last_used_local(self, session: UserSession) -> dict[str, Any]:
        """When it was last renewed, on the clinic's wall; while it is used that is within ten minutes."""
        return _on_the_wall(session.last_used_at)

    def get_time_zone(self, _session: UserSession) -> str:
        """The clinic's zone, an IANA name."""
        return current_clinic().time_zone

    def get_tz_label(self, _session: UserSession) -> str:
        """The zone in words."""
        return zone_label(current_clinic().time_zone)


def _on_the_wall(instant: datetime) -> dict[str, Any]:
    shown = local_time(instant, current_clinic().zone)
    return {"local_date": shown.on, "local_time": shown.time}
