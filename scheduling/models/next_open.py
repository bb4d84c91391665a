"""The stored start of each doctor's next open slot."""

from django.db import models

from clinics.models import Doctor
from tenants.base.models import TimestampedModel


class NextOpen(TimestampedModel):
    """The start of a doctor's next open slot, so that doctor search does not look for it in the slots.

    Every transaction that opens or takes a doctor's time updates it: see `tracking_changes`.
    """

    doctor = models.OneToOneField(
        Doctor, on_delete=models.CASCADE, primary_key=True, related_name="next_open"
    )
    starts_at = models.DateTimeField(null=True, db_index=True)
    """The first open slot's start when it was last updated; None: no slot was open."""

    class Meta:
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return f"{self.starts_at}"
