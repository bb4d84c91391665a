"""Settings come from the environment. Secrets have no default."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def start(**changed: str | None) -> subprocess.CompletedProcess[str]:
    """Read the settings in a new process, with some variables changed or removed."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([".", "platform"]), **changed}
    return subprocess.run(
        [sys.executable, "-c", "from config import settings; print(settings.SECRET_KEY, settings.DEBUG)"],
        cwd=ROOT,
        env={name: value for name, value in env.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "JWT_SECRET", "BASE_DOMAIN", "DB_HOST", "DB_PASSWORD", "REDIS_URL"]
)
def test_a_missing_required_variable_is_named_and_prevents_the_start(name: str) -> None:
    started = start(**{name: None})

    assert (started.returncode, started.stdout) == (1, "")
    assert f"Set the {name} environment variable" in started.stderr


def test_a_secret_can_be_read_from_a_file_and_debug_is_off_by_default(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret-from-a-file")

    started = start(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "secret"))

    assert (started.returncode, started.stdout) == (0, "secret-from-a-file False\n")
