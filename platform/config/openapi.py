"""Complete the OpenAPI document: the envelope of every response, the errors of every operation, its tag."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from rest_framework.permissions import OR, AllowAny, IsAuthenticated

from config.api_tags import tag_for
from config.envelope import FRAMEWORK_MESSAGES, unavailable
from tenants.accounts.errors import TooManyRequests
from tenants.accounts.permissions import IsSelf
from tenants.base.errors import DomainError, InvalidInput, NotFound
from tenants.base.operations import ErrorClass, Operation, operation_of

PREFIX = "/api/"
JSON = "application/json"

FAILURE: dict[str, Any] = {
    "type": "object",
    "required": ["success", "data", "message", "code", "errors"],
    "properties": {
        "success": {"type": "boolean", "enum": [False]},
        "data": {
            "description": "Details that help the client to continue, such as `alternatives`. Usually null.",
            "nullable": True,
        },
        "message": {
            "type": "string",
            "description": "What happened and what to do next, to show to the user.",
        },
        "code": {"type": "string", "description": "The reason, for programs.", "example": "slot_taken"},
        "errors": {
            "type": "object",
            "description": "Messages by the name of the request field they belong to.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}

Reason = tuple[int, str, str]
"""Status, code and message of a failure."""


class ApiSchema(AutoSchema):
    """Describes one operation. Whatever `@operation` does not declare is derived from the view."""

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Return the component's name: `Booking` for `BookingOutput`."""
        return str(serializer.__class__.__name__).removesuffix("Output")

    def get_tags(self) -> list[str]:
        """Return the section that the path belongs to."""
        return [tag_for(self.path.removeprefix(PREFIX))]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation with enveloped responses and every failure it can return."""
        result: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if result is None:
            return None
        described = operation_of(self.view, self.method)
        for parameter in result.get("parameters", []):
            if parameter["in"] == "path":
                parameter.setdefault("description", _describe_id(parameter["name"]))
        responses = result["responses"]
        for status, response in responses.items():
            if str(status).startswith("2"):
                _wrap(response, described)
        for status, codes in self._failures(result, described.errors).items():
            responses[status] = _failure_response(codes, responses.get(status, {}))
        result["responses"] = dict(sorted(responses.items()))
        return result

    def _failures(
        self, result: dict[str, Any], errors: tuple[ErrorClass, ...]
    ) -> dict[str, dict[str, list[str]]]:
        """Return status -> code -> messages."""
        failures: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for status, code, message in [
            *self._derived_reasons(result),
            *(_reason(error) for error in errors),
            (503, "unavailable", unavailable()["message"]),
        ]:
            if message not in failures[str(status)][code]:
                failures[str(status)][code].append(message)
        return failures

    def _derived_reasons(self, result: dict[str, Any]) -> Iterator[Reason]:
        """Yield the failures that follow from the view: its input, authentication, permissions and path."""
        locations = {parameter["in"] for parameter in result.get("parameters", [])}
        if "requestBody" in result or "query" in locations:
            yield _reason(InvalidInput)
        if "requestBody" in result:
            yield 400, "parse_error", str(FRAMEWORK_MESSAGES["parse_error"])
        permissions = self.view.get_permissions()
        is_public = all(isinstance(permission, AllowAny) for permission in permissions)
        if self.view.get_authenticators():
            codes = ["token_not_valid", "bad_authorization_header", "session_ended"]
            for code in codes if is_public else ["not_authenticated", *codes]:
                yield 401, code, str(FRAMEWORK_MESSAGES[code])
        if is_public:
            yield _reason(TooManyRequests)
        if not all(_is_role_independent(permission) for permission in permissions):
            yield 403, "permission_denied", str(FRAMEWORK_MESSAGES["permission_denied"])
        if "path" in locations:
            yield _reason(NotFound)


def _is_role_independent(permission: Any) -> bool:
    """Return whether the permission lets every signed-in user in, so that it never causes a 403 response."""
    if isinstance(permission, OR):
        either: Any = permission
        return _is_role_independent(either.op1) or _is_role_independent(either.op2)
    return type(permission) in {AllowAny, IsAuthenticated, IsSelf}


class ClinicTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the bearer tokens in the document. drf-spectacular finds it once this module is imported."""

    target_class = "tenants.accounts.sessions.authentication.ClinicAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme of a JWT in the Authorization header."""
        return build_bearer_security_scheme_object("Authorization", "Bearer", "JWT")


def add_failure_schema(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Add the schema that every failure refers to (a drf-spectacular hook)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Failure"] = FAILURE
    for schema in schemas.values():
        # drf-spectacular writes "exactly one of", but a value may match several of the schemas.
        if "oneOf" in schema and "discriminator" not in schema:
            schema["anyOf"] = schema.pop("oneOf")
    return result


def _describe_id(name: str) -> str:
    return f"Id of the {name.removesuffix('_id').replace('_', ' ')}."


def _reason(error: ErrorClass) -> Reason:
    if issubclass(error, DomainError):
        return error.status, error.code, str(error.message)
    code = str(error.default_code)
    return error.status_code, code, str(FRAMEWORK_MESSAGES[code])


def _wrap(response: dict[str, Any], described: Operation) -> None:
    """Put the schema and the examples of a success into the envelope."""
    response["description"] = response["description"] or "Success."
    content = response.setdefault("content", {JSON: {"schema": {"nullable": True}}})
    body = content.get(JSON)
    if body is None:
        return
    message: dict[str, Any] = {"type": "string", "description": "What has happened, to show to the user."}
    if not callable(described.success):
        message["example"] = described.message_for(None)
    data = body.get("schema", {})
    body["schema"] = {
        "type": "object",
        "required": ["success", "data", "message"],
        "properties": {
            "success": {"type": "boolean", "enum": [True]},
            "data": {"allOf": [data], "nullable": True} if described.nullable else data,
            "message": message,
        },
    }
    for example in body.get("examples", {}).values():
        data = example["value"]
        example["value"] = {"success": True, "data": data, "message": described.message_for(data)}


def _failure_response(codes: dict[str, list[str]], described: dict[str, Any]) -> dict[str, Any]:
    """Return the description of one failure status.

    :param described: the response as the view describes it, where `data` has a schema of its own
    """
    schema = described.get("content", {}).get(JSON, {}).get("schema")
    lines = [f"- `{code}`: {' / '.join(messages)}" for code, messages in codes.items()]
    return {
        "description": "\n".join([described["description"], "", *lines] if described else lines),
        "content": {
            JSON: {
                "schema": {
                    "allOf": [
                        schema or {"$ref": "#/components/schemas/Failure"},
                        {"type": "object", "properties": {"code": {"type": "string", "enum": list(codes)}}},
                    ]
                }
            }
        },
    }
