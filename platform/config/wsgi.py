"""The WSGI application that granian serves."""

import gc
import os
from collections.abc import Iterable
from typing import Any, cast

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_django = get_wsgi_application()

# What is loaded now stays until the process ends: looking through it for garbage takes time from requests.
gc.collect()
gc.freeze()
gc.set_threshold(10_000)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """What is sent (PEP 3333), in one piece where all of it is there: granian has less to do for that."""
    response = _django(environ, start_response)
    # What Sentry wraps says nothing of itself, and goes as it comes.
    if getattr(response, "streaming", True):
        return cast("Iterable[bytes]", response)
    try:
        return list(cast("Iterable[bytes]", response))
    finally:
        response.close()
