"""Where a clinic sees its patients (FHIR: Location): places with an address and a clock, and their rooms."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.base.clock import check_zone
from tenants.base.models import BaseModel


class Place(BaseModel):
    """A place beside the clinic's own address. Hours there are what the clock on its wall shows."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    address = models.TextField(_("address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, validators=[check_zone], help_text=_("For example Europe/London.")
    )
    is_active = models.BooleanField(_("in use"), default=True, db_default=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its wall clock."""
        return ZoneInfo(self.time_zone)


class Room(BaseModel):
    """A room in which one visit at a time takes place."""

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
