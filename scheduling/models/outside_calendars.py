"""A doctor's calendars outside the clinic, and the periods in which they are busy there."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor
from scheduling.models.slots import time_range
from tenants.base.models import BaseModel, BaseQuerySet


class OutsideCalendar(BaseModel):
    """A read-only calendar of a doctor at another provider. Only its busy periods are stored.

    The address is stored encrypted, as it usually contains a secret that gives access to the calendar.
    """

    class Kind(models.TextChoices):
        """How the calendar is read."""

        ICS = "ics", _("calendar link")
        CALDAV = "caldav", _("CalDAV calendar")

    class Problem(models.TextChoices):
        """Why the last attempt to read it failed. The stored busy periods stay as they were."""

        NOT_ALLOWED = "not_allowed", _("This address cannot be read. Use a public https address.")
        NOT_REACHED = "not_reached", _("The server did not answer in time.")
        REFUSED = "refused", _("The server refused access. Check the link, or the user name and password.")
        NOT_FOUND = "not_found", _("There is no calendar at this address.")
        NO_CALENDAR = "no_calendar", _("The answer is not a calendar.")
        TOO_LARGE = "too_large", _("The calendar is too large to be read.")
        ENTER_AGAIN = "enter_again", _("The clinic was restored from an export. Enter the address again.")

    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, related_name="outside_calendars", verbose_name=_("doctor")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=60)
    host = models.CharField(_("host"), max_length=253)
    stored_address = models.TextField(editable=False)
    stored_login = models.TextField(blank=True, editable=False)
    """The user name and password of a CalDAV calendar, encrypted."""
    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    """SHA-256 of the document that was read last, so that an unchanged one is not parsed again."""
    covers_until = models.DateTimeField(null=True, editable=False)
    """The end of the period whose busy times are stored."""
    read_at = models.DateTimeField(_("last read"), null=True, editable=False)
    attempted_at = models.DateTimeField(null=True, editable=False)
    attempt_ended_at = models.DateTimeField(null=True, editable=False)
    """When the last attempt ended. An attempt is under way while it is before `attempted_at`."""
    next_read_at = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    doctor_notified_at = models.DateTimeField(null=True, editable=False)
    """When the doctor was emailed that it cannot be read."""
    problem = models.CharField(max_length=12, choices=Problem.choices, blank=True, editable=False)

    objects: ClassVar = BaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("outside calendar")
        verbose_name_plural = _("outside calendars")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["doctor", "name"], name="outsidecalendar_name_is_used_once")
        ]

    def __str__(self) -> str:
        return self.name


class BusyPeriod(BaseModel):
    """A period (UTC, half-open) in which a doctor is busy in an outside calendar. It has no title.

    The periods of one calendar neither overlap nor touch.
    """

    calendar = models.ForeignKey(OutsideCalendar, on_delete=models.CASCADE, related_name="busy_periods")
    # The doctor of the calendar, so that a search for open time needs no join.
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects: ClassVar = BaseQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="busyperiod_ends_after_it_starts"
            ),
            # Its index also finds the periods of a doctor that overlap a visit.
            ExclusionConstraint(
                name="busyperiod_no_overlap_in_its_calendar",
                expressions=[
                    ("doctor", RangeOperators.EQUAL),
                    (time_range(), RangeOperators.OVERLAPS),
                    ("calendar", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%Y-%m-%d %H:%M}"
