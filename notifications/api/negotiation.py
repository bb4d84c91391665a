"""What addresses share that answer with a calendar."""

from collections.abc import Iterable

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class WhateverIsAccepted(BaseContentNegotiation):
    """Answers calendar programs that accept nothing but calendars, where there is none to give, too."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first, for a refusal; a calendar is no matter of renderers."""
        first = next(iter(renderers))
        return first, str(first.media_type)
