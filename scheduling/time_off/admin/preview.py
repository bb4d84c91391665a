"""The preview before time off is added: the affected appointments and the alternatives for each."""

import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from scheduling.hours.selectors import to_time_off_spec
from scheduling.models import TimeOff
from scheduling.patients.access_log import record_patients_listed
from scheduling.time_off.alternatives import (
    MAX_BOOKINGS_WITH_ALTERNATIVES,
    AffectedBooking,
    Alternative,
    preview_time_off,
)
from scheduling.time_off.decisions import Action, Decision, read_before_decisions
from tenants.accounts.audit.admin_mixins import admin_user
from tenants.base.clock import format_staff_time, now
from tenants.base.errors import InvalidInput

if TYPE_CHECKING:
    _Base = ModelAdmin[TimeOff]
else:
    _Base = object

_PREFIX = "booking-"
"""Field names on the page are this prefix and the booking's id."""


class TimeOffPreview(_Base):
    """Shows the appointments that a period of time off affects before it is added."""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Show the form, then the preview if appointments are affected, then add the time off."""
        is_sent = request.method == "POST" and self.has_add_permission(request)
        page = self._preview(request) if is_sent else None
        return page or super().add_view(request, form_url, extra_context)

    def _preview(self, request: HttpRequest) -> HttpResponse | None:
        """Return the preview, or None if it was seen, the form is invalid or no appointment is affected."""
        form: Any = self.get_form(request)(request.POST)
        by = admin_user(request)
        if not form.is_valid() or by is None:
            return None
        row = form.save(commit=False)
        if "seen" in request.POST:
            others = Action(form.cleaned_data["others"])
            with suppress(InvalidInput):  # refused when the time off is added
                chosen = submitted_decisions(request.POST.dict())
                read_before_decisions(chosen, others=others, doctor=row.doctor, now=now())
            return None
        affected = preview_time_off(row.doctor, to_time_off_spec(row), now=now())
        if not affected:
            return None
        listed, action = affected[:MAX_BOOKINGS_WITH_ALTERNATIVES], Action(form.cleaned_data["others"])
        record_patients_listed(
            patients=[affected_booking.booking.patient for affected_booking in listed], by=by
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Appointments affected by this time off"),
            "form": form,
            "owner": row.doctor or _("the whole clinic"),
            "rows": [decision_row(affected_booking, action) for affected_booking in listed],
            "more": len(affected) - len(listed),
            "rest": dict(form.fields["others"].choices)[action.value],
        }
        return TemplateResponse(request, "scheduling/time_off_preview.html", context)


def decision_row(affected_booking: AffectedBooking, action: Action) -> dict[str, Any]:
    """Return a booking with its choices; the action chosen for all bookings is selected."""
    booking, alternatives = affected_booking.booking, affected_booking.alternatives or []
    choices = [(Action.KEEP.value, _("Keep it. Staff will contact the patient."))]
    choices += [
        (str(alternative.slot.pk), _move_label(alternative, booking.doctor_id))
        for alternative in alternatives
    ]
    choices += [(Action.CANCEL.value, _("Cancel it"))]
    best = str(alternatives[0].slot.pk) if alternatives else Action.KEEP.value
    return {
        "booking": booking,
        "when": format_staff_time(booking.starts_at),
        "name": f"{_PREFIX}{booking.pk}",
        "choices": choices,
        "chosen": best if action == Action.MOVE else action.value,
    }


def _move_label(alternative: Alternative, doctor_id: uuid.UUID) -> str:
    """Return the label of an alternative: its time, its doctor if it is another one, and its place."""
    slot = alternative.slot
    parts = [format_staff_time(slot.starts_at)]
    parts += [slot.doctor.display_name] if slot.doctor_id != doctor_id else []
    parts += [slot.place.name] if slot.place else []
    return _("Move it to %(time)s") % {"time": ", ".join(parts)}


def submitted_decisions(post_data: dict[str, str]) -> dict[uuid.UUID, Decision]:
    """Return the decision for each booking on the page.

    :raises InvalidInput: the data was not sent by the page
    """
    try:
        return {
            uuid.UUID(name.removeprefix(_PREFIX)): _decision(value)
            for name, value in post_data.items()
            if name.startswith(_PREFIX)
        }
    except ValueError as error:
        raise InvalidInput(errors={"others": [_("Choose one of the options.")]}) from error


def _decision(value: str) -> Decision:
    """Return the decision for a submitted value: an action, or the id of the slot to move to."""
    if value in {Action.KEEP, Action.CANCEL}:
        return Decision(Action(value))
    return Decision(Action.MOVE, slot_id=uuid.UUID(value))
