"""Set and remove the photo of a doctor."""

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Doctor, DoctorPhoto
from clinics.photos import PhotoTooLarge, PhotoTooSmall, PhotoUnreadable, square_photo
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput


def set_photo(*, doctor: Doctor, upload: bytes, by: User) -> Doctor:
    """Store the uploaded picture as the doctor's photo, in place of an earlier one.

    :raises InvalidInput: it is no picture, too small or too large
    """
    try:
        photo = square_photo(upload)
    except PhotoTooLarge as error:
        message = _("This picture is too large. Choose one with at most 5 MB and 40 million pixels.")
        raise InvalidInput(errors={"photo": [message]}) from error
    except PhotoTooSmall as error:
        message = _("This picture is too small. Choose one with at least 200 by 200 pixels.")
        raise InvalidInput(errors={"photo": [message]}) from error
    except PhotoUnreadable as error:
        message = _("This file is not a picture that we can read. Choose a JPEG, PNG or WebP file.")
        raise InvalidInput(errors={"photo": [message]}) from error
    values = {"large": photo.large, "small": photo.small, "digest": photo.digest}
    with transaction.atomic():
        DoctorPhoto.objects.update_or_create(doctor=doctor, defaults=values)
        _set_digest(doctor, photo.digest, by=by)
    return doctor


@transaction.atomic
def remove_photo(*, doctor: Doctor, by: User) -> Doctor:
    """Remove the doctor's photo. Without one, nothing happens."""
    removed, _rows = DoctorPhoto.objects.filter(doctor=doctor).delete()
    if removed:
        _set_digest(doctor, "", by=by)
    return doctor


def _set_digest(doctor: Doctor, digest: str, *, by: User) -> None:
    doctor.photo_digest = digest
    doctor.save(update_fields=["photo_digest"])
    write_audit_entries(what=AuditAction.CHANGED, by=by, about=[doctor], changes={"photo": None})
