"""The OpenAPI document: complete, enveloped, and the one the web app was made from."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tenants.models import Clinic
from tests.factories.client import ClinicClient

COMMITTED = Path(__file__).resolve().parents[2] / "frontend" / "openapi.json"


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The document, made without a warning."""
    path = tmp_path_factory.mktemp("openapi") / "openapi.json"
    call_command("spectacular", format="openapi-json", file=str(path), validate=True, fail_on_warn=True)
    made: dict[str, Any] = json.loads(path.read_text())
    return made


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """All operations, in order."""
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_every_json_success_is_enveloped(document: dict[str, Any]) -> None:
    bare = [
        operation["operationId"]
        for operation in operations(document)
        for status, response in operation["responses"].items()
        if status.startswith("2") and "application/json" in response["content"]
        if response["content"]["application/json"]["schema"]["required"] != ["success", "data", "message"]
    ]

    assert bare == []


def test_no_success_is_said_to_be_without_a_body(document: dict[str, Any]) -> None:
    without = [
        operation["operationId"] for operation in operations(document) if "204" in operation["responses"]
    ]

    assert without == []


def test_every_operation_tells_how_it_is_refused(document: dict[str, Any]) -> None:
    failure = {"schema": {"$ref": "#/components/schemas/Failure"}}

    refused = [
        operation["responses"]["4XX"]["content"]["application/json"] for operation in operations(document)
    ]

    assert refused == [failure] * len(refused)


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document)]

    assert len(set(names)) == len(names)


def test_the_document_is_served(clinic: Clinic, document: dict[str, Any]) -> None:
    served = ClinicClient(clinic).get(
        "/api/schema/?format=json", HTTP_ACCEPT="application/vnd.oai.openapi+json"
    )

    assert (served.status_code, json.loads(served.content)) == (200, document)


def test_the_web_app_was_made_from_this_document(document: dict[str, Any]) -> None:
    assert json.loads(COMMITTED.read_text()) == document
