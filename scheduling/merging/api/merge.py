"""`portal/patients/<id>/merge/`: merge another record of the same person into this one, and undo it."""

import uuid

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

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
from tenants.base.operations import operation
from tenants.base.requests import validate


class MergePreviewView(APIView):
    """Preview a merge."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Preview a merge of two patient records",
        request=OtherRecordInput,
        responses=MergePreviewOutput,
        success=_("This is a preview. Nothing has been changed."),
        errors=[SamePatient],
    )
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        """Return both records, the data that would move, and the carers who would gain or lose access."""
        user = signed_in_user(request)
        other = validate(OtherRecordInput, request.data)["other"]
        survivor, merged = (open_patient(patient_id=record, by=user) for record in (patient_id, other))
        if survivor.pk == merged.pk:
            raise SamePatient
        preview = preview_merge(survivor=survivor, merged=merged, now=now())
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
        """Move all data of the other record to this one.

        Requests for the other record return this one afterwards. The merge can be undone within a day.
        """
        data = validate(MergeInput, request.data)
        try:
            merge = merge_patients(
                survivor_id=patient_id,
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
        """Undo the latest merge into this record, within a day. Later bookings remain with this record."""
        merge = undo_merge(survivor_id=patient_id, by=signed_in_user(request), now=now())
        return Response(MergeOutput(merge).data)
