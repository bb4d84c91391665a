"""Runs a command and writes its output to a log."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_MAX_OUTPUT = 20_000


class CommandFailed(Exception):
    """A command ended with a status other than 0."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output
        """The end of its output."""


def run(argv: Sequence[str], *, log: Path, folder: Path, env: Mapping[str, str] | None = None) -> None:
    """Run `argv` in `folder` and append its output to `log`.

    An interruption also kills the command and all its children.

    :raises CommandFailed: the command failed or could not be started
    """
    with log.open("ab") as output:
        output.write(f"\n$ {' '.join(argv)}\n".encode())
        output.flush()
        start = output.tell()
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
        raise CommandFailed(_output_since(log, start))


def _output_since(log: Path, start: int) -> str:
    with log.open("rb") as file:
        file.seek(max(start, log.stat().st_size - _MAX_OUTPUT))
        return file.read().decode(errors="replace")
