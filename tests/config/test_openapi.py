"""The OpenAPI document is complete, and the committed copy for the web app is up to date."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator, FormatChecker

from config.api_tags import TAGS
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient

COMMITTED = Path(__file__).resolve().parents[2] / "frontend" / "openapi.json"
JSON = "application/json"
FIRST_OPERATIONS = {
    "GET /api/clinic/",
    "POST /api/auth/register/",
    "POST /api/auth/login/",
    "POST /api/auth/refresh/",
    "GET /api/users/doctors/",
    "GET /api/appointments/available/",
    "POST /api/appointments/holds/",
    "POST /api/appointments/bookings/",
    "GET /api/appointments/my-bookings/",
    "POST /api/appointments/bookings/{booking_id}/cancel/",
}
"""The operations that an integrator meets first. They have examples."""


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The document, generated without a warning."""
    path = tmp_path_factory.mktemp("openapi") / "openapi.json"
    call_command("spectacular", format="openapi-json", file=str(path), validate=True, fail_on_warn=True)
    generated: dict[str, Any] = json.loads(path.read_text())
    return generated


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All operations by method and path, such as `GET /api/clinic/`."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def failures(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The JSON content of every response of an operation that is not a success, by status."""
    return {
        status: response["content"][JSON]
        for status, response in operation["responses"].items()
        if not status.startswith("2")
    }


def codes(content: dict[str, Any]) -> list[str]:
    """The possible values of `code` in a failure."""
    listed: list[str] = content["schema"]["allOf"][1]["properties"]["code"]["enum"]
    return listed


def resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The component that the schema refers to, or the schema itself."""
    if "$ref" not in schema:
        return schema
    component: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return component


def fields(schema: dict[str, Any], document: dict[str, Any], name: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a request body, nested ones included, with its schema."""
    schema = resolved(schema, document)
    for part in [*schema.get("allOf", []), *schema.get("anyOf", []), *schema.get("oneOf", [])]:
        yield from fields(part, document, name)
    for field, inner in schema.get("properties", {}).items():
        yield f"{name}.{field}", inner
        yield from fields(inner, document, f"{name}.{field}")
    if "items" in schema:
        yield from fields(schema["items"], document, name)


def as_json_schema(schema: Any) -> Any:
    """An OpenAPI 3.0 schema as JSON Schema, which writes `nullable` in another way."""
    if isinstance(schema, list):
        return [as_json_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: as_json_schema(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


def examples(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """The examples of an operation: name, schema and value."""
    contents = {"request": operation.get("requestBody", {}).get("content", {})}
    contents |= {status: response.get("content", {}) for status, response in operation["responses"].items()}
    for place, content in contents.items():
        for name, example in content.get(JSON, {}).get("examples", {}).items():
            yield f"{place} {name}", content[JSON]["schema"], example["value"]


def test_every_json_success_is_enveloped(document: dict[str, Any]) -> None:
    wrong = [
        name
        for name, operation in operations(document).items()
        for status, response in operation["responses"].items()
        if status.startswith("2") and JSON in response["content"]
        if response["content"][JSON]["schema"]["required"] != ["success", "data", "message"]
    ]

    assert wrong == []


def test_no_success_is_documented_without_a_body(document: dict[str, Any]) -> None:
    missing = [name for name, operation in operations(document).items() if "204" in operation["responses"]]

    assert missing == []


def test_every_operation_has_a_summary_and_a_description(document: dict[str, Any]) -> None:
    missing = [
        name
        for name, operation in operations(document).items()
        if not operation.get("summary") or not operation.get("description")
    ]

    assert missing == []


def test_every_operation_has_one_tag_with_a_text(document: dict[str, Any]) -> None:
    texts = {tag["name"]: tag["description"] for tag in document["tags"]}

    tags = {tuple(operation["tags"]) for operation in operations(document).values()}

    assert texts == {tag.name: tag.description for tag in TAGS}
    assert tags == {(name,) for name in texts}
    assert all(texts.values())


def test_every_operation_that_changes_something_says_what_has_happened(document: dict[str, Any]) -> None:
    wrong = []
    for name, operation in operations(document).items():
        contents = [
            response["content"][JSON]
            for status, response in operation["responses"].items()
            if status.startswith("2") and JSON in response["content"]
        ]
        messages = [content["schema"]["properties"]["message"].get("example") for content in contents]
        # Where the message depends on the data, the examples have it.
        messages += [
            value["message"] for place, _schema, value in examples(operation) if place.startswith("2")
        ]
        if contents and name.startswith("GET ") == any(messages):
            wrong.append(name)

    assert wrong == []


def test_every_operation_lists_the_codes_of_its_failures(document: dict[str, Any]) -> None:
    missing = [
        (name, status)
        for name, operation in operations(document).items()
        for status, content in failures(operation).items()
        if not codes(content)
        or any(f"`{code}`: " not in operation["responses"][status]["description"] for code in codes(content))
    ]

    assert missing == []


def test_failures_follow_from_the_view(document: dict[str, Any]) -> None:
    """A body can be invalid, a token can be missing, an id can be unknown."""
    wrong = []
    for name, operation in operations(document).items():
        statuses = set(failures(operation))
        expected = {"503"}
        if "requestBody" in operation:
            expected.add("400")
        if operation["security"] == [{"accessToken": []}]:
            expected.add("401")
        if "{" in name:
            expected.add("404")
        if not expected <= statuses:
            wrong.append((name, expected - statuses))

    assert wrong == []


def test_every_failure_has_the_shape_of_the_envelope(document: dict[str, Any]) -> None:
    envelope = {"success", "data", "message", "code", "errors"}

    shapes = {
        frozenset(resolved(content["schema"]["allOf"][0], document)["properties"])
        for operation in operations(document).values()
        for content in failures(operation).values()
    }

    assert shapes == {frozenset(envelope)}


def test_every_field_of_a_request_has_a_description(document: dict[str, Any]) -> None:
    missing = {
        f"{name} {field}"
        for name, operation in operations(document).items()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for field, schema in fields(content["schema"], document)
        if not schema.get("description")
    }

    assert missing == set()


def test_every_parameter_has_a_description(document: dict[str, Any]) -> None:
    missing = [
        (name, parameter["name"])
        for name, operation in operations(document).items()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    ]

    assert missing == []


def test_the_first_operations_have_examples(document: dict[str, Any]) -> None:
    missing = []
    for name in FIRST_OPERATIONS:
        operation = operations(document)[name]
        places = {place.split()[0] for place, _schema, _value in examples(operation)}
        if "requestBody" in operation and "request" not in places:
            missing.append((name, "request"))
        if not places - {"request"}:
            missing.append((name, "response"))

    assert missing == []


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    components = as_json_schema({"components": document["components"]})

    wrong = [
        (name, place, error.json_path, error.message)
        for name, operation in operations(document).items()
        for place, schema, value in examples(operation)
        for error in Draft202012Validator(
            {**as_json_schema(schema), **components}, format_checker=FormatChecker()
        ).iter_errors(value)
    ]

    assert wrong == []


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document).values()]

    assert len(set(names)) == len(names)


def test_the_document_is_served(clinic: Clinic, document: dict[str, Any]) -> None:
    served = ClinicClient(clinic).get(
        "/api/schema/?format=json", HTTP_ACCEPT="application/vnd.oai.openapi+json"
    )

    assert (served.status_code, json.loads(served.content)) == (200, document)


def test_the_document_of_the_web_app_is_up_to_date(document: dict[str, Any]) -> None:
    assert json.loads(COMMITTED.read_text()) == document
