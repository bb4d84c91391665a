"""`portal/profile/photo/`, and the public URLs of the photos of doctors."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.serializers import PhotoField
from clinics.image_processing import MAX_BYTES
from clinics.models import DoctorPhoto
from clinics.selectors import get_doctor
from clinics.services.photos import remove_photo, set_photo
from tenants.accounts.permissions import IsDoctor, signed_in_user
from tenants.base.errors import NotFound
from tenants.base.fields import RefuseOtherFields
from tenants.base.operations import operation
from tenants.base.requests import validate

_FOREVER = "public, max-age=31536000, immutable"


class PhotoInput(RefuseOtherFields, serializers.Serializer[Any]):
    """A picture."""

    photo = serializers.FileField(help_text="A JPEG, PNG or WebP file of at most 5 MB.")


class OwnPhotoOutput(serializers.Serializer[Any]):
    """The doctor's photo."""

    photo = PhotoField()


class OwnPhotoView(APIView):
    """The photo of the signed-in doctor."""

    permission_classes = (IsDoctor,)
    parser_classes = (MultiPartParser,)

    @operation(
        summary="Set your photo",
        request={"multipart/form-data": PhotoInput},
        responses=OwnPhotoOutput,
        success=gettext_lazy("Photo saved."),
        errors=[NotFound],
    )
    def put(self, request: Request) -> Response:
        """Set the photo on your public page: the middle of the picture as a square, without metadata."""
        user, data = signed_in_user(request), validate(PhotoInput, request.data)
        upload = data["photo"].read(MAX_BYTES + 1)  # one more byte, so that a larger file is refused
        doctor = set_photo(doctor=get_doctor(user), upload=upload, by=user)
        return Response(OwnPhotoOutput(doctor).data)

    @operation(
        summary="Remove your photo",
        request=None,
        responses={200: OwnPhotoOutput},
        success=gettext_lazy("Photo removed."),
        errors=[NotFound],
    )
    def delete(self, request: Request) -> Response:
        """Remove the photo, so that your initials are shown instead. Without a photo, nothing changes."""
        user = signed_in_user(request)
        return Response(OwnPhotoOutput(remove_photo(doctor=get_doctor(user), by=user)).data)


class PhotoView(APIView):
    """A photo of a doctor, for everybody."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True

    @operation(
        summary="Get a doctor's photo",
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH, description="As in `photo`.")],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
        errors=[NotFound],
    )
    def get(self, request: Request, doctor_id: uuid.UUID, name: str) -> HttpResponse:
        """The photo as a JPEG file. A new photo has a new URL, so this one may be cached for good."""
        digest, _hyphen, size = name.partition("-")
        if size not in {"large", "small"} or not digest.isalnum():
            raise NotFound
        photo = DoctorPhoto.objects.filter(doctor=doctor_id, digest=digest).only(size).first()
        if photo is None:
            raise NotFound
        return HttpResponse(
            bytes(getattr(photo, size)), content_type="image/jpeg", headers={"Cache-Control": _FOREVER}
        )
