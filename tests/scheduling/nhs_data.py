"""The NHS file of real opening hours, if it is available."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
FILE = FOLDER / "nhs_opening_hours.json"

needs_nhs_file = pytest.mark.skipif(
    not FILE.exists(), reason=f"there is no {FILE}; SHARED_DATA names its folder"
)
