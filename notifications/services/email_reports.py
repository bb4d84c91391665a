"""Record what a mail service reports about emails, and hold emails to addresses that refuse them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from notifications.models import Channel, EmailReport, Message
from notifications.services.ledger import note_failed_delivery, release
from notifications.services.preferences import unsubscribe_from_all
from tenants.accounts.models import User
from tenants.accounts.undeliverable import hold_emails, users_with_address

Kind = EmailReport.Kind
_PROBLEMS = {Kind.BOUNCED: User.EmailProblem.BOUNCED, Kind.COMPLAINT: User.EmailProblem.COMPLAINT}
_ENDS_OPTIONAL_EMAILS = {Kind.COMPLAINT, Kind.UNSUBSCRIBED}
_RELEASED = [Message.Parked.UNDELIVERABLE, Message.Parked.COMPLAINT, Message.Parked.BAD_ADDRESS]
"""Reasons for parking a message that end when the address is corrected or confirmed."""
_MAX_ANSWER = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a mail service about one email to one address."""

    kind: EmailReport.Kind
    email: str
    message_id: uuid.UUID | None
    """The id of the `Message`, or of another row that the email was about."""
    provider_id: str
    answer: str
    happened_at: datetime
    digest: str


@transaction.atomic
def record_report(report: Report) -> int:
    """Store a report, and hold further emails to an address that was returned or whose reader complained.

    A complaint or an unsubscription also switches optional emails off. A report that was stored before has no
    effect, so that it may be received twice and in any order.

    :return: the number of accounts with the address for which it is new
    """
    users = users_with_address(report.email)
    message = _message(report)
    new = [user for user in users if _store(report, user=user, message=message)]
    if problem := _PROBLEMS.get(report.kind):
        hold_emails(users=new, problem=problem, happened_at=report.happened_at)
    if report.kind == Kind.BOUNCED and message is not None and new:
        note_failed_delivery(message, error=report.answer, now=report.happened_at)
    if report.kind in _ENDS_OPTIONAL_EMAILS:
        for user in new:
            unsubscribe_from_all(user=user)
    log.info("email_report", kind=report.kind.value, accounts=len(new), message=str(message and message.pk))
    return len(new)


def release_held_messages(*, user: User, now: datetime) -> int:
    """Plan the emails again that were parked because of the user's address. Outdated ones are then dropped.

    :return: how many
    """
    parked = Message.objects.filter(
        recipient=user,
        channel=Channel.EMAIL,
        status=Message.Status.PARKED,
        parked_because__in=_RELEASED,
    )
    return sum(release(message, now=now) for message in parked)


def _message(report: Report) -> Message | None:
    """Return the message that a report is about, if the email was one."""
    if report.message_id is not None:
        return Message.objects.filter(pk=report.message_id).first()
    if report.provider_id:
        return Message.objects.filter(provider_id=report.provider_id).first()
    return None


def _store(report: Report, *, user: User, message: Message | None) -> bool:
    """Store the report for an account. Return False if it was stored before."""
    row = EmailReport(
        user=user,
        message=message if message and message.recipient_id == user.pk else None,
        kind=report.kind,
        email=user.email,
        answer=report.answer[:_MAX_ANSWER],
        happened_at=report.happened_at,
        digest=report.digest,
    )
    EmailReport.objects.bulk_create([row], ignore_conflicts=True)
    return EmailReport.objects.filter(pk=row.pk).exists()
