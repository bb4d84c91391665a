"""Whether a booking has to be approved by the clinic."""

from datetime import datetime, timedelta

from clinics.models import ClinicSettings, Patient
from scheduling.models import Booking, VisitType

_NO_SHOW_PERIOD = timedelta(days=365)
"""How long a missed appointment counts towards the clinic's no-show limit."""


def needs_approval(
    visit_type: VisitType | None, *, patient: Patient, rules: ClinicSettings, now: datetime
) -> bool:
    """Whether the clinic has to approve a booking of this type by this patient."""
    if visit_type is not None and visit_type.needs_approval:
        return True
    if rules.no_show_limit is None:
        return False
    no_shows = Booking.objects.filter(
        patient=patient, status=Booking.Status.NO_SHOW, starts_at__gt=now - _NO_SHOW_PERIOD
    )
    return no_shows.count() >= rules.no_show_limit
