"""The queue as its worker sees it: from public, since a clinic may only add to it."""

import uuid
from typing import Any

from tenants.door import enter_public
from tenants.models import QueueLine
from tenants.tasks import sweep_queue


def waiting(**wanted: Any) -> list[QueueLine]:
    """The lines with these values, in the order in which they were written."""
    with enter_public():
        return list(QueueLine.objects.filter(**wanted).order_by("id"))


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
