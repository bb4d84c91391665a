"""The command that starts the web server."""

import argparse
import gc
import resource
import time
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import get_resolver
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
    if not options.reload:
        _preload(limits)
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
    ).serve(target_loader=partial(load_application, limits), wrap_loader=False)


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


@cache
def load_application(limits: Limits) -> Any:
    """Return the application. It is imported once; processes that are forked later share its memory."""
    from config.server.application import Application  # noqa: PLC0415 with --reload, each process imports anew
    from config.wsgi import application  # noqa: PLC0415

    return Application(application, limits)


def _preload(limits: Limits) -> None:
    """Import the application with all views, which Django else imports with the first request."""
    load_application(limits)
    for urls in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        _ = get_resolver(urls).url_patterns
    gc.collect()
    gc.freeze()


def _allow_many_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):  # macOS allows fewer than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
