"""The places at which a clinic sees patients (FHIR: Location), and their rooms."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.models.public_rows import PublicQuerySet
from tenants.base.clock import validate_time_zone
from tenants.base.models import BaseModel


class Place(BaseModel):
    """A place in addition to the clinic's own address. Its hours are in its own time zone."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    address = models.TextField(_("address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    directions = models.TextField(
        _("how to get there"),
        max_length=1000,
        blank=True,
        db_default="",
        help_text=_("Public transport, parking and access without steps. Shown on the home page."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[validate_time_zone],
        help_text=_("For example Europe/London."),
    )
    is_active = models.BooleanField(_("in use"), default=True, db_default=True)

    objects: ClassVar = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The place's time zone."""
        return ZoneInfo(self.time_zone)


class Room(BaseModel):
    """A room, for one visit at a time."""

    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rooms",
        verbose_name=_("place"),
        help_text=_("Leave empty for the clinic's main address."),
    )
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("in use"), default=True, db_default=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"], name="room_has_a_name_of_its_own", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name
