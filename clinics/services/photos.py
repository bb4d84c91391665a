"""Set and remove the photo of a doctor."""

from django.db import transaction

from clinics.image_processing import square_photo
from clinics.models import Doctor, DoctorPhoto
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User


def set_photo(*, doctor: Doctor, upload: bytes, by: User) -> Doctor:
    """Store the uploaded picture as the doctor's photo, in place of an earlier one.

    :raises InvalidInput: as `square_photo`
    """
    photo = square_photo(upload)
    values = {"large": photo.large, "small": photo.small, "digest": photo.digest}
    with transaction.atomic():
        DoctorPhoto.objects.update_or_create(doctor=doctor, defaults=values)
        _set_digest(doctor, photo.digest, by=by)
    return doctor


@transaction.atomic
def remove_photo(*, doctor: Doctor, by: User) -> Doctor:
    """Remove the doctor's photo. Without one, nothing changes."""
    removed, _rows = DoctorPhoto.objects.filter(doctor=doctor).delete()
    if removed:
        _set_digest(doctor, "", by=by)
    return doctor


def _set_digest(doctor: Doctor, digest: str, *, by: User) -> None:
    doctor.photo_digest = digest
    doctor.save(update_fields=["photo_digest"])
    write_audit_entries(what=AuditAction.CHANGED, by=by, about=[doctor], changes={"photo": None})
