"""Converts an uploaded picture to square JPEG files of fixed sizes. The upload itself is not stored."""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

LARGE, SMALL = 480, 144
"""The sides of the two squares, in pixels."""
MAX_BYTES = 5 * 1024 * 1024
_MAX_PIXELS = 40_000_000
"""More pixels than any camera of a phone takes by default. Decoding needs four bytes for each."""
_MIN_SIDE = 200
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 85


class PhotoUnreadable(Exception):
    """The upload is no picture in one of the formats, or is broken."""


class PhotoTooSmall(Exception):
    """The picture has fewer than 200 pixels on one side."""


class PhotoTooLarge(Exception):
    """The picture has too many bytes or pixels."""


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
    """Decode a JPEG, PNG or WebP picture and return the middle of it as squares, without metadata.

    :raises PhotoUnreadable: it is something else, or broken
    :raises PhotoTooSmall: one side is shorter than 200 pixels
    :raises PhotoTooLarge: it has more than 5 MB or 40 million pixels
    """
    if len(upload) > MAX_BYTES:
        raise PhotoTooLarge
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is lower
            # Only these decoders run. The size is in the header: nothing is decoded before it is checked.
            picture = Image.open(BytesIO(upload), formats=_FORMATS)
        if picture.width * picture.height > _MAX_PIXELS:
            raise PhotoTooLarge
        if min(picture.size) < _MIN_SIDE:
            raise PhotoTooSmall
        picture.draft("RGB", (LARGE * 2, LARGE * 2))  # a large JPEG is decoded at a fraction of its size
        upright = ImageOps.exif_transpose(picture)
        rgba = upright.convert("RGBA")
        flat = Image.new("RGB", rgba.size, "white")
        flat.paste(rgba, mask=rgba.getchannel("A"))
        return SquarePhoto(*(_jpeg(flat, side) for side in (LARGE, SMALL)))
    except Image.DecompressionBombError as error:
        raise PhotoTooLarge from error
    # Pillow raises these, and a few of its own, for broken files.
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, ArithmeticError) as error:
        raise PhotoUnreadable from error


def _jpeg(picture: Image.Image, side: int) -> bytes:
    square = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    file = BytesIO()
    # A new picture has no EXIF, no colour profile and no comments.
    square.save(file, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return file.getvalue()
