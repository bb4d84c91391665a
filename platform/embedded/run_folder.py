"""The folder with all data of one demo or test run."""

import fcntl
import json
import os
import secrets
from pathlib import Path

from embedded.ports import free_port, is_free
from embedded.setup_error import SetupError

ROOT = Path(__file__).resolve().parents[2]
"""The root folder of the repository."""

PARTS = (
    "demo.json",
    "demo-clinics.json",
    "environment.json",
    "running.json",
    "ports.json",
    "stamps",
    "beat",
    "static",
    "pictures",
    "dev-web",
    "logs",
    "mail",
    "secrets",
    "postgres",
    "postgres.new",
    "programs",
)
"""The names of all files and folders that a home may contain."""


class Home:
    """A folder with data, logs, mail, secrets and port numbers.

    :raises SetupError: the folder cannot be created or written
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        try:
            # Servers started by root run as another user, who must be able to enter the folder.
            self.path.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
            for folder in ("logs", "mail", "secrets", "stamps"):
                (self.path / folder).mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise SetupError(
                f"{self.path} cannot be used ({error.strerror}): choose another with DEMO_HOME=…"
            ) from error

    @classmethod
    def of_the_demo(cls) -> "Home":
        """Return the home in DEMO_HOME, by default `.local/` in the repository."""
        return cls(demo_home())

    def log(self, name: str) -> Path:
        """Return the log file of the program `name`."""
        return self.path / "logs" / f"{name}.log"

    def secret(self, name: str, *, size: int = 40) -> str:
        """Return a random secret of `size` bytes, created once and readable by its owner only."""
        file = self.path / "secrets" / name
        if not file.exists():
            write_private(file, secrets.token_urlsafe(size))
        return file.read_text()

    def port(self, name: str) -> int:
        """Return the port of the server `name`: the same at every start unless another program uses it."""
        file = self.path / "ports.json"
        ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        if name not in ports or not is_free(ports[name]):
            ports[name] = free_port()
            write_private(file, json.dumps(ports))
        return ports[name]

    def lock(self) -> None:
        """Lock this home until the process ends.

        :raises SetupError: another process has locked it
        """
        file = self.path / "lock"
        lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)  # never closed: the lock ends with the process
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise SetupError(
                f"A demo is already running in {self.path} (process {file.read_text().strip()}): "
                "stop it first, or choose another folder with DEMO_HOME=… and another port with PORT=…"
            ) from None
        file.write_text(f"{os.getpid()}\n")


def demo_home() -> Path:
    """Return the folder in DEMO_HOME, which may not exist."""
    return Path(os.environ.get("DEMO_HOME") or ROOT / ".local")


def is_in_use(home: Path) -> bool:
    """Return whether a demo is running in `home`."""
    try:
        with (home / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def write_private(file: Path, text: str) -> None:
    """Replace `file` atomically; only its owner can read it."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(text)
    unfinished.replace(file)
