"""The command that starts the web server."""

import argparse
import gc
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.server.mp import MPServer

from config.server.limits import Limits

_FILES = 16_384
"""Open files, if the system allows so many: each connection is one."""
_STARTING = 5.0
"""A process that ends within this many seconds has not started; the next one is delayed a little."""
_PAUSE = 0.5


class Server(MPServer):
    """granian's server, which replaces each process that ends.

    granian gives up when a process ends within five seconds after it was replaced. A request that kills a
    process twice would stop the server, so this one goes on.
    """

    def _respawn_workers(
        self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        if any(time.monotonic() - self.wrks[index].birth < _STARTING for index in workers):
            time.sleep(_PAUSE)
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self.respawned_wrks.clear()


def main() -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests that run."""
    options = _parser().parse_args()
    limits = Limits(threads=options.threads)
    _allow_many_connections()
    load = _loader(limits, preload=not options.reload)
    Server(
        "config.server",
        address=options.host,
        port=options.port,
        interface=Interfaces.RSGI,
        # Clients can start a hundred requests on one HTTP/2 connection; the proxy speaks HTTP/1 anyway.
        http=HTTPModes.http1,
        websockets=False,
        workers=options.workers,
        backpressure=limits.connections,
        respawn_failed_workers=True,
        workers_kill_timeout=options.kill_timeout,
        reload=bool(options.reload),
        reload_paths=options.reload,
        reload_ignore_patterns=[r"^(?!.*\.py$)"],
        # A file with a syntax error ends the process; the next change starts another one.
        reload_ignore_worker_failure=True,
    ).serve(target_loader=load, wrap_loader=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.server", description="Serves the application.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument(
        "--threads", type=int, default=4, help="requests at a time in each process, at most 7"
    )
    parser.add_argument("--kill-timeout", type=int, default=30, help="seconds for running requests to finish")
    parser.add_argument(
        "--reload", type=Path, action="append", help="restart when a Python file in it changes"
    )
    return parser


def _loader(limits: Limits, *, preload: bool) -> Callable[[], Any]:
    """Return a function that returns the application.

    With `preload`, it is imported now, so a new process starts in milliseconds and shares its memory.
    """

    def load() -> Any:
        from config.server.application import Application  # noqa: PLC0415 changed code is loaded by each process
        from config.wsgi import application  # noqa: PLC0415

        return Application(application, limits)

    if preload:
        loaded = load()
        _import_views()
        gc.collect()
        gc.freeze()
        return lambda: loaded
    return load


def _import_views() -> None:
    """Import all views, which Django does with the first request of each kind of host."""
    from django.conf import settings  # noqa: PLC0415 the settings are read by `load`
    from django.urls import get_resolver  # noqa: PLC0415

    for urls in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        _ = get_resolver(urls).url_patterns


def _allow_many_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
