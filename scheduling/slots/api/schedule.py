"""`appointments/my-appointments/`, `availability/` and `slots/{id}/`: a doctor's slots."""

import uuid
from typing import Any

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.selectors import get_doctor
from scheduling.availability.api.outputs import SlotOutput
from scheduling.calendar.local_times import clinic_day
from scheduling.errors import SlotBooked, SlotDuringTimeOff, SlotOverlaps, SlotStarted
from scheduling.models import Slot
from scheduling.models.slots import bookings_taking_slot
from scheduling.patients.access_log import record_patients_listed
from scheduling.slots.api.inputs import OneSlotInput, ScheduleFilters, SeveralSlotsInput, SlotInput
from scheduling.slots.api.outputs import ScheduledSlotOutput
from scheduling.slots.selectors import doctor_schedule, editable_slots, removed_slots, with_bookings
from scheduling.slots.services import add_slots, change_slot, periods_of_day, restore_slot, withdraw_slot
from tenants.accounts.permissions import IsDoctor, IsDoctorOrAdmin, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


class MyAppointmentsView(ListAPIView[Slot]):
    """The signed-in doctor's slots with their bookings."""

    permission_classes = (IsDoctor,)
    serializer_class = ScheduledSlotOutput

    def get_queryset(self) -> QuerySet[Slot]:
        """The slots of the requested days; today's by default."""
        filters = validate(ScheduleFilters, query_params(self.request))
        first = filters.get("from") or min(clinic_day(now()), filters.get("to") or clinic_day(now()))
        status = filters.get("status")
        slots = doctor_schedule(
            get_doctor(signed_in_user(self.request)),
            first=first,
            last=filters.get("to") or first,
            removed=status == "removed",
        )
        match status:
            case None | "removed":
                return slots
            case "booked" | "held" as state:
                is_booked = Exists(bookings_taking_slot(now()).filter(only_held=False))
                taken = slots.filter(Exists(bookings_taking_slot(now())))
                return taken.filter(is_booked) if state == "booked" else taken.exclude(is_booked)
            case state:
                return slots.untaken(now=now()).filter(status=state)

    def paginate_queryset(self, queryset: Any) -> Any:
        """One page of slots. Writes the patients on it to the access log: those of bookings, not of holds."""
        page = with_bookings(super().paginate_queryset(queryset) or [], now=now())
        patients = [booking.patient for slot in page for booking in slot.taken_by if not booking.only_held]
        record_patients_listed(patients=patients, by=signed_in_user(self.request))
        return page

    @operation(summary="List your schedule", parameters=[ScheduleFilters])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The signed-in doctor's slots of one or more days, each with its booking.

        A time that somebody holds while booking it is `held`, without the person's name.
        """
        return super().get(request, *args, **kwargs)


class AvailabilityView(APIView):
    """Add slots outside the working hours."""

    permission_classes = (IsDoctor,)

    @operation(
        summary="Add slots",
        request=PolymorphicProxySerializer(
            component_name="AvailabilityInput",
            serializers=[OneSlotInput, SeveralSlotsInput],
            resource_type_field_name=None,
        ),
        responses={201: SlotOutput(many=True)},
        success=_("Slots added."),
        errors=[SlotStarted, SlotOverlaps, SlotDuringTimeOff],
    )
    def post(self, request: Request) -> Response:
        """Add slots to the signed-in doctor's schedule, in addition to those of the working hours.

        Send `starts_at` and `ends_at` for one slot, or `date`, `from`, `to` and `slot_minutes` for as many
        slots as fit. They are required in the chosen form. A slot within time off of the doctor or the clinic
        is refused unless `during_time_off` is true.
        """
        doctor = get_doctor(signed_in_user(request))
        if isinstance(request.data, dict) and "date" in request.data:
            data = validate(SeveralSlotsInput, request.data)
            periods = periods_of_day(
                day=data["date"], interval=(data["from"], data["to"]), slot_minutes=data["slot_minutes"]
            )
        else:
            data = validate(OneSlotInput, request.data)
            periods = [(data["starts_at"], data["ends_at"])]
        slots = add_slots(
            doctor=doctor,
            periods=periods,
            during_time_off=data["during_time_off"],
            by=signed_in_user(request),
            now=now(),
        )
        return Response(SlotOutput(slots, many=True).data, status=status.HTTP_201_CREATED)


class SlotView(APIView):
    """Change or remove a slot."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Replace a slot",
        request=SlotInput,
        responses=SlotOutput,
        success=_("Slot changed."),
        errors=[SlotBooked, SlotStarted, SlotOverlaps, SlotDuringTimeOff],
    )
    def put(self, request: Request, slot_id: uuid.UUID) -> Response:
        """Replace start and end of a slot. A booked slot cannot be changed.

        A slot that would be offered within time off needs `during_time_off`.
        """
        return self._change(request, slot_id, partial=False)

    @operation(
        summary="Change a slot",
        request=SlotInput(partial=True),
        responses=SlotOutput,
        success=_("Slot changed."),
        errors=[SlotBooked, SlotStarted, SlotOverlaps, SlotDuringTimeOff],
    )
    def patch(self, request: Request, slot_id: uuid.UUID) -> Response:
        """Move a slot, or switch it between `free` and `blocked`. A booked slot cannot be changed.

        A slot that would be offered within time off needs `during_time_off`. A slot outside the doctor's
        current hours is not offered when it is set free.
        """
        return self._change(request, slot_id, partial=True)

    @operation(
        summary="Remove a slot", responses={200: None}, success=_("Slot removed."), errors=[SlotBooked]
    )
    def delete(self, request: Request, slot_id: uuid.UUID) -> Response:
        """Remove a slot. A booked slot cannot be removed.

        Its time stays without slots, also if the length of the slots changes, until it is restored.
        """
        withdraw_slot(slot=self._slot(request, slot_id), by=signed_in_user(request), now=now())
        return Response(None)

    def _change(self, request: Request, slot_id: uuid.UUID, *, partial: bool) -> Response:
        data = validate(SlotInput, request.data, partial=partial)
        slot = change_slot(slot=self._slot(request, slot_id), by=signed_in_user(request), now=now(), **data)
        return Response(SlotOutput(slot).data)

    def _slot(self, request: Request, slot_id: uuid.UUID) -> Slot:
        slot = editable_slots(signed_in_user(request)).filter(pk=slot_id).first()
        if slot is None:
            raise NotFound
        return slot


class RestoreSlotView(APIView):
    """Offer a removed period again."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Restore a removed slot",
        request=None,
        responses=SlotOutput(many=True),
        success=_("This time is offered again."),
        errors=[SlotStarted, SlotOverlaps],
    )
    def post(self, request: Request, slot_id: uuid.UUID) -> Response:
        """Offer a removed period again, and return the slots that are now offered in it.

        `appointments/my-appointments/?status=removed` lists the removed periods. The list that is returned is
        empty if the doctor's hours no longer cover the period.
        """
        user = signed_in_user(request)
        slot = removed_slots(user).filter(pk=slot_id).first()
        if slot is None:
            raise NotFound
        return Response(SlotOutput(restore_slot(slot=slot, by=user, now=now()), many=True).data)
