"""A local Valkey on 127.0.0.1 without persistence: everything that must not be lost is in Postgres."""

from pathlib import Path

import redis

from embedded import binaries, programs
from embedded.programs import Program, Running
from embedded.unprivileged import accessible_folder, server_user


def prepare(home: Path, *, port: int) -> Program:
    """Return the server as a program to start.

    :raises SetupError: Valkey is not installed
    """
    user = server_user()
    program = binaries.valkey_server()
    folder = binaries.accessible_copy(program.parent, user, accessible_folder(home, user))
    options = ("--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", "/")
    databases = ("--databases", "128")  # one for each process of a test run
    return Program(name="valkey", argv=(str(folder / program.name), *options, *databases), env={}, user=user)


def wait_until_ready(running: Running, *, port: int, log: Path) -> None:
    """Wait until the server answers.

    :raises SetupError: the server ended, or did not answer in time
    """
    with redis.Redis(host="127.0.0.1", port=port, socket_timeout=2) as client:

        def answers() -> bool:
            try:
                return bool(client.ping())
            except (redis.ConnectionError, redis.TimeoutError):
                return False

        programs.wait_until_ready(running, answers, title="Valkey", log=log)
