"""`platform/` is not a package itself, so `import platform` still finds the standard library."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_import_platform_is_the_standard_library() -> None:
    script = "import platform; print(platform.__file__)"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([".", "platform"])}

    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )

    assert Path(found.stdout.strip()).parent == Path(sysconfig.get_path("stdlib"))


def test_platform_contains_packages_and_no_modules() -> None:
    assert [path.name for path in (ROOT / "platform").iterdir() if path.is_file()] == ["README.md"]
    assert not (ROOT / "platform" / "__init__.py").exists()
