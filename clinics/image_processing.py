"""Converts an uploaded picture to square JPEG files of fixed sizes. The upload itself is not stored."""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from tenants.base.errors import InvalidInput

LARGE, SMALL = 480, 144
"""The sides of the two squares, in pixels."""
MAX_BYTES = 5 * 1024 * 1024
_MAX_PIXELS = 40_000_000
"""More than the default of any phone's camera. Decoding needs four bytes for each pixel."""
_MIN_SIDE = 200
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class SquarePhoto:
    """A photo in two sizes."""

    large: bytes
    small: bytes

    @property
    def digest(self) -> str:
        """A hash of the files."""
        return hashlib.blake2b(self.large + self.small, digest_size=16).hexdigest()


def square_photo(upload: bytes) -> SquarePhoto:
    """Decode a JPEG, PNG or WebP picture and return its middle as squares, without metadata.

    :raises InvalidInput: it is not such a picture, is broken, too small or too large
    """
    if len(upload) > MAX_BYTES:
        raise _too_large()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is lower
            # Only these decoders run. They read the size from the header, before decoding anything.
            picture = Image.open(BytesIO(upload), formats=_FORMATS)
        _check_size(picture)
        picture.draft("RGB", (LARGE * 2, LARGE * 2))  # a large JPEG is decoded at a fraction of its size
        upright = ImageOps.exif_transpose(picture)
        rgba = upright.convert("RGBA")
        flat = Image.new("RGB", rgba.size, "white")
        flat.paste(rgba, mask=rgba.getchannel("A"))
        return SquarePhoto(*(_jpeg(flat, side) for side in (LARGE, SMALL)))
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    # Pillow raises these, and a few of its own, for broken files.
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, ArithmeticError) as error:
        raise _refusal(
            _("This file is not a picture that we can read. Choose a JPEG, PNG or WebP file.")
        ) from error


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > _MAX_PIXELS:
        raise _too_large()
    if min(picture.size) < _MIN_SIDE:
        raise _refusal(_("This picture is too small. Choose one with at least 200 by 200 pixels."))


def _too_large() -> InvalidInput:
    return _refusal(_("This picture is too large. Choose one with at most 5 MB and 40 million pixels."))


def _refusal(message: str) -> InvalidInput:
    return InvalidInput(errors={"photo": [message]})


def _jpeg(picture: Image.Image, side: int) -> bytes:
    square = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    file = BytesIO()
    # A new picture has no EXIF, no colour profile and no comments.
    square.save(file, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return file.getvalue()
