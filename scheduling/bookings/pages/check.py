"""The step in which a patient checks the answers and confirms the booking."""

import uuid
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.models import Patient
from clinics.selectors import dependants_of, get_patient
from scheduling.bookings.api.bookings import book_as_requested
from scheduling.bookings.api.inputs import BookingInput
from scheduling.bookings.pages.draft import (
    Draft,
    booking_made_of,
    boot_with_draft,
    finish_draft,
    read_draft,
)
from scheduling.bookings.pages.plan import Plan, booked_path, find_plan, taken_page
from scheduling.errors import HoldExpired
from scheduling.visit_types.intake_answers import answer_label
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther
from tenants.accounts.pages.patient_page import patient_page
from tenants.base.errors import DomainError
from tenants.base.requests import validate
from tenants.phone_numbers import format_phone

_TAKEN = {"slot_taken", "time_withdrawn"}


@patient_page(post=True)
def check_page(request: HttpRequest, user: User, slot_id: uuid.UUID) -> HttpResponse:
    """Show what is about to be booked, and book it."""
    if booking := booking_made_of(request, slot_id, user):
        return SeeOther(booked_path(booking))
    plan, draft = find_plan(request, slot_id, user), read_draft(request, user)
    dependants = list(dependants_of(user))
    if plan.choice.must_choose or _is_incomplete(plan, draft, dependants):
        return SeeOther(plan.step_path("details"))
    error: DomainError | None = None
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
        "phone": format_phone(user.phone) if user.phone else "",
        "draft": draft,
        "answers": [
            (one["text"], answer_label(draft.answers.get(str(one["id"]), ""))) for one in plan.questions
        ],
        "patient": patient,
        "has_dependants": bool(dependants),
        "key": str(uuid.uuid4()),
        "hold": _hold_of(plan, draft, user),
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


def _book(request: HttpRequest, plan: Plan, draft: Draft, user: User) -> HttpResponse:
    """Book the time and redirect to the page of the appointment.

    A repeated request, such as a second click, has the same key and hold, and redirects to the same
    appointment.

    :raises DomainError: it cannot be booked
    """
    key = f"page {request.POST.get('key', '')[:36]}" if request.POST.get("key") else ""
    order = _order(plan, draft)
    if hold := request.POST.get("hold"):
        with suppress(HoldExpired):
            return _booked(request, plan, _send(request, {"hold": hold, **order}, user, key=key))
    slot_key = f"{key} slot" if key else ""
    return _booked(request, plan, _send(request, {"slot": str(plan.slot_id), **order}, user, key=slot_key))


def _hold_of(plan: Plan, draft: Draft, user: User) -> str:
    """Return the id of the hold to confirm; "" if there is none for the chosen patient."""
    patient = draft.patient or str(get_patient(user).pk)
    return str(plan.hold["id"]) if plan.hold and str(plan.hold["patient"]["id"]) == patient else ""


def _order(plan: Plan, draft: Draft) -> dict[str, Any]:
    return {
        "reason": draft.reason,
        **({"visit_type": plan.choice.chosen_id, "answers": draft.answers} if plan.visit_type else {}),
        **({"patient": draft.patient} if draft.patient else {}),
    }


def _send(request: HttpRequest, order: dict[str, Any], user: User, *, key: str) -> dict[str, Any]:
    return book_as_requested(request, validate(BookingInput, order), by=user, key=key)


def _booked(request: HttpRequest, plan: Plan, booking: dict[str, Any]) -> HttpResponse:
    finish_draft(request, slot_id=plan.slot_id, booking_id=str(booking["id"]))
    return SeeOther(booked_path(str(booking["id"])))
