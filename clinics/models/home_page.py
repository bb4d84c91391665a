"""What visitors read about a clinic: its home page, opening hours, pictures and legal pages."""

from datetime import time
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinics.models.public_rows import PublicQuerySet
from tenants.base.models import BaseModel, TimestampedModel
from tenants.base.weekdays import Weekday

_MIDNIGHT = time(0)


class HomePage(TimestampedModel):
    """The texts of the clinic's home page: one row. Empty texts are left out of the page."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    heading = models.CharField(
        _("heading"),
        max_length=120,
        blank=True,
        help_text=_("The large text at the top. Leave empty for “Welcome to” and the clinic's name."),
    )
    welcome = models.TextField(
        _("welcome text"),
        max_length=3000,
        blank=True,
        help_text=_(
            "Who you are and whom you care for. An empty line starts a paragraph. "
            "You can write **bold**, lists with - and links."
        ),
    )
    urgent_note = models.TextField(
        _("urgent care"),
        max_length=1000,
        blank=True,
        help_text=_("What people should do in an emergency, and when the clinic is closed."),
    )
    hours_note = models.CharField(
        _("note about opening hours"),
        max_length=200,
        blank=True,
        help_text=_("For example: Closed on public holidays."),
    )
    directions = models.TextField(
        _("how to get to the main address"),
        max_length=1000,
        blank=True,
        help_text=_("Public transport, parking and access without steps."),
    )
    picture_description = models.CharField(
        _("description of the picture"),
        max_length=200,
        blank=True,
        help_text=_("For people who cannot see the picture. Leave empty if it is only decoration."),
    )
    shows_team = models.BooleanField(_("show the team"), default=True)

    objects: ClassVar = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home page")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="homepage_is_one_row")]

    def __str__(self) -> str:
        return str(_("Home page"))


class OpeningHours(BaseModel):
    """When the clinic is open on a weekday, in the clinic's time zone. Several rows a day are possible."""

    home_page = models.ForeignKey(HomePage, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"), help_text=_("Enter 00:00 for midnight."))

    objects: ClassVar = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes=_MIDNIGHT),
                name="openinghours_close_after_opening",
                violation_error_message=_("The closing time must be after the opening time."),
            )
        ]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label}, {self.opens:%H:%M} to {self.closes:%H:%M}"

    def overlaps(self, other: "OpeningHours") -> bool:
        """Return whether both are on the same weekday and share some time."""
        return (
            self.weekday == other.weekday
            and (other.closes == _MIDNIGHT or self.opens < other.closes)
            and (self.closes == _MIDNIGHT or other.opens < self.closes)
        )


class ClinicPicture(TimestampedModel):
    """An uploaded picture, re-encoded: the largest size, from which the others are made.

    It is in the clinic's schema, so exports contain it. The smaller sizes are in the pictures' storage.
    """

    class Kind(models.TextChoices):
        """What the picture is for. A clinic has one of each kind."""

        LOGO = "logo", _("Logo")
        ICON = "icon", _("Icon")
        PHOTO = "photo", _("Picture of the clinic")

    kind = models.CharField(max_length=10, primary_key=True, choices=Kind.choices)
    digest = models.CharField(max_length=32)
    """A hash of the file. It is part of the URLs, so a new picture has new ones."""
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.BinaryField()

    class Meta:
        ordering = ["kind"]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)


class LegalPages(TimestampedModel):
    """The clinic's own legal texts: one row. Instead of an empty text, the standard one is shown."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    privacy = models.TextField(_("privacy notice"), max_length=20_000, blank=True)
    accessibility = models.TextField(_("accessibility statement"), max_length=20_000, blank=True)
    terms = models.TextField(_("terms of use"), max_length=20_000, blank=True)
    privacy_changed_on = models.DateField(null=True, blank=True, editable=False)
    accessibility_changed_on = models.DateField(null=True, blank=True, editable=False)
    terms_changed_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("legal pages")
        verbose_name_plural = _("legal pages")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="legalpages_is_one_row")]

    def __str__(self) -> str:
        return str(_("Legal pages"))
