"""Decodes uploaded pictures and encodes them in fixed sizes. The uploaded files are not stored."""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from threading import Lock
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from tenants.base.errors import InvalidInput

LARGE, SMALL = 480, 144
"""The sides of the two squares of a doctor's photo, in pixels."""
MAX_BYTES = 5 * 1024 * 1024
MAX_WIDTH = 2400
"""The width of the largest stored size of a picture, in pixels."""
_MAX_MEGAPIXELS = {"JPEG": 40, "PNG": 16, "WEBP": 16}
"""By format. Phones' cameras write JPEG, which is decoded at a fraction of its size. Decoding a WebP file
needs up to 20 bytes for each pixel."""
_DECODING = Lock()
"""One upload is decoded at a time, so that several uploads do not exhaust the memory of a process."""
_MIN_SIDE = 200
_QUALITY = 85
_ENCODERS: dict[str, dict[str, Any]] = {
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    # Speed 8 takes a third of the time of the default and makes files that are 5 % larger.
    "avif": {"format": "AVIF", "quality": 60, "speed": 8},
    "png": {"format": "PNG", "optimize": True},
}
"""The options of each format in which sizes are served, by the ending of the file's name."""


@dataclass(frozen=True, slots=True)
class SquarePhoto:
    """A photo in two sizes."""

    large: bytes
    small: bytes

    @property
    def digest(self) -> str:
        """A hash of the files."""
        return digest_of(self.large + self.small)


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """The stored file of a picture, with its size in pixels."""

    file: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """A hash of the file."""
        return digest_of(self.file)


def digest_of(file: bytes) -> str:
    """Return a hash of a file, for its URL."""
    return hashlib.blake2b(file, digest_size=16).hexdigest()


def square_photo(upload: bytes) -> SquarePhoto:
    """Decode a JPEG, PNG or WebP picture and return its middle as squares, without metadata.

    :raises InvalidInput: it is not such a picture, is broken, too small or too large
    """
    with _decoded(upload, field="photo", min_side=_MIN_SIDE, draft=LARGE * 4) as picture:
        flat = _on_white(picture)
        return SquarePhoto(*(_jpeg(flat, side) for side in (LARGE, SMALL)))


def encode_photo(upload: bytes, *, field: str) -> EncodedPicture:
    """Decode a picture and return it as a WebP file of at most 2400 pixels in width, without metadata.

    :raises InvalidInput: as `square_photo`, with the message at `field`
    """
    with _decoded(upload, field=field, min_side=600, draft=MAX_WIDTH) as picture:
        flat = _on_white(picture)
        flat.thumbnail((MAX_WIDTH, MAX_WIDTH), Image.Resampling.LANCZOS)
        return _encoded(flat, "WEBP", quality=88, method=4)


def encode_logo(upload: bytes, *, field: str) -> EncodedPicture:
    """Decode a logo and return it as a PNG file of at most 800 by 400 pixels, with its transparency.

    :raises InvalidInput: as `square_photo`, with the message at `field`
    """
    with _decoded(upload, field=field, min_side=48, draft=800) as picture:
        picture.thumbnail((800, 400), Image.Resampling.LANCZOS)
        return _encoded(picture, "PNG", optimize=True)


def encode_icon(upload: bytes, *, field: str) -> EncodedPicture:
    """Decode an icon and return it as a square PNG file of 512 pixels. What is missing is transparent.

    :raises InvalidInput: as `square_photo`, with the message at `field`
    """
    with _decoded(upload, field=field, min_side=48, draft=512) as picture:
        square = ImageOps.pad(picture, (512, 512), Image.Resampling.LANCZOS, color=(0, 0, 0, 0))
        return _encoded(square, "PNG", optimize=True)


def resized(file: bytes, *, width: int, ending: str) -> bytes:
    """Return a stored picture in another width and format.

    :param file: from `encode_photo`, `encode_logo` or `encode_icon`
    :param ending: `webp`, `avif` or `png`
    """
    picture: Image.Image = Image.open(BytesIO(file), formats=("PNG", "WEBP"))
    if width < picture.width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    output = BytesIO()
    picture.save(output, **_ENCODERS[ending])
    return output.getvalue()


@contextmanager
def _decoded(upload: bytes, *, field: str, min_side: int, draft: int) -> Iterator[Image.Image]:
    """Yield the upright picture (RGBA). What fails inside the block counts as a broken file.

    :param draft: decode a large JPEG at a fraction of its size, but with at least this longer side
    :raises InvalidInput: it is not a JPEG, PNG or WebP picture, is broken, too small or too large
    """
    if len(upload) > MAX_BYTES:
        raise _too_large(field)
    try:
        with _DECODING:
            picture: Image.Image = _opened(upload, field=field, min_side=min_side)
            share = draft / max(picture.size)
            picture.draft("RGB", (ceil(picture.width * share), ceil(picture.height * share)))
            # Each step replaces the picture before it, so that at most two are in memory.
            ImageOps.exif_transpose(picture, in_place=True)
            picture = picture.convert("RGBA")
            yield picture
    except Image.DecompressionBombError as error:
        raise _too_large(field) from error
    # Pillow raises these, and a few of its own, for broken files.
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, ArithmeticError) as error:
        raise _refusal(
            field, _("This file is not a picture that we can read. Choose a JPEG, PNG or WebP file.")
        ) from error


def _opened(upload: bytes, *, field: str, min_side: int) -> Image.Image:
    """Return the picture before anything of it is decoded. Its size is read from the header."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limits below are lower
        picture = Image.open(BytesIO(upload), formats=tuple(_MAX_MEGAPIXELS))  # only these decoders run
    if picture.width * picture.height > _MAX_MEGAPIXELS[picture.format or ""] * 1_000_000:
        raise _too_large(field)
    if min(picture.size) < min_side:
        message = _("This picture is too small. Choose one with at least %(side)s by %(side)s pixels.")
        raise _refusal(field, message % {"side": min_side})
    return picture


def _too_large(field: str) -> InvalidInput:
    message = _(
        "This picture is too large. Choose one with at most 5 MB, and at most %(jpeg)s million pixels in a "
        "JPEG file or %(other)s million in a PNG or WebP file."
    )
    limits = {"jpeg": _MAX_MEGAPIXELS["JPEG"], "other": _MAX_MEGAPIXELS["PNG"]}
    return _refusal(field, message % limits)


def _refusal(field: str, message: str) -> InvalidInput:
    return InvalidInput(errors={field: [message]})


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture without transparency."""
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A"))
    return flat


def _jpeg(picture: Image.Image, side: int) -> bytes:
    square = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    file = BytesIO()
    # A new picture has no EXIF, no colour profile and no comments.
    square.save(file, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def _encoded(picture: Image.Image, kind: str, **options: int | bool) -> EncodedPicture:
    """Return a picture as a file. Its pixels are copied, so that no metadata of the upload is written."""
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    file = BytesIO()
    clean.save(file, kind, **options)
    return EncodedPicture(file.getvalue(), *clean.size)
