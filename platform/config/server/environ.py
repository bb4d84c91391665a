"""The WSGI environment of a request."""

import sys
from typing import Any

_BASE: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "granian",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
"""Unlike that of most servers, it has no variables of the process: they contain secrets."""
_WITHOUT_PREFIX = {"CONTENT_TYPE", "CONTENT_LENGTH"}


def environ_of(scope: Any, headers: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the WSGI environment of an RSGI request, without `wsgi.input`.

    Headers with an underscore are left out: `X_Forwarded_For` would count as `X-Forwarded-For`, which the
    proxy sets. Repeated headers are joined by a comma, or a semicolon for cookies.
    """
    server_name, _, server_port = scope.server.rpartition(":")
    environ = _BASE | {
        "REQUEST_METHOD": scope.method,
        # WSGI wants the bytes of the path as Latin-1.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server_name,
        "SERVER_PORT": server_port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in headers:
        if "_" in name:
            continue
        variable = name.upper().replace("-", "_")
        key = variable if variable in _WITHOUT_PREFIX else f"HTTP_{variable}"
        if key in environ:
            environ[key] += f"; {value}" if key == "HTTP_COOKIE" else f",{value}"
        else:
            environ[key] = value
    return environ
