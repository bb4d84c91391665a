"""The log of the Postgres that the tests run on."""

import os
from pathlib import Path

import pytest


class DatabaseLog:
    """What the embedded Postgres has logged since the object was made."""

    def __init__(self) -> None:
        if "POSTGRES_LOG" not in os.environ:
            pytest.skip("this run uses another Postgres, whose log is not known")
        self._path = Path(os.environ["POSTGRES_LOG"])
        self._offset = self._path.stat().st_size

    def lines_with(self, text: str) -> list[str]:
        """Return the lines that contain `text` in any case."""
        with self._path.open("rb") as file:
            file.seek(self._offset)
            lines = file.read().decode(errors="replace").splitlines()
        return [line for line in lines if text.lower() in line.lower()]
