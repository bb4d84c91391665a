"""The versions of a visit's note."""

from django.db.models import QuerySet

from scheduling.models import Booking, VisitNote


def versions_of(booking: Booking) -> QuerySet[VisitNote]:
    """The versions of the note of a booking, the latest first."""
    return VisitNote.objects.filter(booking=booking).select_related("by").order_by("-version")
