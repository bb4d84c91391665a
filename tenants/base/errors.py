"""The refusals every app shares: what the domain says no to, in words for a person."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """The domain refuses. Views let it pass; the envelope turns it into an answer.

    A subclass names the refusal: `code` for programs, `message` for a person, `status` for HTTP.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[Text] = _("This cannot be done.")
    status: ClassVar[int] = 422

    retry_after: int | None = None
    """In how many seconds asking again may be of use."""

    def __init__(self, data: Any = None, errors: Mapping[str, Sequence[Text]] | None = None) -> None:
        super().__init__(self.code)
        self.data = data
        self.errors = errors or {}

    @property
    def in_words(self) -> str:
        """All its reasons in a line for a person; where it names none, what it says of itself."""
        reasons = [str(reason) for field in self.errors.values() for reason in field]
        return " ".join(reasons) or str(self.message)


class NotFound(DomainError):
    """What was asked for is not there, or not there for the one who asks."""

    code = "not_found"
    message = _("This could not be found.")
    status = 404


class InvalidInput(DomainError):
    """What was sent does not make sense; `errors` says which field and why."""

    code = "invalid"
    message = _("Please correct what is marked.")
    status = 400
