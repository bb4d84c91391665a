"""The folder in which a demo or a test run keeps everything that is its own."""

import fcntl
import json
import os
import secrets
from pathlib import Path

from embedded.ports import free_port, is_free
from embedded.setup_error import SetupError

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""

PARTS = (
    "demo.json",
    "demo-clinics.json",
    "environment.json",
    "running.json",
    "ports.json",
    "stamps",
    "beat",
    "static",
    "dev-web",
    "logs",
    "mail",
    "secrets",
    "postgres",
    "postgres.new",
    "programs",
)
"""All that is ever kept in a home, by name."""


class Home:
    """A folder with data, logs, mails, secrets and remembered ports.

    :raises SetupError: it cannot be made or written
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        try:
            # Root's servers run as somebody else, who must be able to pass through.
            self.path.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
            for folder in ("beat", "logs", "mail", "secrets", "stamps"):
                (self.path / folder).mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise SetupError(
                f"{self.path} cannot be used ({error.strerror}): choose another with DEMO_HOME=…"
            ) from error

    @classmethod
    def of_the_demo(cls) -> "Home":
        """The one that DEMO_HOME names, `.local/` of the checkout by default."""
        return cls(demo_home())

    def log(self, name: str) -> Path:
        """Where the program `name` writes."""
        return self.path / "logs" / f"{name}.log"

    def secret(self, name: str, *, size: int = 40) -> str:
        """A random word of `size` bytes, made once and kept where only the owner reads it."""
        file = self.path / "secrets" / name
        if not file.exists():
            write_private(file, secrets.token_urlsafe(size))
        return file.read_text()

    def port(self, name: str) -> int:
        """The port of the server `name`: the same at every start, as long as nobody else took it."""
        file = self.path / "ports.json"
        ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        if name not in ports or not is_free(ports[name]):
            ports[name] = free_port()
            write_private(file, json.dumps(ports))
        return ports[name]

    def lock(self) -> None:
        """Make this home ours until the process ends.

        :raises SetupError: it is somebody's already
        """
        file = self.path / "lock"
        lock = os.open(
            file, os.O_RDWR | os.O_CREAT, 0o600
        )  # never closed: the end of the process gives it up
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise SetupError(
                f"A demo already runs in {self.path} (process {file.read_text().strip()}): "
                "stop it first, or choose another folder with DEMO_HOME=… and another PORT=…"
            ) from None
        file.write_text(f"{os.getpid()}\n")


def demo_home() -> Path:
    """The folder that DEMO_HOME names, whether or not it is there."""
    return Path(os.environ.get("DEMO_HOME") or ROOT / ".local")


def is_in_use(home: Path) -> bool:
    """Whether a demo runs in `home`."""
    try:
        with (home / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def write_private(file: Path, text: str) -> None:
    """Replace `file` at once and whole, readable by its owner only."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(text)
    unfinished.replace(file)
