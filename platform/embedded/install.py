"""Installs the locked Python packages into .venv if the lock files have changed.

Runs with the system's Python, so it uses the standard library only.
"""

import hashlib
import os
import shutil
import ssl
import sys
from pathlib import Path

from embedded import commands, failure_reasons
from embedded.lock import exclusive_lock
from embedded.progress import step
from embedded.setup_error import SetupError

ROOT = Path(__file__).resolve().parents[2]
_SOURCES = ("requirements-bootstrap.lock", "requirements.lock", "requirements-dev.lock", "pyproject.toml")
# uv uses the package mirror and certificates that are configured for pip.
_PIP_TO_UV = {"PIP_INDEX_URL": "UV_DEFAULT_INDEX", "PIP_CERT": "SSL_CERT_FILE"}


def install() -> int:
    """Bring `.venv` up to date.

    :raises SetupError: an installation step failed
    """
    venv = ROOT / ".venv"
    stamp, current = venv / "installed", venv_key()
    if _is_current(stamp, current):
        return 0
    try:
        with exclusive_lock(ROOT):
            if not _is_current(stamp, current):
                _install(venv)
                stamp.write_text(current)
    except OSError as error:
        name = error.filename or venv
        raise SetupError(f"{name} cannot be written ({error.strerror}). make needs this folder.") from error
    return 0


def _install(venv: Path) -> None:
    python = str(venv / "bin" / "python")
    if not _belongs_to_this_python(venv):
        shutil.rmtree(venv, ignore_errors=True)
        _run("Creating .venv", [sys.executable, "-m", "venv", str(venv)], venv)
    pip = [
        python,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--retries",
        "2",
        "--require-hashes",
    ]
    _run("Installing uv", [*pip, "-r", "requirements-bootstrap.lock"], venv)
    uv = [str(venv / "bin" / "uv"), "pip", "install", "--python", python]
    _run("Installing Python packages", [*uv, "--require-hashes", "-r", "requirements-dev.lock"], venv)
    _run("Installing the project", [*uv, "--no-deps", "--no-build-isolation", "-e", "."], venv)


def _run(title: str, argv: list[str], venv: Path) -> None:
    venv.mkdir(exist_ok=True)
    log = venv / "install.log"
    try:
        with step(title):
            commands.run(argv, log=log, folder=ROOT, env=_env())
    except commands.CommandFailed as failure:
        raise SetupError(failure_reasons.failure_message(failure.output, doing=title, log=log)) from None


def _env() -> dict[str, str]:
    translated = {uv: os.environ[pip] for pip, uv in _PIP_TO_UV.items() if os.environ.get(pip)}
    fixed = {"UV_PYTHON_DOWNLOADS": "never", "PIP_USER": "0", "UV_HTTP_RETRIES": "2"}
    # uv has its own root certificates. Those of a company network are in the system's store.
    paths = ssl.get_default_verify_paths()
    system_certificates = {"UV_SYSTEM_CERTS": "true"} if paths.cafile or paths.capath else {}
    return system_certificates | translated | dict(os.environ) | fixed


def venv_key() -> str:
    """Return a hash of all that `.venv` depends on: locks, pyproject.toml, this Python, the folder's path."""
    digest = hashlib.sha256(f"{sys.version} {sys.base_prefix} {ROOT}".encode())
    for name in _SOURCES:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _is_current(stamp: Path, current: str) -> bool:
    return stamp.exists() and stamp.read_text() == current


def _belongs_to_this_python(venv: Path) -> bool:
    settings = venv / "pyvenv.cfg"
    text = settings.read_text() if settings.exists() else ""
    version = ".".join(str(number) for number in sys.version_info[:3])
    # The scripts in .venv contain its path, so they break when the folder is moved.
    return f"version = {version}" in text and f"{ROOT}/.venv" in text
