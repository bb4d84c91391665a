"""Running a command of somebody else's to its end, its whole output in a log."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_KEPT_OUTPUT = 20_000


class CommandFailed(Exception):
    """A command ended with another status than 0."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output
        """The end of what it printed."""


def run(argv: Sequence[str], *, log: Path, folder: Path, env: Mapping[str, str] | None = None) -> None:
    """Run `argv` in `folder`; what it prints goes to the end of `log`.

    It is ended with all its children when we are interrupted.

    :raises CommandFailed: it did not succeed
    """
    with log.open("ab") as output:
        output.write(f"\n$ {' '.join(argv)}\n".encode())
        output.flush()
        begins = output.tell()
        try:
            process = subprocess.Popen(
                argv,
                cwd=folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise CommandFailed(f"{argv[0]}: {error.strerror}") from error
        try:
            status = process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
    if status:
        raise CommandFailed(_text_since(log, begins))


def _text_since(log: Path, begins: int) -> str:
    with log.open("rb") as file:
        file.seek(max(begins, log.stat().st_size - _KEPT_OUTPUT))
        return file.read().decode(errors="replace")
