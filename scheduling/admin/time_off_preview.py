"""Before time off is given: whom it hits, and what becomes of each appointment."""

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from scheduling.admin.slots import on_the_wall
from scheduling.models import TimeOff
from scheduling.selectors.hours import as_off
from scheduling.selectors.instead import LOOKED_FOR, Hit, Instead, preview_of
from scheduling.services.reading import patients_listed
from scheduling.services.time_off import Action, Decision
from tenants.accounts.audited_admin import staff_of
from tenants.base.clock import now
from tenants.base.errors import InvalidInput

if TYPE_CHECKING:
    _Base = ModelAdmin[TimeOff]
else:
    _Base = object

DECIDED = "booking-"
"""How the names of the page's fields begin; a booking's key follows."""


class PreviewsTimeOff(_Base):
    """Shows which appointments a time off would hit, with what could be had instead, and then gives it."""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form; then, where anybody is hit, the page that says whom."""
        asked = request.method == "POST" and "seen" not in request.POST
        page = self.preview(request) if asked and self.has_add_permission(request) else None
        return page or super().add_view(request, form_url, extra_context)

    def preview(self, request: HttpRequest) -> HttpResponse | None:
        """Whom what was typed would hit; None: nobody, or it is no time off."""
        form: Any = self.get_form(request)(request.POST)
        by = staff_of(request)
        if not form.is_valid() or by is None:
            return None
        row = form.save(commit=False)
        hits = preview_of(row.doctor, as_off(row), now=now())
        if not hits:
            return None
        listed, wanted = hits[:LOOKED_FOR], Action(form.cleaned_data["others"])
        patients_listed(patients=[hit.booking.patient for hit in listed], by=by)
        shown = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Who has an appointment then"),
            "form": form,
            "whose": row.doctor or _("the whole clinic"),
            "rows": [row_of(hit, wanted) for hit in listed],
            "more": len(hits) - len(listed),
            "rest": dict(form.fields["others"].choices)[wanted.value],
        }
        return TemplateResponse(request, "scheduling/time_off_preview.html", shown)


def row_of(hit: Hit, wanted: Action) -> dict[str, Any]:
    """A booking with what can become of it; chosen is what was said about all."""
    booking, found = hit.booking, hit.alternatives or []
    choices = [(Action.KEEP.value, _("stays, and I see to it"))]
    choices += [(str(each.slot.pk), in_words(each, booking.doctor_id)) for each in found]
    choices += [(Action.CANCEL.value, _("is cancelled"))]
    best = str(found[0].slot.pk) if found else Action.KEEP.value
    return {
        "booking": booking,
        "when": on_the_wall(booking.starts_at),
        "name": f"{DECIDED}{booking.pk}",
        "choices": choices,
        "chosen": best if wanted == Action.MOVE else wanted.value,
    }


def in_words(instead: Instead, doctor_id: uuid.UUID) -> str:
    """Where it moves: when, and with whom and where if that is not the same."""
    slot = instead.slot
    parts = [on_the_wall(slot.starts_at)]
    parts += [slot.doctor.name] if slot.doctor_id != doctor_id else []
    parts += [slot.place.name] if slot.place else []
    return _("moves to %(time)s") % {"time": ", ".join(parts)}


def decisions_in(sent: dict[str, str]) -> dict[uuid.UUID, Decision]:
    """What the page says is to become of which booking.

    :raises InvalidInput: it was not sent by the page
    """
    try:
        return {
            uuid.UUID(name.removeprefix(DECIDED)): decision_of(value)
            for name, value in sent.items()
            if name.startswith(DECIDED)
        }
    except ValueError as error:
        raise InvalidInput(errors={"others": [_("Choose one of what is offered.")]}) from error


def decision_of(value: str) -> Decision:
    """A choice of the page: one of the actions, or the slot to move to."""
    if value in {Action.KEEP, Action.CANCEL}:
        return Decision(Action(value))
    return Decision(Action.MOVE, slot_id=uuid.UUID(value))
