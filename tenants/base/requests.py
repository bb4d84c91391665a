"""Reading a request through a serializer."""

from typing import Any

from rest_framework.serializers import Serializer


def read(form: type[Serializer[Any]], given: Any, **options: Any) -> dict[str, Any]:
    """What `given` (a body or a query) says, checked by `form`.

    :raises ValidationError: it does not fit
    """
    serializer = form(data=given, **options)
    serializer.is_valid(raise_exception=True)
    checked: dict[str, Any] = serializer.validated_data
    return checked


def query_of(request: Any) -> dict[str, str]:
    """The query's last value of each name, leaving out those sent empty."""
    return {name: value for name, value in request.query_params.items() if value != ""}
