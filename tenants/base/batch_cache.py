"""Read a row once per batch instead of once per item, for work on many items that finishes within seconds."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_cache: ContextVar[dict[Hashable, Any] | None] = ContextVar("batch_cache", default=None)


@contextmanager
def batch_cache() -> Iterator[None]:
    """Remember what functions marked with `cached_in_batch` return, until the end of the block.

    Use it inside one clinic, and for a few seconds only: changes by others are not seen.
    """
    token = _cache.set({})
    try:
        yield
    finally:
        _cache.reset(token)


def cached_in_batch(function: Callable[P, R]) -> Callable[P, R]:
    """Call the decorated function once for each list of arguments inside a `batch_cache` block.

    Outside of one it is called each time.
    """

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        cache = _cache.get()
        if cache is None:
            return function(*args, **kwargs)
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in cache:
            cache[key] = function(*args, **kwargs)
        value: R = cache[key]
        return value

    return wrapper
