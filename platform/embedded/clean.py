"""`make clean`: removes what the other make targets created. Standard library only."""

import shutil
from pathlib import Path

from embedded import run_folder
from embedded.setup_error import SetupError

_CREATED = (
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
    """Remove what the other make targets created and print each path.

    :raises SetupError: a demo is running
    """
    demo = run_folder.demo_home()
    if run_folder.is_in_use(demo):
        raise SetupError(f"A demo is running in {demo}: stop it first (Ctrl-C in its terminal).")
    for path in [*(run_folder.ROOT / name for name in _CREATED), *_files_of(demo)]:
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


def _files_of(demo: Path) -> list[Path]:
    """Return the demo's own files, not the whole folder, because DEMO_HOME may contain other files."""
    if not (demo / "lock").exists():
        return []
    pointer = demo / "unprivileged-place"
    external = [Path(pointer.read_text().strip())] if pointer.exists() else []
    return [*external, *(demo / name for name in run_folder.PARTS), pointer, demo / "lock"]
