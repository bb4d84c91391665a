"""The queue as its worker sees it: from public, since a clinic may only add to it."""

import uuid
from typing import Any

from tenants.current import enter_public
from tenants.models import QueueLine
from tenants.tasks import sweep_queue


def waiting(**wanted: Any) -> list[QueueLine]:
    """The lines with these values, in the order in which they were written.

    Not those that only look again when a doctor's next open slot has begun, unless these are asked for.
    """
    looking_again = {} if "kind" in wanted else {"kind": "next_open"}
    with enter_public():
        lines = QueueLine.objects.filter(**wanted).order_by("id")
        return list(lines.exclude(**looking_again) if looking_again else lines)


def kinds_waiting(**wanted: Any) -> list[str]:
    """What the lines with these values ask for."""
    return [line.kind for line in waiting(**wanted)]


def forget_lines(*, clinic_id: uuid.UUID) -> None:
    """Take a clinic's lines away: no table refers to it, so they would wait for whoever sweeps next."""
    with enter_public():
        QueueLine.objects.filter(clinic_id=clinic_id).delete()


def sweep() -> int:
    """A worker's round."""
    with enter_public():
        return int(sweep_queue())
