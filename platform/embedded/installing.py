"""Everything the project needs of Python's packages, in .venv: as the locks say, and only when they changed.

Runs with the machine's own Python, so it uses the standard library alone.
"""

import hashlib
import os
import shutil
import ssl
import sys
from pathlib import Path

from embedded import commands, reasons
from embedded.locking import alone_in
from embedded.progress import step
from embedded.setup_error import SetupError

ROOT = Path(__file__).resolve().parents[2]
_SOURCES = ("requirements-bootstrap.lock", "requirements.lock", "requirements-dev.lock", "pyproject.toml")
# Mirrors, proxies and certificates that were set up for pip hold for uv too.
_PIP_TO_UV = {"PIP_INDEX_URL": "UV_DEFAULT_INDEX", "PIP_CERT": "SSL_CERT_FILE"}


def install() -> int:
    """Bring `.venv` up to date; nothing to do costs nothing.

    :raises SetupError: it cannot be done here, for a reason a person can remove
    """
    venv = ROOT / ".venv"
    stamp, wanted = venv / "installed", key()
    if _holds(stamp, wanted):
        return 0
    try:
        with alone_in(ROOT):
            if not _holds(stamp, wanted):
                _install(venv)
                stamp.write_text(wanted)
    except OSError as error:
        name = error.filename or venv
        raise SetupError(f"{name} cannot be written ({error.strerror}): make needs this folder.") from error
    return 0


def _install(venv: Path) -> None:
    python = str(venv / "bin" / "python")
    if not _is_of_this_python(venv):
        shutil.rmtree(venv, ignore_errors=True)
        _do("Making .venv", [sys.executable, "-m", "venv", str(venv)], venv)
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
    _do("Installing the installer", [*pip, "-r", "requirements-bootstrap.lock"], venv)
    uv = [str(venv / "bin" / "uv"), "pip", "install", "--python", python]
    _do("Installing Python packages", [*uv, "--require-hashes", "-r", "requirements-dev.lock"], venv)
    _do("Installing the project", [*uv, "--no-deps", "--no-build-isolation", "-e", "."], venv)


def _do(title: str, argv: list[str], venv: Path) -> None:
    venv.mkdir(exist_ok=True)
    log = venv / "install.log"
    try:
        with step(title):
            commands.run(argv, log=log, folder=ROOT, env=_env())
    except commands.CommandFailed as failure:
        raise SetupError(reasons.sentence(failure.output, doing=title, log=log)) from None


def _env() -> dict[str, str]:
    translated = {uv: os.environ[pip] for pip, uv in _PIP_TO_UV.items() if os.environ.get(pip)}
    ours = {"UV_PYTHON_DOWNLOADS": "never", "PIP_USER": "0", "UV_HTTP_RETRIES": "2"}
    # uv brings roots of its own; a company's, which pip may know from its configuration, are the machine's.
    paths = ssl.get_default_verify_paths()
    machines = {"UV_SYSTEM_CERTS": "true"} if paths.cafile or paths.capath else {}
    return machines | translated | dict(os.environ) | ours


def key() -> str:
    """What `.venv` depends on: the locks, the project's own description, this Python, and its place."""
    facts = hashlib.sha256(f"{sys.version} {sys.base_prefix} {ROOT}".encode())
    for name in _SOURCES:
        facts.update((ROOT / name).read_bytes())
    return facts.hexdigest()


def _holds(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def _is_of_this_python(venv: Path) -> bool:
    settings = venv / "pyvenv.cfg"
    written = settings.read_text() if settings.exists() else ""
    version = ".".join(str(number) for number in sys.version_info[:3])
    # uv's first lines of scripts name the folder: a .venv that was moved is of no use.
    return f"version = {version}" in written and f"{ROOT}/.venv" in written
