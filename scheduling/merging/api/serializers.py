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

    other = serializers.UUIDField(help_text="The record that is merged into this one and given up.")


class MergeInput(OtherRecordInput):
    """A merge of another record into this one."""

    take = serializers.ListField(
        child=serializers.ChoiceField(choices=MERGED_FIELDS),
        required=False,
        default=list,
        help_text="Fields in which the other record's value is kept. An empty field always takes it.",
    )
    closes_account = serializers.BooleanField(
        required=False, default=False, help_text="Whether the other record's account may be switched off."
    )


class OverlappingBookingOutput(TimesOutput):
    """A booking that both records have at one time."""

    id = serializers.UUIDField()
    doctor = serializers.CharField(source="doctor.display_name")
    visit_type = serializers.CharField(source="visit_type.name", default=None, allow_null=True)


class OverlapOutput(serializers.Serializer[Any]):
    """Two bookings at the same time."""

    kept = OverlappingBookingOutput()
    merged = OverlappingBookingOutput()


class PersonOutput(serializers.Serializer[Any]):
    """Another patient whom the merge concerns."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="full_name")


class MergePreviewOutput(serializers.Serializer[Any]):
    """Both records, and what a merge would do. Needs the request as context."""

    kept = PatientRecordOutput()
    merged = PatientRecordOutput()
    differing = serializers.SerializerMethodField(
        help_text="The fields in which both have a value, not the same."
    )
    upcoming = serializers.IntegerField(help_text="Upcoming appointments that move.")
    past = serializers.IntegerField(help_text="Other appointments that move.")
    waiting = serializers.IntegerField(help_text="Waiting-list entries that move.")
    dependants = PersonOutput(many=True, help_text="The people the other record books for. They move.")
    new_carers = PersonOutput(many=True, help_text="The people who come to see the kept record.")
    lost_carers = PersonOutput(many=True, help_text="The people who see nothing of it any more.")
    overlapping = serializers.SerializerMethodField(
        help_text="Appointments at the same time; they prevent it."
    )
    closes_account = serializers.CharField(help_text="The email address of the account that is switched off.")

    def get_differing(self, preview: MergePreview) -> list[str]:
        """The fields that staff choose between."""
        return differing_fields(preview.kept, preview.merged)

    @extend_schema_field(OverlapOutput(many=True))
    def get_overlapping(self, preview: MergePreview) -> list[dict[str, Any]]:
        """The pairs of appointments."""
        return overlaps_output(preview.overlapping)


def overlaps_output(pairs: list[tuple[Any, Any]]) -> list[dict[str, Any]]:
    """Return pairs of bookings as the API shows them."""
    return [dict(OverlapOutput({"kept": kept, "merged": merged}).data) for kept, merged in pairs]


class MergeOutput(serializers.Serializer[Any]):
    """A merge."""

    patient = serializers.UUIDField(source="kept_id", help_text="The record that has everything now.")
    merged = serializers.UUIDField(source="merged_id", help_text="The record that leads to it.")
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
