"""The OpenAPI document says what is really sent: every answer in its envelope."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object

REFUSALS = {"4XX": "Refused: `code` says why.", "503": "Not available right now: try again in a moment."}

FAILURE: dict[str, Any] = {
    "type": "object",
    "required": ["success", "data", "message", "code", "errors"],
    "properties": {
        "success": {"type": "boolean", "enum": [False]},
        "data": {"description": "What a person needs next, such as `alternatives`.", "nullable": True},
        "message": {"type": "string", "description": "For a person."},
        "code": {"type": "string", "description": "For a program.", "example": "slot_taken"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
}


class PlainNames(AutoSchema):
    """Names what goes out as what it is: `Booking`, not `BookingOutput`."""

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """The serializer's name, without the half of it that says which way it goes."""
        return str(serializer.__class__.__name__).removesuffix("Output")


class ClinicTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document names our bearer tokens. drf-spectacular finds it once this module is imported."""

    target_class = "tenants.accounts.authentication.ClinicAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """A JWT in the Authorization header."""
        return build_bearer_security_scheme_object("Authorization", "Bearer", "JWT")


def put_into_envelope(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Wrap every JSON success and add the failure to every operation (a drf-spectacular hook)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Failure"] = FAILURE
    for schema in schemas.values():
        # drf-spectacular says "exactly one" of several forms, though what fits one may fit another too.
        if "oneOf" in schema and "discriminator" not in schema:
            schema["anyOf"] = schema.pop("oneOf")
    for path in result["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if str(status).startswith("2"):
                    _wrap(response)
            for status, words in REFUSALS.items():
                operation["responses"].setdefault(status, _refusal(words))
    return result


def _wrap(response: dict[str, Any]) -> None:
    content = response.setdefault("content", {"application/json": {"schema": {"nullable": True}}})
    answer = content.get("application/json")
    if answer is None:
        return
    answer["schema"] = {
        "type": "object",
        "required": ["success", "data", "message"],
        "properties": {
            "success": {"type": "boolean", "enum": [True]},
            "data": answer.get("schema", {}),
            "message": {"type": "string"},
        },
    }


def _refusal(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Failure"}
    return {"description": words, "content": {"application/json": {"schema": schema}}}
