"""The step in which a patient checks the answers and confirms the booking."""

import uuid
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.models import Patient
from clinics.selectors import dependants_of
from scheduling.bookings.api.bookings import book_as_requested
from scheduling.bookings.api.inputs import BookingInput
from scheduling.bookings.create import requested_patient, requested_visit_type
from scheduling.bookings.hold import hold_slot
from scheduling.bookings.pages.draft import Draft, boot_with_draft, delete_draft, read_draft
from scheduling.bookings.pages.plan import Plan, find_plan, taken_page
from scheduling.errors import HoldExpired
from scheduling.outside_calendars.before_booking import read_before_booking
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther
from tenants.accounts.pages.patient_page import patient_page
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.requests import validate
from tenants.phone_numbers import readable_phone

_TAKEN = {"slot_taken", "time_withdrawn"}


@patient_page(post=True)
def check_page(request: HttpRequest, user: User, slot_id: uuid.UUID) -> HttpResponse:
    """Show what is about to be booked, and book it."""
    plan, draft = find_plan(request, slot_id, user), read_draft(request, user)
    dependants = list(dependants_of(user))
    if plan.choice.must_choose or _is_incomplete(plan, draft, dependants):
        return SeeOther(plan.step_path("details"))
    error: DomainError | None = None
    if "again" in request.POST:
        return _hold_again(request, plan, draft, user)
    if request.method == "POST":
        try:
            return _book(request, plan, draft, user)
        except DomainError as refusal:
            error = refusal
    if error is not None and error.code in _TAKEN:
        return taken_page(request, plan, step="check", error=error)
    if plan.slot is None and error is None:
        return taken_page(request, plan, step="check")
    patient = next((one for one in dependants if str(one.pk) == draft.patient), None)
    context = {
        **plan.context,
        "user": user,
        "phone": readable_phone(user.phone),
        "draft": draft,
        "answers": [(question["text"], draft.answers.get(str(question["id"]), "")) for question in plan.questions],
        "patient": patient,
        "has_dependants": bool(dependants),
        "key": request.POST.get("key") or str(uuid.uuid4()),
        "error": error,
        "boot": boot_with_draft(request, draft, user),
    }
    return render(request, "scheduling/pages/check.html", context, status=error.status if error else 200)


def _is_incomplete(plan: Plan, draft: Draft, dependants: list[Patient]) -> bool:
    """Return whether the details step has to be filled in first, for example after another user signed in."""
    if dependants and draft.patient not in {"", *(str(one.pk) for one in dependants)}:
        return True
    return any(
        question["is_required"] and not draft.answers.get(str(question["id"])) for question in plan.questions
    )


def _hold_again(request: HttpRequest, plan: Plan, draft: Draft, user: User) -> HttpResponse:
    """Hold the time, which is not held yet or not any more. If that fails, the page shows why."""
    with suppress(DomainError):
        read_before_booking(slots=[plan.slot_id], now=now())
        hold_slot(
            slot_id=plan.slot_id,
            patient=requested_patient(user, uuid.UUID(draft.patient) if draft.patient else None),
            by=user,
            visit_type=requested_visit_type(user, _visit_type_id(plan)),
            now=now(),
        )
    return SeeOther(plan.step_path("check"))


def _visit_type_id(plan: Plan) -> uuid.UUID | None:
    return uuid.UUID(plan.choice.chosen_id) if plan.choice.chosen_id else None


def _book(request: HttpRequest, plan: Plan, draft: Draft, user: User) -> HttpResponse:
    """Book the time and lead to the page of the appointment.

    A repeated request, such as a second click, leads to the same appointment.

    :raises DomainError: it cannot be booked
    """
    key = f"page {request.POST.get('key', '')[:36]}" if request.POST.get("key") else ""
    order = {"slot": str(plan.slot_id), **_order(plan, draft)}
    if plan.hold and str(plan.hold["patient"]["id"]) == _patient_id(draft, user):
        with suppress(HoldExpired):
            booking = _send(request, {"hold": plan.hold["id"], **_order(plan, draft)}, user, key=key)
            return _booked(request, booking)
    return _booked(request, _send(request, order, user, key=f"{key} slot" if key else ""))


def _order(plan: Plan, draft: Draft) -> dict[str, Any]:
    return {
        "reason": draft.reason,
        **({"visit_type": plan.choice.chosen_id, "answers": draft.answers} if plan.visit_type else {}),
        **({"patient": draft.patient} if draft.patient else {}),
    }


def _patient_id(draft: Draft, user: User) -> str:
    return draft.patient or str(requested_patient(user, None).pk)


def _send(request: HttpRequest, order: dict[str, Any], user: User, *, key: str) -> dict[str, Any]:
    return book_as_requested(request, validate(BookingInput, order), by=user, key=key)


def _booked(request: HttpRequest, booking: dict[str, Any]) -> HttpResponse:
    delete_draft(request)
    return SeeOther(f"/appointments/{booking['id']}?booked")
