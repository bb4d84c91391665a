"""A TCP proxy that can stop passing data on, like a server that is frozen but whose kernel still answers."""

import selectors
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType


class PausingProxy:
    """Passes connections on to `target` while it is not paused. Use it as a context manager."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._paused, self._stopped = threading.Event(), threading.Event()
        self._peers: dict[socket.socket, socket.socket] = {}
        self._thread = threading.Thread(target=self._run)

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self._listener.getsockname()[1])

    def pause(self) -> None:
        """Pass nothing on. Connections are still accepted, by the kernel."""
        self._paused.set()

    def resume(self) -> None:
        """Pass on everything, including what arrived meanwhile."""
        self._paused.clear()

    def __enter__(self) -> "PausingProxy":
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join()
        for open_socket in (self._listener, *self._peers):
            open_socket.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            while not self._stopped.is_set():
                if self._paused.is_set():
                    time.sleep(0.01)
                    continue
                for key, _events in selector.select(0.05):
                    if key.fileobj is self._listener:
                        self._accept(selector)
                    elif isinstance(key.fileobj, socket.socket):
                        self._pass_on(key.fileobj, selector)

    def _accept(self, selector: selectors.BaseSelector) -> None:
        client, server = self._listener.accept()[0], socket.create_connection(self._target)
        self._peers |= {client: server, server: client}
        for end in (client, server):
            selector.register(end, selectors.EVENT_READ)

    def _pass_on(self, source: socket.socket, selector: selectors.BaseSelector) -> None:
        if source not in self._peers:
            return
        data = b""
        with suppress(OSError):
            data = source.recv(65536)
        if data:
            with suppress(OSError):
                self._peers[source].sendall(data)
            return
        other = self._peers.pop(source)
        self._peers.pop(other, None)
        for end in (source, other):
            selector.unregister(end)
            end.close()
