"""The addresses that are really there, read from the two URLconfs."""

import re
from collections.abc import Iterator
from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver

APP_INDEX = re.compile(r"\^\(\?P<app_label>[^)]*\)/\$$")
"""The admin's page of one app: its pattern lists the apps in no certain order."""


def _below(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        here = before + APP_INDEX.sub("<app_label>/", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, here)
        else:
            yield here, pattern


def addresses(urlconf: str) -> dict[str, URLPattern]:
    """Every address of a URLconf, as it is written there."""
    return dict(_below(import_module(urlconf).urlpatterns, "/"))


AT_A_CLINIC = addresses(settings.ROOT_URLCONF)
AT_THE_BASE = addresses(settings.PUBLIC_SCHEMA_URLCONF)


def methods_of(address: str) -> set[str]:
    """What an address of the API has an answer for, but for HEAD, which is GET without the body."""
    view = getattr(AT_A_CLINIC[address].callback, "cls", None)
    assert view is not None, f"{address} is no view of the API"
    return {name.upper() for name in view.http_method_names if hasattr(view, name)} - {"HEAD"}
