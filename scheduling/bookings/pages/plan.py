"""The time, doctor and visit type of the steps of a booking, as the URL names them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.models import Patient
from clinics.pages.visit_types import VisitTypeChoice, visit_type_choice
from scheduling.availability.api.outputs import DoctorOutput
from scheduling.availability.doctor_search import visible_doctor
from scheduling.availability.nearest import WantedTime, nearest_to
from scheduling.availability.pages.times import DoctorChoice, find_open_slots, waiting_target
from scheduling.bookings.api.outputs import HoldOutput
from scheduling.bookings.create import requested_patient, requested_visit_type
from scheduling.bookings.hold import hold_slot
from scheduling.bookings.newcomer_cookie import hold_for_request, records_of
from scheduling.models import Booking
from scheduling.outside_calendars.before_booking import read_before_booking
from tenants.accounts.models import User
from tenants.base.clock import local_time, now
from tenants.base.errors import DomainError, NotFound
from tenants.base.paths import with_query
from tenants.base.words import clock_time
from tenants.current import current_clinic


@dataclass(frozen=True, slots=True)
class Plan:
    """What is about to be booked. All parts are as the API describes them."""

    slot_id: uuid.UUID
    slot: dict[str, Any] | None
    """None if the time is taken."""
    doctor: dict[str, Any]
    choice: VisitTypeChoice
    day: date
    """The day in the URL, in the time zone of the place."""
    hold: dict[str, Any] | None
    """The hold of the user or of somebody they care for, or of a visitor who is not signed in."""

    @property
    def visit_type(self) -> dict[str, Any] | None:
        """The chosen visit type, if the clinic has any."""
        return self.choice.chosen

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The questions of the visit type."""
        return self.visit_type["questions"] if self.visit_type else []

    def step_path(self, step: str, slot: dict[str, Any] | None = None) -> str:
        """Return the path of a step, `details`, `code` or `check`, for this time or another one."""
        found = slot or self.slot or {"id": str(self.slot_id), "doctor": self.doctor["id"], "local_date": ""}
        return step_path(found, step=step, visit_type=self.choice.chosen_id)

    @property
    def times_path(self) -> str:
        """The path of the doctor's times, with this one chosen."""
        path = f"/doctors/{self.doctor['id']}"
        chosen = {"from_": self.slot["local_date"], "slot": self.slot["id"]} if self.slot else {}
        return with_query(path, visit_type=self.choice.chosen_id, **chosen)

    @property
    def held_until(self) -> str:
        """The end of the hold on the clinic's clock; "" without one."""
        if not self.hold:
            return ""
        return clock_time(local_time(self.hold["held_until_at"], current_clinic().zone).time)

    @property
    def context(self) -> dict[str, Any]:
        """The part of a page's context that shows the plan."""
        return {
            "plan": self,
            "details_path": self.step_path("details"),
            "check_path": self.step_path("check"),
            "times_path": self.times_path,
        }


def step_path(slot: Mapping[str, Any], *, step: str = "details", visit_type: str | None) -> str:
    """Return the path of a step of booking a slot: `details`, `code` or `check`.

    :param visit_type: the id of the visit type, if the clinic has any
    """
    path = f"/booking/{slot['id']}" + ("" if step == "details" else f"/{step}")
    return with_query(path, doctor=str(slot["doctor"]), date=str(slot["local_date"]), visit_type=visit_type)


def booked_path(booking_id: str) -> str:
    """Return the path of an appointment that was just booked."""
    return f"/appointments/{booking_id}?booked"


def find_plan(request: HttpRequest, slot_id: uuid.UUID, user: User | None) -> Plan:
    """Return what the URL says is to be booked.

    :raises NotFound: patients cannot find the doctor, or the URL names none
    """
    try:
        doctor_id = uuid.UUID(request.GET.get("doctor", ""))
        day = date.fromisoformat(request.GET.get("date", ""))
    except ValueError as error:
        raise NotFound from error
    doctor = DoctorOutput(visible_doctor(doctor_id, now=now())).data
    choice = visit_type_choice(request, doctor=doctor["id"])
    days = {"doctor": doctor["id"], "from": day.isoformat(), "to": day.isoformat()}
    open_slots = [] if choice.must_choose else find_open_slots({**days, "visit_type": choice.chosen_id})
    hold = _own_hold(slot_id, request, user)
    slot = next((slot for slot in open_slots if slot["id"] == str(slot_id)), None)
    return Plan(slot_id, slot or _slot_of_hold(hold), doctor, choice, day, hold)


def _own_hold(slot_id: uuid.UUID, request: HttpRequest, user: User | None) -> dict[str, Any] | None:
    """Return the user's hold of the slot, or that of a dependant; without a user, that of the browser."""
    own = Patient.objects.of_user(user) if user else records_of(request)
    holds = Booking.objects.shown().filter(
        slot=slot_id,
        status=Booking.Status.HELD,
        held_until__gt=now(),
        patient__in=own,
    )
    hold = holds.first()
    return {**HoldOutput(hold).data, "held_until_at": hold.held_until} if hold else None


def _slot_of_hold(hold: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the slot of a hold as in the list of open slots, from which it is missing."""
    if hold is None:
        return None
    place = hold["place"]["id"] if hold["place"] else None
    return {**hold, "id": str(hold["slot"]), "place": place, "doctor": str(hold["doctor"]["id"])}


def hold_time(
    request: HttpRequest,
    slot_id: uuid.UUID,
    *,
    by: User | None,
    visit_type: str | None,
    patient: str | None = None,
) -> Booking:
    """Hold a time for the user or a dependant, as the API does.

    :param by: None for a visitor who is not signed in. Pass the hold's patient to `remember_newcomer`
    :param visit_type: the id of the visit type; without it the clinic's default applies
    :param patient: the id of a dependant
    :raises DomainError: the time cannot be booked
    """
    try:
        visit_type_id = uuid.UUID(visit_type) if visit_type else None
    except ValueError as error:
        raise NotFound from error
    read_before_booking(slots=[slot_id], now=now())
    visit = requested_visit_type(by, visit_type_id)
    if by is None:
        return hold_for_request(request, slot_id=slot_id, visit_type=visit, now=now())
    return hold_slot(
        slot_id=slot_id,
        patient=requested_patient(by, uuid.UUID(patient) if patient else None),
        by=by,
        visit_type=visit,
        now=now(),
    )


def nearest_times(plan: Plan) -> list[dict[str, Any]]:
    """Return the open times nearest to a planned time that is taken."""
    visit_type = uuid.UUID(str(plan.choice.chosen_id)) if plan.choice.chosen_id else None
    wanted = WantedTime(plan.slot_id, uuid.UUID(plan.doctor["id"]), plan.day, visit_type)
    return nearest_to(wanted, now=now())


def taken_page(
    request: HttpRequest, plan: Plan, *, step: str, error: DomainError | None = None
) -> HttpResponse:
    """Return the page that says that the time is taken. It links the nearest times to the same step."""
    given = (error.data or {}).get("alternatives", []) if error else None
    nearest = nearest_times(plan) if given is None else given
    context = {
        **plan.context,
        "alternatives": [(slot, plan.step_path(step, slot)) for slot in nearest],
        "message": error.user_message if error and error.code == "time_withdrawn" else "",
        "all_times": with_query(f"/doctors/{plan.doctor['id']}", visit_type=plan.choice.chosen_id),
        "waiting": waiting_target(DoctorChoice(doctor=plan.doctor), plan.choice.chosen_id),
        "visit_type": plan.choice.chosen_id,
        "answers_saved": True,
    }
    status = error.status if error else 200
    return render(request, "scheduling/pages/slot_taken.html", context, status=status)
