"""Count the messages of each clinic that failed for good, for the operators' alarms."""

from datetime import datetime, timedelta

from django.db.models import F

from tenants.current import current_clinic, enter_public
from tenants.models import ParkedMessages

_RETENTION = timedelta(days=7)


def count_parked_message(*, now: datetime) -> None:
    """Count one more failed message of the current clinic."""
    clinic_id, hour = current_clinic().pk, now.replace(minute=0, second=0, microsecond=0)
    with enter_public():
        ParkedMessages.objects.bulk_create(
            [ParkedMessages(clinic_id=clinic_id, hour=hour)], ignore_conflicts=True
        )
        ParkedMessages.objects.filter(clinic_id=clinic_id, hour=hour).update(count=F("count") + 1)


def delete_old_counts(*, now: datetime) -> None:
    """Delete the counts of more than a week ago. Call it in `public`."""
    ParkedMessages.objects.filter(hour__lt=now - _RETENTION).delete()
