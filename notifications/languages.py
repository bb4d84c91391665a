"""The language of a message: that of its recipient."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from tenants.accounts.models import User
from tenants.current import current_clinic


def message_language(_recipient: User | None) -> str:
    """Return the language code of messages to a user, such as `en-us`.

    It is the clinic's: users cannot choose a language of their own yet. All messages ask here.
    """
    return current_clinic().language_code


@contextmanager
def in_language_of(recipient: User | None) -> Iterator[None]:
    """Activate the language of a message's recipient, for its words, dates and direction of writing."""
    with translation.override(message_language(recipient)):
        yield
