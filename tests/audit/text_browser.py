"""w3m, a browser that shows text only, used with its keys in a terminal."""

import os
import pty
import shutil
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import ioctl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection
from urllib.parse import urlsplit

_CLEAR_LINE = "\x15"
_ENTER = "\r"
_NEXT_FIELD = "\t"
_CANCEL = "\x07"
_PAGE_LOAD = 2.0
"""Seconds without keys after a button was pressed. w3m drops keys while it loads a page."""
_SAVE_SECONDS = 5
_SECONDS = 60
_CONFIG = """
ignorecase_search 0
use_cookie 1
accept_cookie 1
wrap_search 1
confirm_qq 0
display_charset UTF-8
document_charset UTF-8
"""


class TextBrowser:
    """A running w3m."""

    def __init__(self, terminal: int, folder: Path) -> None:
        self._terminal = terminal
        self._folder = folder
        self._saved = 0

    def read(self) -> str:
        """Return the page as it is on the screen, with the parts above and below."""
        self._saved += 1
        file = self._folder / f"page-{self._saved}.txt"
        self._type(_CANCEL, "S", _CLEAR_LINE, str(file), _ENTER)
        deadline = time.monotonic() + _SAVE_SECONDS
        while not (file.exists() and file.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(0.1)
        return file.read_text(errors="replace") if file.exists() else ""

    def wait_for(self, text: str) -> str:
        """Wait until the page has a text, and return the page."""
        deadline = time.monotonic() + _SECONDS
        while text not in (page := self.read()):
            assert time.monotonic() < deadline, f"w3m does not show {text!r}:\n{page}"
            time.sleep(0.3)
        return page

    def press(self, text: str) -> None:
        """Follow the link, or press the button, with a text. The first one on the page is meant."""
        self._search(text)
        self._type(_ENTER)
        time.sleep(_PAGE_LOAD)

    def press_after(self, text: str) -> None:
        """Press the first link, button or radio button after a text."""
        self._search(text)
        self._type(_NEXT_FIELD, _ENTER)

    def fill(self, label: str, value: str) -> None:
        """Type a value into the field after a label."""
        self._search(label)
        self._type(_NEXT_FIELD, _ENTER, _CLEAR_LINE, value, _ENTER)

    def _search(self, text: str) -> None:
        self._type("g", "/", _CLEAR_LINE, text, _ENTER)

    def _type(self, *keys: str) -> None:
        for key in keys:
            os.write(self._terminal, key.encode())
            time.sleep(0.15)


@contextmanager
def open_text_browser(program: str, url: str, folder: Path) -> Iterator[TextBrowser]:
    """Run w3m with a page while the block runs."""
    (folder / ".w3m").mkdir()
    (folder / ".w3m" / "config").write_text(_CONFIG)
    terminal, own_end = pty.openpty()
    ioctl(own_end, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
    with _proxy() as proxy:
        env = {**os.environ, "HOME": str(folder), "TERM": "xterm", "LC_ALL": "C.UTF-8", "http_proxy": proxy}
        env.pop("no_proxy", None)
        process = subprocess.Popen(
            [program, "-config", str(folder / ".w3m" / "config"), url],
            stdin=own_end, stdout=own_end, stderr=own_end, env=env, cwd=folder, start_new_session=True,
        )  # fmt: skip
        os.close(own_end)
        threading.Thread(target=_discard, args=(terminal,), daemon=True).start()
        try:
            yield TextBrowser(terminal, folder)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            os.close(terminal)


def _discard(terminal: int) -> None:
    with suppress(OSError):
        while os.read(terminal, 65536):
            pass


class _Forward(BaseHTTPRequestHandler):
    """Forwards requests to this machine: w3m does not know that all names below localhost are its own."""

    def do_GET(self) -> None:
        """Send the request on, and its response back."""
        url = urlsplit(self.path)
        target = url._replace(scheme="", netloc="").geturl() or "/"
        self.headers.replace_header("Host", url.netloc)
        del self.headers["Connection"], self.headers["Proxy-Connection"]
        self.headers["Connection"] = "close"
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        head = f"{self.command} {target} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in self.headers.items()
        )
        with create_connection(("127.0.0.1", url.port or 80)) as server:
            server.sendall(head.encode() + b"\r\n" + body)
            with server.makefile("rb") as response:
                shutil.copyfileobj(response, self.wfile)
        self.close_connection = True

    do_POST = do_GET  # noqa: N815 the base class calls this name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class names it
        """Log nothing."""


@contextmanager
def _proxy() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Forward)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
