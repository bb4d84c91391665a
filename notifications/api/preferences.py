"""`users/me/message-preferences/`: which optional messages a patient gets."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.models import Channel, MessagePreference
from notifications.preferences import Choice, channels_offered, choices_of
from notifications.services.preferences import save_choices
from tenants.accounts.permissions import IsPatient, signed_in_user
from tenants.base.fields import RefuseOtherFields
from tenants.base.operations import operation
from tenants.base.requests import validate

_EXAMPLE = {
    "preferences": [
        {"topic": "reminders", "channel": "email", "is_wanted": True},
        {"topic": "offers", "channel": "email", "is_wanted": False},
    ]
}


class PreferenceField(RefuseOtherFields, serializers.Serializer[Any]):
    """Whether messages of a topic are wanted over a channel."""

    topic = serializers.ChoiceField(choices=MessagePreference.Topic.choices, help_text="A group of messages.")
    channel = serializers.ChoiceField(choices=Channel.choices, help_text="A channel that the clinic uses.")
    is_wanted = serializers.BooleanField(help_text="Whether the patient wants these messages.")


@extend_schema_serializer(examples=[OpenApiExample("Choices", value=_EXAMPLE)])
class PreferencesOutput(serializers.Serializer[Any]):
    """The choices for all topics and all channels that the clinic uses."""

    preferences = PreferenceField(many=True)


@extend_schema_serializer(examples=[OpenApiExample("Choices", value=_EXAMPLE)])
class PreferencesInput(RefuseOtherFields, serializers.Serializer[Any]):
    """Choices to store. Topics and channels that are not sent stay as they are."""

    preferences = PreferenceField(many=True, allow_empty=False, help_text="The choices to store.")

    def validate_preferences(self, preferences: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Check that each topic and channel is there once, and that the clinic uses the channels.

        :raises ValidationError: it is not so
        """
        keys = [(row["topic"], row["channel"]) for row in preferences]
        if len(set(keys)) < len(keys):
            raise serializers.ValidationError(_("There are two choices for one topic and channel."))
        if any(row["channel"] not in channels_offered() for row in preferences):
            raise serializers.ValidationError(_("The clinic does not use this channel."))
        return preferences


class MessagePreferencesView(APIView):
    """Which optional messages the signed-in patient gets."""

    permission_classes = (IsPatient,)

    @operation(summary="Get your message preferences", responses=PreferencesOutput)
    def get(self, request: Request) -> Response:
        """Which optional messages the signed-in patient gets, also those about dependants.

        Messages about new, changed and cancelled appointments are always sent.
        """
        return Response(_output(request))

    @operation(
        summary="Change your message preferences",
        request=PreferencesInput,
        responses=PreferencesOutput,
        success=_("Your choices are saved."),
    )
    def put(self, request: Request) -> Response:
        """Store choices. Topics and channels that are not sent stay as they are."""
        rows = validate(PreferencesInput, request.data)["preferences"]
        choices = [
            Choice(MessagePreference.Topic(row["topic"]), Channel(row["channel"]), row["is_wanted"])
            for row in rows
        ]
        save_choices(user=signed_in_user(request), choices=choices)
        return Response(_output(request))


def _output(request: Request) -> dict[str, Any]:
    choices = choices_of(signed_in_user(request))
    return dict(PreferencesOutput({"preferences": choices}).data)
