"""`manage.py list_messages`: the messages of a clinic that are planned, were sent, or were not sent."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from notifications.models import Message
from notifications.selectors import messages_by_due_time
from scheduling.models import Booking
from tenants.current import enter_clinic
from tenants.models import Clinic

_COLUMNS = ("due_at", "status", "kind", "channel", "recipient", "booking", "sent_at", "last_error")


class Command(BaseCommand):
    """Print messages by the time when they are due. Times are in UTC. The text of a message is not shown."""

    help = "List the messages of a clinic, planned and sent, by the time when they are due (UTC)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--clinic`, `--booking` and `--json`."""
        parser.add_argument(
            "--clinic", required=True, metavar="SLUG", help="the clinic's address, such as riverside"
        )
        parser.add_argument("--booking", metavar="ID", help="only messages about this booking")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(
        self, *args: object, clinic: str, booking: str | None = None, json: bool = False, **options: object
    ) -> None:
        """Print the messages.

        :raises CommandError: the clinic or the booking does not exist
        """
        found = Clinic.objects.filter(slug=clinic).first()
        if found is None:
            raise CommandError(f"There is no clinic “{clinic}”.")
        with enter_clinic(found):
            messages = messages_by_due_time(booking=_get_booking(booking) if booking else None)
            rows = [_row(message) for message in messages]
        self.stdout.write(_as_json(rows) if json else _as_table(rows))


def _get_booking(key: str) -> Booking:
    """Return the booking with this id.

    :raises CommandError: there is none
    """
    try:
        return Booking.objects.get(pk=UUID(key))
    except (ValueError, Booking.DoesNotExist) as error:
        raise CommandError(f"There is no booking “{key}”.") from error


def _row(message: Message) -> dict[str, Any]:
    """Return what is printed of a message."""
    return {
        "id": str(message.pk),
        "kind": message.kind,
        "channel": message.channel,
        "booking": str(message.booking_id) if message.booking_id else None,
        "recipient": message.recipient.email,
        "due_at": _utc(message.due_at),
        "status": message.status,
        "sent_at": _utc(message.sent_at) if message.sent_at else None,
        "last_error": message.last_error,
    }


def _utc(instant: datetime) -> str:
    """Return an instant such as 2026-11-24T09:30:00Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _as_json(rows: list[dict[str, Any]]) -> str:
    """Return the rows as JSON."""
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _as_table(rows: Iterable[dict[str, Any]]) -> str:
    """Return the rows as a table with aligned columns."""
    lines = [_COLUMNS, *([str(row[name] or "") for name in _COLUMNS] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
