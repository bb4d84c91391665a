"""What staff do with messages in the ledger: send again, cancel, release, and read the text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Max, Q

from clinics.models import Patient
from notifications.models import EmailReport, Message, MessageQuerySet
from notifications.rendering import content_of
from notifications.services.ledger import drop_all, plan_all, release
from notifications.services.timing import earliest_due
from notifications.services.validity import reason_not_to_send
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User

_SAME_MESSAGE = ("booking", "version", "kind", "about_on", "offset_minutes", "recipient", "channel")
"""The fields that a message has in common with those that staff sent again."""


@dataclass(frozen=True, slots=True)
class Resent:
    """The result of sending messages again."""

    planned: int
    refused: list[str]
    """For each message that was not planned, the reason (`Message.NotSent`)."""


@transaction.atomic
def resend(*, messages: Iterable[Message], by: User, now: datetime) -> Resent:
    """Send messages again that were sent before, each as a new message with its own Message-ID.

    With the same Message-ID, many mail programs would show only the first one. Messages that are outdated, or
    that the recipient does not want, are not sent again. Calling it twice at once plans each message once.
    """
    copies, originals, refused = [], [], []
    for message in messages:
        if message.status != Message.Status.SENT:
            continue
        if reason := reason_not_to_send(message, now=now):
            refused.append(reason)
            continue
        originals.append(message)
        copies.append(_copy(message, now=now))
    planned = plan_all(copies)
    write_audit_entries(what=AuditAction.CHANGED, by=by, about=originals, note="sent again")
    return Resent(planned=len(planned), refused=refused)


def _copy(message: Message, *, now: datetime) -> Message:
    """Return a new message like one that was sent."""
    same = {field: getattr(message, field) for field in _SAME_MESSAGE}
    last = Message.objects.filter(**same).aggregate(Max("repeat"))["repeat__max"] or 0
    copy = Message(pk=uuid4(), **same, event=message.event, repeat=last + 1, not_after=message.not_after)
    copy.due_at = earliest_due(message, now=now)
    return copy


@transaction.atomic
def cancel_messages(*, messages: MessageQuerySet, by: User, now: datetime) -> int:
    """Cancel those of the messages that are planned or parked. Return how many."""
    cancellable = messages.filter(status__in=[Message.Status.PLANNED, Message.Status.PARKED])
    waiting = list(cancellable.order_by("pk").select_for_update(of=("self",)))
    write_audit_entries(what=AuditAction.CANCELLED, by=by, about=waiting)
    rows: MessageQuerySet = Message.objects.filter(pk__in=[message.pk for message in waiting])
    return drop_all(rows, because=Message.NotSent.BY_STAFF, now=now)


@transaction.atomic
def release_messages(*, messages: Iterable[Message], by: User, now: datetime) -> int:
    """Plan parked messages again, to be sent now. Return how many."""
    released = [message for message in messages if release(message, now=now)]
    write_audit_entries(what=AuditAction.CHANGED, by=by, about=released, note="released")
    return len(released)


@dataclass(frozen=True, slots=True)
class ShownText:
    """The subject and text of a message, for staff."""

    subject: str
    text: str
    is_as_sent: bool
    """Whether it is the stored text of a sent message. Otherwise it is made from the current state."""


def shown_text(message: Message) -> ShownText | None:
    """Return the text of a message: as it was sent, or else as it would be now; None if it cannot be made.

    Making a text can have effects, such as a new link to confirm an address. They are rolled back.
    """
    if message.text:
        return ShownText(message.subject, message.text, is_as_sent=True)
    try:
        with transaction.atomic():
            content_of(message)
            transaction.set_rollback(True)
    except Exception:  # whatever keeps a text from being made, the page is shown
        return None
    return ShownText(message.subject, message.text, is_as_sent=False)


def delete_texts(messages: MessageQuerySet) -> int:
    """Delete the stored texts and errors of messages. Return how many messages had one."""
    keys = list(messages.exclude(subject="", text="", last_error="").values_list("pk", flat=True))
    return int(Message.objects.filter(pk__in=keys).update(subject="", text="", last_error=""))


def delete_texts_of_patients(patients: Sequence[Patient]) -> int:
    """Delete the texts of messages to patients, and of messages about their bookings to others."""
    about = Q(booking__patient__in=patients) | Q(included__booking__patient__in=patients)
    return delete_texts(Message.objects.filter(about | Q(recipient__patient__in=patients)))


def delete_old_texts(*, now: datetime, keep: timedelta) -> int:
    """Delete the texts of messages that were sent longer ago than `keep`. Return how many.

    Older reports of mail services are deleted too. What follows from them is stored with the account.
    """
    EmailReport.objects.filter(happened_at__lt=now - keep).delete()
    return delete_texts(Message.objects.filter(sent_at__lt=now - keep))
