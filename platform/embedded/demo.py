"""`make demo`: everything needed to book an appointment here, until Ctrl-C."""

import os
import sys
import time
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from embedded import announcement, leftovers, named_servers, preparing, product, servers, web_app
from embedded.home import Home
from embedded.ports import free_port, is_free
from embedded.programs import log_tail
from embedded.progress import say, step
from embedded.setup_error import SetupError, report
from embedded.stopping import Stopped, ignore_signals, stop_on_signals
from embedded.supervisor import Supervisor

_HIGHEST_PORT = 65535
_TOO_OFTEN = 3


def main() -> int:
    """Run the demo; 0 when it was asked to stop.

    :raises SetupError: something of the person's is in the way
    """
    started = time.monotonic()
    port = _wanted_port()
    home = Home.of_the_demo()
    home.lock()
    announcement.withdraw(home)
    supervisor = Supervisor(home, stopped_last=("postgres", "valkey", "mail"))
    try:
        stop_on_signals()
        _open(home, supervisor, port=port)
        say(announcement.text(home, seconds=time.monotonic() - started))
        supervisor.watch()
    except Stopped:
        return 0
    finally:
        ignore_signals()
        announcement.withdraw(home)
        with step("Stopping"):
            supervisor.stop()
    return 0


def _open(home: Home, supervisor: Supervisor, *, port: int) -> None:
    web_app.build()
    if count := leftovers.end_leftovers(home.path / "running.json"):
        say(f"Ended {count} processes of an earlier demo that was killed.")
    with step("Starting Postgres, Valkey and the mail sink"):
        found = servers.start_all(home, supervisor.launch, os.environ)
        named_servers.check(os.environ, found)
    ours = found | product.settings(home, port=port)
    env = servers.with_settings(os.environ, ours)
    announcement.keep_environment(home, ours)
    preparing.prepare_database(home, env)
    preparing.collect_static(home, env)
    web, *others = product.programs(home, env, port=port)
    with step("Starting web, worker and beat"):
        supervisor.launch(web)
        _wait_for_web(home, supervisor, port=port)
        for program in others:  # nobody waits for these, and all at once they would take each other's time
            supervisor.launch(program)
    announcement.publish(home, ours, port=port)


def _wanted_port() -> int:
    word = os.environ.get("PORT") or "8000"
    if not word.isdecimal() or not 0 < int(word) <= _HIGHEST_PORT:
        raise SetupError(
            f"PORT={word} is not a port: choose a number from 1024 to {_HIGHEST_PORT}, such as PORT=8001."
        )
    port = int(word)
    try:
        if is_free(port):
            return port
    except PermissionError:
        raise SetupError(f"Port {port} is for root only: choose another with PORT=8000.") from None
    raise SetupError(
        f"Port {port} is in use by another program: stop that one, or choose another port, "
        f"for example make demo PORT={free_port()}"
    )


def _wait_for_web(home: Home, supervisor: Supervisor, *, port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not _is_ready(port):
        supervisor.tend()
        if supervisor.ends_of("web") >= _TOO_OFTEN or time.monotonic() > deadline:
            log = home.log("web")
            raise SetupError(f"The web process does not get ready. The end of {log} says:\n{log_tail(log)}")
        time.sleep(0.1)


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready", headers={"Host": "localhost"})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(report(main))
