"""Picture files for uploads."""

from io import BytesIO
from typing import Any

from PIL import Image


def picture_file(kind: str = "PNG", size: tuple[int, int] = (900, 600), **options: Any) -> bytes:
    """Return a picture, red at the left and blue at the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
