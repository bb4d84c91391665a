"""The local storage of the sizes of clinics' pictures."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.storage import FileSystemStorage


class PictureFolder(FileSystemStorage):
    """A folder whose files are complete from the first moment, so that no request reads part of one.

    Browsers cache pictures for a year, and so would cache a part.
    """

    def __init__(self, *, location: str) -> None:
        super().__init__(location=location, allow_overwrite=True)

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=path.parent) as folder:
            file = Path(folder, "picture")
            file.write_bytes(content.read())
            file.replace(path)
        return name
