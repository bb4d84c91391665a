"""The language of a message: that of its recipient."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from tenants.accounts.languages import message_language
from tenants.accounts.models import User


@contextmanager
def in_language_of(recipient: User | None) -> Iterator[None]:
    """Activate the language of a message's recipient, for its words, dates and direction of writing."""
    with translation.override(message_language(recipient)):
        yield
