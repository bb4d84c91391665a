"""`portal/patients/<id>/merge/`: merge another record of the same person into this one, and undo it."""

import uuid

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Patient
from scheduling.merging.api.serializers import (
    LatestMergeOutput,
    MergeInput,
    MergeOutput,
    MergePreviewOutput,
    OtherRecordInput,
    overlaps_output,
)
from scheduling.merging.errors import (
    AlreadyMerged,
    AppointmentsOverlap,
    MergeOver,
    OtherHasAccount,
    SamePatient,
    StaffAccount,
    TwoAccounts,
)
from scheduling.merging.merge import merge_patients
from scheduling.merging.selectors import preview_merge, undoable_merge
from scheduling.merging.undo import undo_merge
from scheduling.patients.access_log import open_patient
from tenants.accounts.permissions import IsFrontDesk, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.operations import operation
from tenants.base.requests import validate


class MergePreviewView(APIView):
    """What a merge would do."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Preview a merge of two patient records",
        request=OtherRecordInput,
        responses=MergePreviewOutput,
        success=_("This is a preview. Nothing has been changed."),
        errors=[SamePatient],
    )
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        """Both records side by side, what would move, and who would gain or lose access. Changes nothing."""
        user = signed_in_user(request)
        other = validate(OtherRecordInput, request.data)["other"]
        kept, merged = (open_patient(patient_id=record, by=user) for record in (patient_id, other))
        if kept.pk == merged.pk:
            raise SamePatient
        preview = preview_merge(kept=kept, merged=merged, now=now())
        return Response(MergePreviewOutput(preview, context={"request": request}).data)


class MergeView(APIView):
    """Merge another record into this one."""

    permission_classes = (IsFrontDesk,)

    @operation(summary="Get the merge that can be undone", responses=LatestMergeOutput)
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        """The latest merge into this record, if it can still be undone; else null."""
        patient = open_patient(patient_id=patient_id, by=signed_in_user(request))
        return Response(LatestMergeOutput({"merge": undoable_merge(patient, now=now())}).data)

    @operation(
        summary="Merge two patient records",
        success=_("The records are merged."),
        request=MergeInput,
        responses=MergeOutput,
        errors=[
            SamePatient, AlreadyMerged, OtherHasAccount, TwoAccounts, StaffAccount, AppointmentsOverlap,
        ],
    )  # fmt: skip
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        """Move everything of the other record to this one.

        The id of the other record leads to this one from then on. It can be undone within a day.
        """
        data = validate(MergeInput, request.data)
        try:
            merge = merge_patients(
                kept_id=patient_id,
                merged_id=data["other"],
                from_merged=data["take"],
                closes_account=data["closes_account"],
                by=signed_in_user(request),
                now=now(),
            )
        except AppointmentsOverlap as error:
            raise AppointmentsOverlap({"overlapping": overlaps_output(error.data["pairs"])}) from error
        return Response(MergeOutput(merge).data)


class UndoMergeView(APIView):
    """Undo the latest merge."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Undo a merge of two patient records",
        success=_("The merge is undone."),
        request=None,
        responses=MergeOutput,
        errors=[MergeOver],
    )
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        """Undo the latest merge into this record, within a day. Bookings made since stay with this record."""
        if not Patient.objects.filter(pk=patient_id).exists():
            raise NotFound
        merge = undo_merge(kept_id=patient_id, by=signed_in_user(request), now=now())
        return Response(MergeOutput(merge).data)
