"""Serializers of the clinic's logo, icon, pictures and colours."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics.models import ClinicSettings
from clinics.picture_files import describe_icon, describe_picture


class PictureSourceOutput(serializers.Serializer[Any]):
    """The sizes of a picture in one format."""

    type = serializers.CharField(help_text="The content type, such as `image/avif`.")
    srcset = serializers.CharField(help_text="URLs with widths, for the `srcset` of a `source` element.")


class PictureOutput(serializers.Serializer[Any]):
    """The URLs of a picture of the clinic. A new picture has new ones."""

    src = serializers.CharField(help_text="A medium size, in a format that every browser can show.")
    sources = PictureSourceOutput(many=True, help_text="One for each format, the smallest files first.")
    width = serializers.IntegerField(help_text="The width of the largest size, in pixels.")
    height = serializers.IntegerField(help_text="The height of the largest size, in pixels.")


class IconOutput(serializers.Serializer[Any]):
    """The URLs of the clinic's icon: square PNG files."""

    small = serializers.CharField(help_text="A square of 32 pixels.")
    large = serializers.CharField(help_text="A square of 180 pixels.")


class BrandingOutput(serializers.Serializer[Any]):
    """A clinic's logo and colours, with text colours of sufficient contrast."""

    logo = serializers.SerializerMethodField(help_text="The logo; null if the clinic has none.")
    icon = serializers.SerializerMethodField(help_text="The icon; null if the clinic has none.")

    primary_color = serializers.CharField()
    on_primary_color = serializers.CharField()
    accent_color = serializers.CharField()
    on_accent_color = serializers.CharField()

    @extend_schema_field(PictureOutput(allow_null=True))
    def get_logo(self, settings: ClinicSettings) -> dict[str, Any] | None:
        """The logo, or None."""
        return describe_picture("logo", settings.pictures.get("logo"))

    @extend_schema_field(IconOutput(allow_null=True))
    def get_icon(self, settings: ClinicSettings) -> dict[str, str] | None:
        """The icon, or None."""
        return describe_icon(settings.pictures.get("icon"))
