"""Inputs and outputs of merging two patient records."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics.api.patients import PatientRecordOutput
from clinics.models import PatientMerge
from scheduling.calendar.api_outputs import TimesOutput
from scheduling.merging.fields import MERGED_FIELDS, differing_fields
from scheduling.merging.selectors import UNDO_PERIOD, MergePreview


class OtherRecordInput(serializers.Serializer[Any]):
    """The other record of the same person."""

    other = serializers.UUIDField(help_text="The record to merge into this one.")


class MergeInput(OtherRecordInput):
    """A merge of another record into this one."""

    take = serializers.ListField(
        child=serializers.ChoiceField(choices=MERGED_FIELDS),
        required=False,
        default=list,
        help_text="Fields for which to use the other record's value. It is always used for empty fields.",
    )
    closes_account = serializers.BooleanField(
        required=False, default=False, help_text="Whether the other record's account may be deactivated."
    )


class OverlappingBookingOutput(TimesOutput):
    """One of two bookings at the same time."""

    id = serializers.UUIDField()
    doctor = serializers.CharField(source="doctor.display_name")
    visit_type = serializers.CharField(source="visit_type.name", default=None, allow_null=True)


class OverlapOutput(serializers.Serializer[Any]):
    """Two bookings at the same time."""

    survivor = OverlappingBookingOutput()
    merged = OverlappingBookingOutput()


class PersonOutput(serializers.Serializer[Any]):
    """A dependant or carer of the merged record."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="full_name")


class MergePreviewOutput(serializers.Serializer[Any]):
    """Both records and the effects of a merge. Needs the request as context."""

    survivor = PatientRecordOutput()
    merged = PatientRecordOutput()
    differing = serializers.SerializerMethodField(
        help_text="Fields with different values in the two records."
    )
    upcoming = serializers.IntegerField(help_text="Upcoming appointments that move.")
    past = serializers.IntegerField(help_text="Other appointments that move.")
    waiting = serializers.IntegerField(help_text="Waiting-list entries that move.")
    dependants = PersonOutput(many=True, help_text="The dependants of the other record. They move.")
    new_carers = PersonOutput(many=True, help_text="Carers of the other record who get access to this one.")
    lost_carers = PersonOutput(many=True, help_text="Carers of the other record who lose access.")
    overlapping = serializers.SerializerMethodField(
        help_text="Upcoming appointments at the same time. They prevent the merge."
    )
    closes_account = serializers.CharField(help_text="The email address of the account that is deactivated.")

    def get_differing(self, preview: MergePreview) -> list[str]:
        """The fields with different values."""
        return differing_fields(preview.survivor, preview.merged)

    @extend_schema_field(OverlapOutput(many=True))
    def get_overlapping(self, preview: MergePreview) -> list[dict[str, Any]]:
        """The pairs of appointments."""
        return overlaps_output(preview.overlapping)


def overlaps_output(pairs: list[tuple[Any, Any]]) -> list[dict[str, Any]]:
    """Return pairs of bookings as the API shows them."""
    return [dict(OverlapOutput({"survivor": survivor, "merged": merged}).data) for survivor, merged in pairs]


class MergeOutput(serializers.Serializer[Any]):
    """A merge."""

    patient = serializers.UUIDField(source="survivor_id", help_text="The surviving record.")
    merged = serializers.UUIDField(source="merged_id", help_text="The merged record.")
    merged_name = serializers.CharField(source="merged.full_name")
    at = serializers.DateTimeField(source="created_at")
    undo_until = serializers.SerializerMethodField()
    undone_at = serializers.DateTimeField(allow_null=True)

    def get_undo_until(self, merge: PatientMerge) -> datetime:
        """Until when the merge can be undone."""
        made_at: datetime = merge.created_at
        return made_at + UNDO_PERIOD


class LatestMergeOutput(serializers.Serializer[Any]):
    """The merge that can be undone now."""

    merge = MergeOutput(allow_null=True)
