"""What a doctor writes down about a visit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.bookings import Booking
from tenants.accounts.models import User
from tenants.base.models import BaseModel


class VisitNote(BaseModel):
    """A version of the note that a doctor writes about a visit. Each save adds one; the last one counts.

    Only the doctor of the booking reads and writes it, whatever the front desk may see otherwise. It is in no
    message. The text is erased with the patient.
    """

    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, related_name="visit_notes", verbose_name=_("booking")
    )
    version = models.PositiveIntegerField(_("version"))
    """1, 2, 3, … for the versions of one booking's note."""
    text = models.TextField(_("text"), blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("visit note")
        verbose_name_plural = _("visit notes")
        ordering = ["booking", "version"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "version"], name="visitnote_one_per_version"),
        ]

    def __str__(self) -> str:
        # Without a text: Django stores this in the history of a record.
        return f"{self._meta.verbose_name} {self.version}"
