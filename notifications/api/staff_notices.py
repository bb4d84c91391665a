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
from tenants.base.clock import now
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
        read_only_fields = fields


class StaffNoticesInput(RefuseOtherFields, serializers.ModelSerializer[StaffNotices]):
    """The choices to change."""

    class Meta:
        model = StaffNotices
        fields = StaffNoticesOutput.Meta.fields
        extra_kwargs = {
            "booked": {"help_text": "Of new appointments."},
            "cancelled": {"help_text": "Of cancelled appointments."},
            "rescheduled": {"help_text": "Of rescheduled appointments."},
            "offer_taken": {"help_text": "Of waiting list offers that were accepted."},
            "attendance": {"help_text": "Of patients who confirm that they will come."},
            "not_delivered": {"help_text": "Of messages to patients that failed."},
            "digest_hour": {"help_text": "The hour of the daily email, 4 to 22, at the doctor's place."},
            "day_schedule": {"help_text": "Whether a doctor gets the schedule of each day with visits."},
            "day_hour": {"help_text": "The hour of the schedule, 4 to 22, at the doctor's place."},
        }


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
            StaffNoticesOutput(save_notices(user=user, changes=given.validated_data, by=user, now=now())).data
        )
