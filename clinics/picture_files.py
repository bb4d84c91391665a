"""The sizes of a clinic's pictures: which exist, their URLs, and their files in the pictures' storage.

The storage is a local folder or S3 (`STORAGES["pictures"]`). It holds only what can be made again from
`ClinicPicture.file`, so it may be emptied, and processes need not share it.
"""

import logging
import re
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from clinics.image_processing import resized
from clinics.models import ClinicPicture, Doctor
from tenants.base.errors import NotFound
from tenants.current import current_clinic
from tenants.models import Clinic

_log = logging.getLogger(__name__)
_STORAGE_FAILURES = (OSError, BotoCoreError, ClientError)
_Kind = ClinicPicture.Kind
_WIDTHS = {_Kind.PHOTO: (480, 960, 1600, 2400), _Kind.LOGO: (200, 400, 800), _Kind.ICON: (32, 180, 192, 512)}
"""The widths in which pictures are served, in pixels. None is enlarged."""
_INSTALLED_ICON_WIDTH = 180
"""The smallest icon of an installed web app."""
_ENDINGS = {_Kind.PHOTO: ("avif", "webp"), _Kind.LOGO: ("webp", "png"), _Kind.ICON: ("png",)}
"""The formats in which pictures are served, the smallest first. The last one is the fallback."""
_CONTENT_TYPES = {"avif": "image/avif", "webp": "image/webp", "png": "image/png"}
_NAME = re.compile(r"([0-9a-f]{32})-(\d{1,4})\.(avif|webp|png)")


def widths(kind: str, width: int) -> list[int]:
    """Return the widths in which a picture of this width is served, the smallest first."""
    fitting = [size for size in _WIDTHS[_Kind(kind)] if size <= width]
    return fitting if width in fitting or kind == _Kind.ICON else [*fitting, width]


def picture_url(digest: str, width: int, ending: str) -> str:
    """Return the URL of a size, on the clinic's host."""
    return f"/api/clinic/pictures/{digest}-{width}.{ending}"


def describe_picture(kind: str, facts: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the URLs of a picture's sizes, as the API does; None without a picture.

    :param facts: the picture's digest, width and height, from `ClinicSettings.pictures`
    """
    if not facts:
        return None
    digest, width = facts["digest"], facts["width"]
    sizes, endings = widths(kind, width), _ENDINGS[_Kind(kind)]
    return {
        "src": picture_url(digest, sizes[len(sizes) // 2], endings[-1]),
        "sources": [
            {
                "type": _CONTENT_TYPES[ending],
                "srcset": ", ".join(f"{picture_url(digest, size, ending)} {size}w" for size in sizes),
            }
            for ending in endings
        ],
        "width": width,
        "height": facts["height"],
    }


def describe_icon(facts: dict[str, Any] | None) -> dict[str, str] | None:
    """Return the URLs of the icon for a browser's tab and a phone's home screen; None without an icon."""
    if not facts:
        return None
    return {
        name: picture_url(facts["digest"], width, "png") for name, width in (("small", 32), ("large", 180))
    }


def installed_icons(facts: dict[str, Any] | None) -> list[dict[str, str]]:
    """Return the icon as a web app manifest lists it, for an installed web app; nothing without an icon."""
    if not facts:
        return []
    return [
        {
            "src": picture_url(facts["digest"], width, "png"),
            "sizes": f"{width}x{width}",
            "type": _CONTENT_TYPES["png"],
        }
        for width in widths(_Kind.ICON, facts["width"])
        if width >= _INSTALLED_ICON_WIDTH
    ]


def doctor_photo_urls(doctor: Doctor) -> dict[str, str] | None:
    """Return the URLs of a doctor's photo by size, which contain its digest; None without one."""
    if not doctor.photo_digest:
        return None
    path = f"/api/users/doctors/{doctor.pk}/photo/{doctor.photo_digest}"
    return {size: f"{path}-{size}.jpg" for size in ("large", "small")}


def read_size(name: str) -> tuple[bytes, str]:
    """Return the file of a size of the current clinic's pictures, and its content type.

    It is made and stored if the storage does not have it.

    :param name: `<digest>-<width>.<ending>`, the end of the URL
    :raises NotFound: the clinic has no such picture or size
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise NotFound
    digest, width, ending = match[1], int(match[2]), match[3]
    # Other processes may still have the files of a removed picture.
    picture = ClinicPicture.objects.filter(digest=digest).defer("file").first()
    if picture is None or ending not in _ENDINGS[_Kind(picture.kind)]:
        raise NotFound
    if width not in widths(picture.kind, picture.width):
        raise NotFound
    folder = clinic_folder(current_clinic())
    file = _read(f"{folder}/{name}") or _make(picture, width, ending, folder=folder)
    return file, _CONTENT_TYPES[ending]


def clinic_folder(clinic: Clinic) -> str:
    """Return the folder of a clinic's files: its id, so that clinics never share a file."""
    return str(clinic.pk)


def make_sizes(picture: ClinicPicture, *, folder: str) -> None:
    """Make and store all sizes of a new picture, so that no visitor waits for one.

    :param folder: the clinic's `clinic_folder()`
    """
    for width in widths(picture.kind, picture.width):
        for ending in _ENDINGS[_Kind(picture.kind)]:
            _make(picture, width, ending, folder=folder)


def delete_sizes(kind: str, facts: dict[str, Any], *, folder: str) -> None:
    """Delete the files of a picture that was replaced or removed.

    :param folder: the clinic's `clinic_folder()`
    """
    storage = storages["pictures"]
    for width in widths(kind, facts["width"]):
        for ending in _ENDINGS[_Kind(kind)]:
            try:
                storage.delete(f"{folder}/{facts['digest']}-{width}.{ending}")
            except _STORAGE_FAILURES:
                _log.warning("A picture could not be deleted from its storage.", exc_info=True)


def delete_folder(folder: str) -> None:
    """Delete the files of a clinic whose data was deleted.

    :param folder: the clinic's `clinic_folder()`
    """
    storage = storages["pictures"]
    try:
        for name in storage.listdir(folder)[1]:
            storage.delete(f"{folder}/{name}")
        storage.delete(folder)
    except FileNotFoundError:
        pass
    except _STORAGE_FAILURES:
        _log.warning("The pictures of a deleted clinic could not be deleted.", exc_info=True)


def _read(path: str) -> bytes | None:
    """Return a stored file; None if it is not there or the storage fails."""
    try:
        with storages["pictures"].open(path) as file:
            content: bytes = file.read()
            return content
    except FileNotFoundError:
        return None
    except _STORAGE_FAILURES:
        _log.warning("The storage of pictures cannot be read.", exc_info=True)
        return None


def _make(picture: ClinicPicture, width: int, ending: str, *, folder: str) -> bytes:
    """Return a size of a picture, and store it. A storage that fails is logged and changes nothing."""
    file = resized(bytes(picture.file), width=width, ending=ending)
    path = f"{folder}/{picture.digest}-{width}.{ending}"
    try:
        storages["pictures"].save(path, ContentFile(file))
    except _STORAGE_FAILURES:
        _log.warning("A picture could not be stored.", exc_info=True)
    return file
