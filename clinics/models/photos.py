"""Photos of doctors."""

from django.db import models

from clinics.models.doctors import Doctor
from tenants.base.models import TimestampedModel


class DoctorPhoto(TimestampedModel):
    """A doctor's photo as two square JPEG files. It is in the clinic's schema, so exports contain it."""

    doctor = models.OneToOneField(Doctor, on_delete=models.CASCADE, primary_key=True, related_name="photo")
    digest = models.CharField(max_length=32)
    """A hash of the files. It is part of their URL, so a new photo has a new one."""
    large = models.BinaryField()
    small = models.BinaryField()

    class Meta:
        ordering = ["doctor"]

    def __str__(self) -> str:
        return self.digest
