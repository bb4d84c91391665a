"""`users/me/staff-notices/`: which notices a member of staff receives by email."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.models import StaffNotices
from notifications.services.staff_notices import save_notices
from notifications.staff_topics import notices_of
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.fields import RefuseOtherFields
from tenants.base.operations import operation


class StaffNoticesOutput(serializers.ModelSerializer[StaffNotices]):
    """Which changes somebody hears of, and how: one email for each, one a day, or none."""

    class Meta:
        model = StaffNotices
        fields = [
            "booked",
            "cancelled",
            "rescheduled",
            "offer_taken",
            "attendance",
            "not_delivered",
            "digest_hour",
            "day_schedule",
            "day_hour",
        ]


class StaffNoticesInput(RefuseOtherFields, StaffNoticesOutput):
    """The choices to change."""


class StaffNoticesView(APIView):
    """The notices of the signed-in member of staff."""

    permission_classes = (IsStaff,)

    @operation(summary="Get your notices", responses=StaffNoticesOutput)
    def get(self, request: Request) -> Response:
        """Which changes you hear of by email, and when. Without a choice, the defaults of your role apply."""
        return Response(StaffNoticesOutput(notices_of(signed_in_user(request))).data)

    @operation(
        summary="Change your notices",
        request=StaffNoticesInput,
        responses=StaffNoticesOutput,
        success=_("Your notices were changed."),
    )
    def patch(self, request: Request) -> Response:
        """Choose which changes you hear of by email. Hours apply from the next email on.

        These emails contain the time and place of appointments, and nothing about patients.
        """
        user = signed_in_user(request)
        given = StaffNoticesInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        return Response(
            StaffNoticesOutput(save_notices(user=user, changes=given.validated_data, by=user)).data
        )
