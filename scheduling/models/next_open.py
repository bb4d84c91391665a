"""When each doctor's next open slot starts, kept up by every transaction that opens or closes time."""

from django.db import models

from clinics.models import Doctor


class NextOpen(models.Model):
    """So that finding a doctor costs the same among a thousand as among ten."""

    doctor = models.OneToOneField(
        Doctor, on_delete=models.CASCADE, primary_key=True, related_name="next_open"
    )
    starts_at = models.DateTimeField(null=True, db_index=True)
    """The start of the first open slot after the last change; None where none is open."""

    class Meta:
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return f"{self.starts_at}"
