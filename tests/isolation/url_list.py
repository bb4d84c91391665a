"""All addresses of the product, read from the two URLconfs."""

import re
from collections.abc import Iterator
from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver

APP_INDEX = re.compile(r"\^\(\?P<app_label>[^)]*\)/\$$")
"""The admin's page of one app: its pattern lists the apps in no fixed order."""


def _addresses_below(
    patterns: list[URLPattern | URLResolver], prefix: str
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        address = prefix + APP_INDEX.sub("<app_label>/", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _addresses_below(pattern.url_patterns, address)
        else:
            yield address, pattern


def addresses(urlconf: str) -> dict[str, URLPattern]:
    """Return every address of a URLconf, as written there."""
    return dict(_addresses_below(import_module(urlconf).urlpatterns, "/"))


CLINIC_URLS = addresses(settings.ROOT_URLCONF)
BASE_URLS = addresses(settings.PUBLIC_SCHEMA_URLCONF)


def methods_of(address: str) -> set[str]:
    """Return the methods of an API address, except HEAD, which is GET without the body."""
    view = getattr(CLINIC_URLS[address].callback, "cls", None)
    assert view is not None, f"{address} is no view of the API"
    return {name.upper() for name in view.http_method_names if hasattr(view, name)} - {"HEAD"}
