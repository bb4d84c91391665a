"""The status of a booking, as patients read it."""

from django.utils.translation import gettext_lazy as _

STATUS_LABELS = {
    "HELD": _("Held for you"),
    "PENDING": _("Waiting for confirmation"),
    "CONFIRMED": _("Confirmed"),
    "CHECKED_IN": _("Checked in"),
    "IN_PROGRESS": _("In progress"),
    "COMPLETED": _("Completed"),
    "CANCELLED": _("Cancelled"),
    "NO_SHOW": _("Missed"),
}
