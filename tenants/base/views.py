"""Declares that the response of a view is the same for everybody."""

from collections.abc import Callable
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])


def public_data(view: V) -> V:
    """Declare that a view's response contains nothing secret or personal, so that it may be compressed.

    A class of the API sets `public_data = True` instead. Everything that is not declared may not be stored.
    """
    view.public_data = True  # type: ignore[attr-defined]
    return view
