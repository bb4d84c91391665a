"""Runs a WSGI application behind granian's RSGI interface.

granian's own WSGI server takes one of its few threads as soon as the head of a request has arrived, so a
few clients that send their body slowly stop the server. Here the event loop reads the body, and only then
is a thread taken. Requests wait for a thread for a limited time. Liveness needs no thread at all.
"""

import asyncio
import io
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from config.server import answers
from config.server.body import CLIENT_LEFT, BodyReader, BodyRefused, UploadStream
from config.server.environ import environ_of
from config.server.limits import Limits
from config.server.response import Response
from config.server.slots import NoSlot, Slots

WsgiApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Application:
    """An RSGI application, see https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md."""

    def __init__(self, wsgi: WsgiApplication, limits: Limits) -> None:
        self._wsgi, self._limits = wsgi, limits
        self._bodies = BodyReader(limits)
        self._threads = Slots(limits.threads, waiting=limits.waiting, seconds=limits.wait)
        # An upload lasts as long as the client wants, so all share one thread. Only one of the other threads
        # may be kept by a download.
        self._uploads = Slots(1, waiting=1, seconds=limits.wait)
        self._downloads = threading.Semaphore(1)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start. granian calls this in each process."""
        self._loop = loop
        self._executor = ThreadPoolExecutor(self._limits.threads + 1, thread_name_prefix="request")

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stop. granian calls this when all requests have ended."""
        self._executor.shutdown(cancel_futures=True)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(403)
            return
        if scope.path == "/health/live":
            answers.live(protocol)
            return
        try:
            await self._answer(scope, protocol)
        except BodyRefused as refused:
            answers.refuse(protocol, scope, refused.status)
        except NoSlot:
            answers.refuse(protocol, scope, 503)
        except CLIENT_LEFT:
            return

    async def _answer(self, scope: Any, protocol: Any) -> None:
        headers = scope.headers.items()
        by_name = dict(headers)
        length = self._bodies.length(by_name)
        environ = environ_of(scope, headers)
        if length is not None and length > self._limits.body_in_memory:
            async with self._uploads:
                stream = UploadStream(protocol, self._loop, self._limits.body_seconds(length))
                environ["wsgi.input"] = io.BufferedReader(stream)
                await self._run(environ, protocol)
            return
        body = await self._bodies.read(protocol, length)
        environ["wsgi.input"] = io.BytesIO(body)
        if length is None:
            environ["CONTENT_LENGTH"] = str(len(body))
        async with self._threads:
            await self._run(environ, protocol)

    async def _run(self, environ: dict[str, Any], protocol: Any) -> None:
        await self._loop.run_in_executor(self._executor, self._run_in_thread, environ, protocol)

    def _run_in_thread(self, environ: dict[str, Any], protocol: Any) -> None:
        """Run the WSGI application and send its response."""
        response = Response(protocol, self._loop, self._limits, self._downloads)
        body = self._wsgi(environ, response.start)
        try:
            response.send(body)
        finally:
            # Django ends the request here, in the thread that has its database connection.
            getattr(body, "close", lambda: None)()
