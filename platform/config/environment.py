"""Reading the environment: every variable directly, or from the file that NAME_FILE points to."""

import environ
from environ.fileaware_mapping import FileAwareMapping


class Given(FileAwareMapping):
    """The environment as it is meant: no newline at a file's end, and a leading `$` is just that."""

    def __getitem__(self, key: str) -> str:
        """The value, with a leading `$` escaped from being taken for another variable's name."""
        value = str(super().__getitem__(key)).rstrip("\r\n")  # type: ignore[no-untyped-call]
        return f"\\{value}" if value.startswith("$") else value


class Environment(environ.Env):
    """django-environ over `Given`."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.ENVIRON = Given()  # type: ignore[no-untyped-call, assignment]
        self.escape_proxy = True
