"""Set and remove the pictures of the clinic: logo, icon and the picture on the home page."""

from functools import partial

from django.db import transaction

from clinics.image_processing import EncodedPicture, encode_icon, encode_logo, encode_photo
from clinics.models import ClinicPicture, ClinicSettings
from clinics.picture_files import clinic_folder, delete_sizes, make_sizes
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.current import current_clinic

Facts = dict[str, str | int]
"""A picture's digest, width and height."""
_Kind = ClinicPicture.Kind
_ENCODE = {_Kind.LOGO: encode_logo, _Kind.ICON: encode_icon, _Kind.PHOTO: encode_photo}


def encode_picture(*, kind: str, upload: bytes) -> EncodedPicture:
    """Return an uploaded picture as it would be stored.

    :raises InvalidInput: it is no JPEG, PNG or WebP picture, is broken, too small or too large; at `kind`
    """
    return _ENCODE[_Kind(kind)](upload, field=kind)


def set_picture(*, kind: str, encoded: EncodedPicture, by: User | None) -> ClinicPicture:
    """Store a picture in place of an earlier one. Its sizes are made after the commit.

    :param encoded: from `encode_picture`
    """
    with transaction.atomic():
        picture, _is_new = ClinicPicture.objects.update_or_create(
            kind=kind,
            defaults={
                "digest": encoded.digest,
                "width": encoded.width,
                "height": encoded.height,
                "file": encoded.file,
            },
        )
        facts: Facts = {"digest": encoded.digest, "width": encoded.width, "height": encoded.height}
        _record(kind, facts, by=by)
        transaction.on_commit(partial(make_sizes, picture, folder=clinic_folder(current_clinic())))
    return picture


@transaction.atomic
def remove_picture(*, kind: str, by: User | None) -> None:
    """Remove a picture. Without one, nothing changes."""
    removed, _rows = ClinicPicture.objects.filter(kind=kind).delete()
    if removed:
        _record(kind, None, by=by)


def _record(kind: str, facts: Facts | None, *, by: User | None) -> None:
    """Write the facts that pages read and the audit log, and delete the files of the earlier picture."""
    settings = ClinicSettings.objects.select_for_update(no_key=True).get()
    earlier = settings.pictures.pop(str(kind), None)
    if facts is not None:
        settings.pictures[str(kind)] = facts
    settings.save(update_fields=["pictures"])
    write_audit_entries(what=AuditAction.CHANGED, by=by, about=[settings], changes={f"picture: {kind}": None})
    if earlier and earlier != facts:
        transaction.on_commit(partial(delete_sizes, kind, earlier, folder=clinic_folder(current_clinic())))
