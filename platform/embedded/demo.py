"""`make demo` and `make dev`: run everything needed to book an appointment, until Ctrl-C.

`make dev` (--reload) differs in that changed code takes effect while it runs; see `embedded.dev`.
"""

import os
import sys
import time
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from embedded import (
    application,
    demo_summary,
    dev,
    external_servers,
    orphaned_processes,
    prepare,
    servers,
    web_app,
)
from embedded.interrupts import Stopped, ignore_signals, stop_on_signals
from embedded.ports import free_port, is_free
from embedded.programs import START_TIMEOUT, Program, not_started
from embedded.progress import say, step, waiting_for
from embedded.run_folder import Home
from embedded.setup_error import SetupError, run_reporting_errors
from embedded.supervisor import Supervisor

_HIGHEST_PORT = 65535
_MAX_EXITS = 3
"""How often a process may end during start-up before the demo is stopped."""


def main(*, reload: bool = False) -> int:
    """Run the demo until it is stopped, then return 0. `reload` restarts processes whose code changes.

    :raises SetupError: something on this machine prevents it, for example a port in use
    """
    started = time.monotonic()
    port = _requested_port()
    home = Home.of_the_demo()
    home.lock()
    demo_summary.unpublish(home)
    supervisor = Supervisor(home, stopped_last=("postgres", "valkey", "mail"))
    try:
        stop_on_signals()
        _start(home, supervisor, port=port, reload=reload)
        say(demo_summary.announcement_text(home, seconds=time.monotonic() - started))
        supervisor.watch()
    except Stopped:
        return 0
    finally:
        ignore_signals()
        demo_summary.unpublish(home)
        with step("Stopping"):
            supervisor.stop()
    return 0


def _start(home: Home, supervisor: Supervisor, *, port: int, reload: bool) -> None:
    if reload:
        node = web_app.install_packages()
    else:
        web_app.build()
    if count := orphaned_processes.stop_orphans(home.path / "running.json"):
        say(f"Stopped {count} processes of an earlier demo that was killed.")
    with step("Starting Postgres, Valkey and the mail server"):
        addresses = servers.start_all(home, supervisor.launch, os.environ)
        external_servers.check_connections(os.environ, addresses)
    settings = addresses | application.settings(home, port=port) | (dev.settings(home) if reload else {})
    env = servers.with_settings(os.environ, settings)
    demo_summary.save_environment(home, settings)
    prepare.prepare_database(home, env)
    if reload:
        web_port = home.port("web")
        programs = dev.programs(home, env, port=web_port)
        vite = dev.vite(node, port=port, web_port=web_port)
    else:
        prepare.collect_static(home, env)
        web_port = port
        programs = application.programs(home, env, port=port)
        vite = None
    web, *background = programs
    with step("Starting web, workers and beat"):
        supervisor.launch(web)
        _wait_until_ready(home, supervisor, web, port=web_port)
        if vite:
            supervisor.launch(vite)
            _wait_until_ready(home, supervisor, vite, port=port)
        # Started last, because they would slow down the start of the web process.
        for program in background:
            supervisor.launch(program)
    demo_summary.publish(home, settings, port=port)


def _requested_port() -> int:
    value = os.environ.get("PORT") or "8000"
    if not value.isdecimal() or not 0 < int(value) <= _HIGHEST_PORT:
        raise SetupError(
            f"PORT={value} is not a port: choose a number from 1024 to {_HIGHEST_PORT}, such as PORT=8001."
        )
    port = int(value)
    try:
        if is_free(port):
            return port
    except PermissionError:
        raise SetupError(f"Only root may use port {port}: choose another, for example PORT=8000.") from None
    raise SetupError(
        f"Port {port} is in use by another program: stop that program, or choose another port, "
        f"for example make demo PORT={free_port()}"
    )


def _wait_until_ready(home: Home, supervisor: Supervisor, program: Program, *, port: int) -> None:
    title, log = f"the {program.name} process", home.log(program.name)
    deadline = time.monotonic() + START_TIMEOUT
    with waiting_for(f"{title} to answer"):
        while not _is_ready(port):
            supervisor.restart_ended()
            if supervisor.unexpected_ends(program.name) >= _MAX_EXITS:
                raise SetupError(not_started(title, f"ended {_MAX_EXITS} times", log))
            if time.monotonic() > deadline:
                raise SetupError(not_started(title, f"did not answer within {START_TIMEOUT:.0f} s", log))
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
    sys.exit(run_reporting_errors(partial(main, reload="--reload" in sys.argv)))
