"""What a patient has typed for a booking that is not made yet: in the browser's session, for an hour.

It is health data, so it is in no URL and no cookie. The session is a row of the clinic's own schema.
"""

import uuid
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from clinics.models import Patient
from scheduling.models import Booking
from tenants.accounts.models import User

_KEY = "booking draft"
_BOOKED = "booked slot"
_LIFETIME = timedelta(hours=1)


@dataclass(slots=True)
class Draft:
    """The answers of the details step."""

    reason: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    patient: str | None = None
    """The id of a dependant; "" for the user; None before they have chosen."""
    person: dict[str, str] = field(default_factory=dict)
    """What a newcomer has entered about themselves: `first_name`, `last_name`, `email` and others."""
    owner: str = ""
    """The id of the user to whom the draft belongs; "" before a sign-in."""
    is_new: bool = True
    """Whether the web app has not read it yet."""

    @property
    def for_web_app(self) -> dict[str, Any]:
        """The drafts as the web app stores them (`booking-draft.ts` and `newcomer-draft.ts`)."""
        patient = {} if self.patient is None else {"patient": self.patient or None}
        booking = {"reason": self.reason, "answers": self.answers, **patient}
        return {"booking": booking, **({"newcomer": self.person} if self.person else {})}


def read_draft(request: HttpRequest, user: User | None) -> Draft:
    """Return the draft of the browser's session; an empty one if there is none or it is another user's.

    A draft from before a sign-in belongs to the first user who reads it. After that user has signed out,
    nobody else at a shared computer can read it.
    """
    stored = request.session.get(_KEY)
    draft = Draft(**stored) if stored else Draft(is_new=False)
    reader = str(user.pk) if user else ""
    if draft.owner and draft.owner != reader:
        return Draft(is_new=False)
    if stored and draft.owner != reader:
        draft.person = {}  # the account has the details now
        save_draft(request, draft, user)
    return draft


def save_draft(request: HttpRequest, draft: Draft, user: User | None) -> None:
    """Store the draft. Without a sign-in to the admin, the session ends an hour later."""
    draft.owner = str(user.pk) if user else ""
    request.session[_KEY] = asdict(draft)
    if SESSION_KEY not in request.session:
        request.session.set_expiry(_LIFETIME)


def boot_with_draft(request: HttpRequest, draft: Draft, user: User | None) -> dict[str, Any]:
    """Return the draft for the web app. It is sent once, because the web app may change it afterwards."""
    if not draft.is_new:
        return {}
    draft.is_new = False
    save_draft(request, draft, user)
    return {"drafts": draft.for_web_app}


def finish_draft(request: HttpRequest, *, slot_id: uuid.UUID, booking_id: str) -> None:
    """Delete the draft after the booking is made, and store which booking the slot became."""
    request.session.pop(_KEY, None)
    request.session[_BOOKED] = {str(slot_id): booking_id}


def booking_made_of(request: HttpRequest, slot_id: uuid.UUID, user: User) -> str | None:
    """Return the id of the booking that was just made of a slot, for a user who goes back to the form.

    None if it has been cancelled or moved since, or is another user's.
    """
    booked = request.session.get(_BOOKED, {}).get(str(slot_id))
    rows = Booking.objects.booked().exclude(status=Booking.Status.CANCELLED)
    own = rows.filter(pk=booked, slot=slot_id, patient__in=Patient.objects.of_user(user))
    return booked if booked and own.exists() else None
