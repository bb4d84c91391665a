"""Describe an API operation where it is implemented: its summary, the errors it returns and its message.

The method's docstring is the description. `config.openapi` turns the rest into the OpenAPI document, and
`config.envelope` sends the message with every successful response.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException

from tenants.base.errors import DomainError, Text

Method = TypeVar("Method", bound=Callable[..., Any])
Success = Text | Callable[[Any], Text]
"""A message, or a function that chooses one from the `data` of the response."""
ErrorClass = type[DomainError] | type[APIException]


@dataclass(frozen=True, slots=True)
class Operation:
    """The part of an operation's description that `extend_schema` has no argument for."""

    success: Success = ""
    errors: tuple[ErrorClass, ...] = ()
    nullable: bool = False

    def message_for(self, data: Any) -> str:
        """Return the message of a successful response, in the active language."""
        return str(self.success(data) if callable(self.success) else self.success)


def operation(
    *,
    summary: str,
    success: Success = "",
    errors: Sequence[ErrorClass] = (),
    nullable: bool = False,
    **schema: Any,
) -> Callable[[Method], Method]:
    """Decorate the method of a view (`get`, `post`, …) with its description.

    :param summary: a few words in the imperative, such as "Cancel a booking"
    :param success: the message of a successful response; empty for reads
    :param errors: the errors of the domain that the operation can return. `config.openapi` adds those that
        follow from the view itself: invalid input, missing sign-in, missing role, unknown id
    :param nullable: whether `data` of a success can be null
    :param schema: arguments of drf-spectacular's `extend_schema`: `request`, `responses`, `parameters`, …
    """

    def describe(method: Method) -> Method:
        method.operation = Operation(success, tuple(errors), nullable)  # type: ignore[attr-defined]
        return extend_schema(summary=summary, **schema)(method)

    return describe


def operation_of(view: Any, method: str) -> Operation:
    """Return the description of the view's `method`; an empty one if the method has none."""
    description: Operation = getattr(getattr(view, method.lower(), None), "operation", Operation())
    return description
