"""The addresses of a doctor's photo, for serializers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics.models import Doctor


class PhotoOutput(serializers.Serializer[Any]):
    """The addresses of a photo. They change with the photo."""

    large = serializers.CharField(help_text="A square of 480 pixels.")
    small = serializers.CharField(help_text="A square of 144 pixels.")


@extend_schema_field(PhotoOutput(allow_null=True))
class PhotoField(serializers.Field[Any, Any, Any, Any]):
    """The addresses of a doctor's photo, or None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"source": "*", "read_only": True, **options})

    def to_representation(self, value: Doctor) -> dict[str, str] | None:
        """Return the addresses, which contain the photo's digest."""
        if not value.photo_digest:
            return None
        path = f"/api/users/doctors/{value.pk}/photo/{value.photo_digest}"
        return {size: f"{path}-{size}.jpg" for size in ("large", "small")}
