"""Read environment variables, or the files named by `<NAME>_FILE` variables."""

import environ
from environ.fileaware_mapping import FileAwareMapping


class FileAwareEnvironment(FileAwareMapping):
    """The environment, without line ends of files, and with a leading `$` taken literally."""

    def __getitem__(self, key: str) -> str:
        """Return the value. A leading `$` is escaped, which would otherwise refer to another variable."""
        value = str(super().__getitem__(key)).rstrip("\r\n")  # type: ignore[no-untyped-call]
        return f"\\{value}" if value.startswith("$") else value


class Environment(environ.Env):
    """django-environ over `FileAwareEnvironment`."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.ENVIRON = FileAwareEnvironment()  # type: ignore[no-untyped-call, assignment]
        self.escape_proxy = True
