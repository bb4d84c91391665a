"""The WSGI application that granian serves."""

import gc
import os
from collections.abc import Iterable
from typing import Any, cast

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_django = get_wsgi_application()

# Objects loaded so far live as long as the process, so garbage collection need not visit them.
gc.collect()
gc.freeze()
gc.set_threshold(10_000)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Return the response (PEP 3333). A complete body is returned as a list, which granian sends faster."""
    response = _django(environ, start_response)
    # A response that Sentry has wrapped does not tell whether it streams, so it is returned as it is.
    if getattr(response, "streaming", True):
        return cast("Iterable[bytes]", response)
    try:
        return list(cast("Iterable[bytes]", response))
    finally:
        response.close()
