"""Nightly maintenance: once for each clinic and local night, every step as a job of its own.

A clinic's night is claimed by the date stored with the clinic, so neither a second timer nor a clock change
starts it twice, and a night that was missed is caught up as soon as the timer runs again.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from tenants.models import Clinic, QueueLine
from tenants.queue.jobs import Handler, queue_handler

STARTS_AT = time(1, 10)
"""The local time from which a clinic's maintenance runs."""

_kinds: list[str] = []


def nightly_step(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as a step of the nightly maintenance, and as the handler of its job.

    The job's row is the clinic. A step that fails is retried by itself; the other steps run all the same.
    """
    _kinds.append(kind)
    return queue_handler(kind)


def latest_night(zone: ZoneInfo, now: datetime) -> date:
    """The local date of the latest night whose maintenance is due at `now`."""
    local = now.astimezone(zone)
    return local.date() if local.time() >= STARTS_AT else local.date() - timedelta(days=1)


def start_due_nights(*, now: datetime) -> int:
    """Enqueue the nightly steps of every live clinic whose latest night has not been started.

    Call it in `public`.

    :return: the number of nights started
    """
    live = Clinic.objects.filter(status=Clinic.Status.LIVE).order_by("pk")
    started = 0
    for clinic in live.only("time_zone", "maintained_on"):
        night = latest_night(clinic.zone, now)
        if clinic.maintained_on is None or clinic.maintained_on < night:
            started += _start_night(clinic, night, now=now)
    return started


@transaction.atomic
def _start_night(clinic: Clinic, night: date, *, now: datetime) -> bool:
    """Claim the night and enqueue its steps, except those that still wait since an earlier night.

    :return: whether this call claimed it
    """
    not_started = Q(maintained_on=None) | Q(maintained_on__lt=night)
    if not Clinic.objects.filter(not_started, pk=clinic.pk).update(maintained_on=night):
        return False
    waiting = set(
        QueueLine.objects.filter(clinic_id=clinic.pk, kind__in=_kinds).values_list("kind", flat=True)
    )
    QueueLine.objects.bulk_create(
        QueueLine(clinic_id=clinic.pk, kind=kind, row_id=clinic.pk, due_at=now)
        for kind in _kinds
        if kind not in waiting
    )
    return True
