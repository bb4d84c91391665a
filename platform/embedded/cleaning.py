"""`make clean`: removes what make made, and nothing else. Standard library only."""

import shutil
from pathlib import Path

from embedded import home
from embedded.setup_error import SetupError

_MADE = (
    ".venv",
    "dist",
    "staticfiles",
    "frontend/node_modules",
    "frontend/dist",
    "frontend/coverage",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
)


def clean() -> int:
    """Remove what the other targets made, saying what.

    :raises SetupError: a demo runs
    """
    demo = home.demo_home()
    if home.is_in_use(demo):
        raise SetupError(f"A demo runs in {demo}: stop it first (Ctrl-C where it runs).")
    for path in [*(home.ROOT / name for name in _MADE), *_parts_of(demo)]:
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        else:
            continue
        print(f"Removed {path}")
    if demo.is_dir() and not any(demo.iterdir()):
        demo.rmdir()
    return 0


def _parts_of(demo: Path) -> list[Path]:
    """What the demo keeps: never the whole folder, for DEMO_HOME may name one that holds other things too."""
    if not (demo / "lock").exists():
        return []
    pointer = demo / "unprivileged-place"
    elsewhere = [Path(pointer.read_text().strip())] if pointer.exists() else []
    return [*elsewhere, *(demo / name for name in home.PARTS), pointer, demo / "lock"]
