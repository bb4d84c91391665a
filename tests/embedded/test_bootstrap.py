"""bootstrap.py, run on a copy of the checkout: failures are explained in one sentence."""

import os
import runpy
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from embedded import failure_reasons
from embedded.run_folder import ROOT
from tests.embedded.conftest import NO_SERVERS

FILES = ("pyproject.toml", "requirements-bootstrap.lock", "requirements.lock", "requirements-dev.lock")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "platform" / "embedded", tmp_path / "platform" / "embedded")
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def bootstrap(checkout: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    script = str(checkout / "platform" / "embedded" / "bootstrap.py")
    return subprocess.run(
        [sys.executable, script, *arguments],
        env=NO_SERVERS | env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_unreachable_registry_is_reported_in_one_sentence(checkout: Path) -> None:
    env = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": "/dev/null", "PIP_FIND_LINKS": ""}

    run = bootstrap(checkout, **env)

    log = checkout / ".venv" / "install.log"
    assert (run.returncode, run.stderr) == (
        1,
        "The package registry cannot be reached: check the network, the proxy and the registry's address, "
        f"then run make again. The full output is in {log}\n",
    )
    assert "127.0.0.1" in log.read_text()


def test_a_folder_that_cannot_be_written_is_reported_in_one_sentence(checkout: Path) -> None:
    (checkout / ".venv").write_text("a file where a folder must be")

    run = bootstrap(checkout)

    sentence = f"{checkout / '.venv'} cannot be written (File exists). make needs this folder.\n"
    assert (run.returncode, run.stderr) == (1, sentence)


def test_an_older_python_is_reported_in_one_sentence(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))

    with pytest.raises(SystemExit, match=r"^Python 3.11 or newer is required and this is 3.9: install it"):
        runpy.run_path(str(checkout / "platform" / "embedded" / "bootstrap.py"), run_name="__main__")


def test_an_environment_that_is_up_to_date_is_not_changed(checkout: Path) -> None:
    venv.create(checkout / ".venv")
    script = "import sys; sys.path[0] = 'platform'; from embedded import install; print(install.venv_key())"
    printed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=checkout,
        env=NO_SERVERS,
        capture_output=True,
        text=True,
        check=True,
    )
    (checkout / ".venv" / "installed").write_text(printed.stdout.strip())

    run = bootstrap(checkout, PIP_INDEX_URL="http://127.0.0.1:9/simple")

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_clean_removes_only_what_make_created(checkout: Path) -> None:
    home = checkout / "home"
    for folder in (".venv", "frontend/node_modules", "frontend/dist", "home/logs", "home/mine"):
        (checkout / folder).mkdir(parents=True)
    (home / "lock").touch()

    run = bootstrap(checkout, "clean", DEMO_HOME=str(home))

    assert run.returncode == 0
    left = sorted(str(path.relative_to(checkout)) for path in checkout.glob("*") if path.name != "platform")
    assert left == sorted(["frontend", "home", *FILES])
    assert os.listdir(home) == ["mine"]


@pytest.mark.parametrize(
    ("output", "beginning"),
    [
        (
            "The virtual environment was not created successfully because ensurepip is not\navailable.",
            "This Python cannot",
        ),
        ("/usr/bin/python3: No module named venv", "This Python cannot create"),
        (
            "error: command 'gcc' failed: No such file or directory",
            "A package has no wheel for this platform",
        ),
        ("error: command '/usr/bin/cc' failed with exit code 1", "A package has no wheel for this platform"),
        ("fatal error: Python.h: No such file or directory", "A package has no wheel for this platform"),
        ("  x Failed to build `lxml==6.0.0`", "A package has no wheel for this platform"),
        ("npm error code ENOTFOUND", "The package registry cannot be reached"),
        (
            "error sending request for url (https://registry.example/simple/uv/)",
            "The package registry cannot",
        ),
        ("npm error code EINTEGRITY", "A downloaded package does not match"),
        ("Hash mismatch for `uv==0.13.9`", "A downloaded package does not match"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("anything else", "Installing failed."),
    ],
)
def test_the_usual_causes_are_recognised_in_the_output_of_the_tools(output: str, beginning: str) -> None:
    message = failure_reasons.failure_message(output, doing="Installing", log=Path("install.log"))

    assert message.startswith(beginning)
    assert message.endswith("The full output is in install.log")
