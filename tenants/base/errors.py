"""The base of all errors that the domain raises, with their messages for users."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """The domain refuses a request. Views let it propagate; `config.envelope` turns it into a response.

    A subclass sets `code` for programs, `message` for the user and the HTTP `status`. Its message says what
    happened and what to do next.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[Text] = _("This is not possible. Reload the page and try again.")
    status: ClassVar[int] = 422

    retry_after: int | None = None
    """Seconds after which a retry may succeed."""

    def __init__(self, data: Any = None, errors: Mapping[str, Sequence[Text]] | None = None) -> None:
        super().__init__(self.code)
        self.data = data
        self.errors = errors or {}

    @property
    def user_message(self) -> Text:
        """The message for the user. A subclass overrides it if the message depends on the instance."""
        return self.message

    @property
    def message_with_details(self) -> str:
        """All field messages in one line, or the general message if there are none."""
        reasons = [str(reason) for field in self.errors.values() for reason in field]
        return " ".join(reasons) or str(self.user_message)


class NotFound(DomainError):
    """The object does not exist, or the user may not see it."""

    code = "not_found"
    message = _("We could not find this. Check the link or the id.")
    status = 404


class Unavailable(DomainError):
    """The server has too much to do, or Postgres does not answer."""

    code = "unavailable"
    message = _("The service is not available. Try again in a moment.")
    status = 503
    retry_after = 2


class InvalidInput(DomainError):
    """The input is invalid. `errors` has the messages by field."""

    code = "invalid"
    message = _("Some fields are not valid. Correct the marked fields and try again.")
    status = 400
