"""Paths of the web app and its pages."""

from urllib.parse import urlencode

from django.utils.http import url_has_allowed_host_and_scheme


def with_query(path: str, **query: str | None) -> str:
    """Return the path with a query string. Empty values are left out. `from_` becomes `from`."""
    given = {name.rstrip("_"): value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def is_own_path(path: str) -> bool:
    """Return whether this is a path of this site, so that a redirect to it leaves the site for no other."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
