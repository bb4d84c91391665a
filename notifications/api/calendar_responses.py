"""Content negotiation of the views that return an iCalendar file."""

from collections.abc import Iterable

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class IgnoreAcceptHeader(BaseContentNegotiation):
    """Ignores the Accept header, so that clients that accept only text/calendar get failures as JSON."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the JSON renderer, for failures. DRF does not render the calendar itself."""
        first = next(iter(renderers))
        return first, str(first.media_type)
