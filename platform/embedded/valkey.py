"""A Valkey of our own on 127.0.0.1. It keeps nothing on disk: what must not be lost is in Postgres."""

import time
from pathlib import Path

import redis

from embedded import binaries
from embedded.programs import Program, Running, log_tail
from embedded.setup_error import SetupError
from embedded.unprivileged import reachable_place, server_user


def prepare(home: Path, *, port: int) -> Program:
    """The server as a program to start.

    :raises SetupError: there is no Valkey here
    """
    user = server_user()
    program = binaries.valkey_server()
    folder = binaries.within_reach(program.parent, user, reachable_place(home, user))
    options = ("--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", "/")
    options += ("--databases", "128")  # one for each process of a test run
    return Program(name="valkey", argv=(str(folder / program.name), *options), env={}, user=user)


def wait_until_ready(running: Running, *, port: int, log: Path, seconds: float = 15) -> None:
    """Wait until the server answers.

    :raises SetupError: it ended, or took too long
    """
    deadline = time.monotonic() + seconds
    with redis.Redis(host="127.0.0.1", port=port, socket_timeout=2) as client:
        while running.process.poll() is None and time.monotonic() < deadline:
            try:
                client.ping()
            except redis.ConnectionError:
                time.sleep(0.02)
            else:
                return
    raise SetupError(f"Valkey does not start. The end of {log} says:\n{log_tail(log)}")
