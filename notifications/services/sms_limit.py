"""The monthly limit of a clinic's text messages, and what they cost."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from clinics.models import SmsSettings
from notifications.models import SmsMonth, TextMessage
from tenants.current import current_clinic
from tenants.queue.jobs import enqueue

WARNING_JOB = "sms_limit_warning"
_WARN_AT_PERCENT = 80
_MONTHS_SHOWN = 12


def month_of(now: datetime) -> date:
    """Return the first day of the clinic's local month."""
    return now.astimezone(current_clinic().zone).date().replace(day=1)


@transaction.atomic
def reserve_segments(settings: SmsSettings, *, segments: int, now: datetime) -> bool:
    """Count segments towards the month's limit before they are sent. Return False if it would be exceeded.

    Admins are warned once a month, when 80 % are used.
    """
    month, limit = month_of(now), settings.monthly_limit
    SmsMonth.objects.bulk_create([SmsMonth(month=month)], ignore_conflicts=True)
    this_month = SmsMonth.objects.filter(month=month)
    # One UPDATE checks and counts, so that concurrent workers cannot exceed the limit together.
    if not this_month.filter(segments__lte=limit - segments).update(segments=F("segments") + segments):
        return False
    near = this_month.filter(warned_at=None, segments__gte=limit * _WARN_AT_PERCENT / 100)
    if near.update(warned_at=now):
        enqueue(kind=WARNING_JOB, row_id=this_month.get().pk, due_at=now)
    return True


def give_back_segments(*, month: date, segments: int) -> None:
    """Take back what was counted for a message that the provider did not accept."""
    SmsMonth.objects.filter(month=month, segments__gte=segments).update(segments=F("segments") - segments)


@dataclass(frozen=True, slots=True)
class MonthlyUse:
    """What was sent in a month, and what it cost by currency."""

    month: date
    messages: int
    segments: int
    delivered: int
    failed: int
    costs: dict[str, Decimal] = field(default_factory=dict)


def monthly_use(settings: SmsSettings) -> list[MonthlyUse]:
    """Return the use of the last twelve months with text messages, latest first.

    A message costs what the provider reported, else its segments at the price in the clinic's settings.
    """
    texts = TextMessage.objects.order_by()
    counts = texts.values("month").annotate(
        messages=Count("pk"),
        segments_sent=Sum("segments"),
        delivered=Count("pk", filter=Q(delivered_at__isnull=False)),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
    )
    costs = _costs(texts, settings)
    return [
        MonthlyUse(
            month=row["month"],
            messages=row["messages"],
            segments=row["segments_sent"],
            delivered=row["delivered"],
            failed=row["failed"],
            costs=dict(sorted(costs[row["month"]].items())),
        )
        for row in counts.order_by("-month")[:_MONTHS_SHOWN]
    ]


def _costs(texts: "QuerySet[TextMessage]", settings: SmsSettings) -> dict[date, dict[str, Decimal]]:
    costs: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    reported = texts.exclude(price=None).values("month", "currency").annotate(total=Sum("price"))
    for row in reported:
        costs[row["month"]][row["currency"] or settings.currency] += row["total"]
    if settings.segment_price is not None:
        estimated = texts.filter(price=None).values("month").annotate(sent=Sum("segments"))
        for unpriced in estimated:
            costs[unpriced["month"]][settings.currency] += unpriced["sent"] * settings.segment_price
    return costs


def month_to_warn_about(month_id: uuid.UUID) -> SmsMonth | None:
    """Return the month of a warning, if it still exists."""
    return SmsMonth.objects.filter(pk=month_id).first()
