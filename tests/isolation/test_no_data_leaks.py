"""After one clinic's users have read everything, responses at another clinic contain none of it."""

import json
from typing import Any
from uuid import uuid4

import pytest

from scheduling.models import Booking
from tenants.current import enter_clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.generated_requests import DOCUMENT, as_route
from tests.factories.scenario import Scenario, client_at_host, make_operator
from tests.isolation.access_matrix import API_ROWS, PAGE_ROWS, PLAIN_ROWS, SITE_ROWS
from tests.isolation.test_access_matrix import admin_path, path_for, rolled_back
from tests.isolation.test_foreign_ids import leaked_words
from tests.profiles import sample

DOCUMENT_CONTENT = json.loads(DOCUMENT.read_text())
READABLE = sorted(address for method, address in API_ROWS if method == "GET")
ADMIN_PAGES = sorted(
    page for page, (get, _post) in SITE_ROWS.items() if get == "200" and page.startswith("/admin/")
)
PUBLIC_PAGES = sorted(address for host, address in PLAIN_ROWS if host == "clinic")
PATIENT_PAGES = sorted(address for method, address in PAGE_ROWS if method == "GET")


def path_with_own_keys(scenario: Scenario, address: str) -> str:
    """Fill the parameters of an API address with the scenario's own keys."""
    path = address
    with enter_clinic(scenario.clinic):  # for one of the keys, a session is started
        keys = scenario.ids()
    for location, key in keys.items():
        path = path.replace(location, key)
    return path + scenario.query_for(address)


@pytest.mark.parametrize("address", READABLE)
def test_responses_contain_nothing_that_another_clinic_has_just_read(
    other_scenario: Scenario,
    own_scenario: Scenario,
    other_people: dict[str, ClinicClient],
    people: dict[str, ClinicClient],
    address: str,
) -> None:
    with rolled_back():
        for name in ("patient", "doctor", "admin"):
            other_people[name].get(path_with_own_keys(other_scenario, address))

        responses = {
            name: client.get(path_with_own_keys(own_scenario, address)) for name, client in people.items()
        }

    assert [name for name, response in responses.items() if leaked_words(response, other_scenario)] == []


@pytest.mark.parametrize(
    ("person", "page"),
    [
        *(("admin", page) for page in [*ADMIN_PAGES, *PUBLIC_PAGES]),
        *(("patient", page) for page in PATIENT_PAGES),
    ],
)
def test_pages_contain_nothing_that_the_same_person_of_another_clinic_has_just_seen(
    other_scenario: Scenario,
    own_scenario: Scenario,
    other_people: dict[str, ClinicClient],
    people: dict[str, ClinicClient],
    *,
    person: str,
    page: str,
) -> None:
    responses = []
    for scenario, clients in ((other_scenario, other_people), (own_scenario, people)):
        with enter_clinic(scenario.clinic), rolled_back():
            path = "/portal" if page.startswith("/^") else path_for(page, scenario)
            path = admin_path(page, scenario) if page in SITE_ROWS else path
            responses.append(clients[person].get(path))

    assert leaked_words(responses[1], other_scenario) == []


@pytest.mark.parametrize("page", sorted(page for page in SITE_ROWS if page.startswith("/console/")))
def test_console_pages_contain_no_data_of_a_clinic(other_scenario: Scenario, page: str) -> None:
    operator = client_at_host(None, home=None, user=make_operator())

    response = operator.get(admin_path(page, other_scenario))

    assert leaked_words(response, other_scenario) == []


def uuid_fields(schema: dict[str, Any]) -> set[str]:
    """Return the fields of a body that are keys, in every variant of the schema."""
    if "$ref" in schema:
        return uuid_fields(DOCUMENT_CONTENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    nested = [variant for keyword in ("oneOf", "anyOf", "allOf") for variant in schema.get(keyword, [])] + (
        [schema["items"]] if "items" in schema else []
    )
    own = {name for name, field in schema.get("properties", {}).items() if field.get("format") == "uuid"}
    return own.union(*map(uuid_fields, nested))


def key_parameters() -> list[tuple[str, str, str, str]]:
    """Return all keys that the API takes outside paths: method, address, `body` or `query`, name."""
    found = []
    for path, methods in DOCUMENT_CONTENT["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            fields = set().union(*(uuid_fields(kind["schema"]) for kind in content.values()))
            query_names = [
                spec["name"]
                for spec in operation.get("parameters", [])
                if spec["in"] == "query" and spec["schema"].get("format") == "uuid"
            ]
            found += [(method.upper(), as_route(path), "body", name) for name in sorted(fields)]
            found += [(method.upper(), as_route(path), "query", name) for name in query_names]
    return found


KEY_PARAMETERS = key_parameters()


@pytest.mark.property
@pytest.mark.parametrize("parameter", KEY_PARAMETERS, ids=" ".join)
def test_keys_of_another_clinic_are_refused_in_bodies_and_queries(
    other_scenario: Scenario,
    own_scenario: Scenario,
    people: dict[str, ClinicClient],
    parameter: tuple[str, str, str, str],
) -> None:
    method, address, location, name = parameter
    bookings = Booking.objects.count()
    keys = {
        str(value)
        for value in (*other_scenario.ids().values(), other_scenario.patient.pk, other_scenario.admin.pk)
    }
    path = path_with_own_keys(own_scenario, address).partition("?")[0]

    for user, client in people.items():
        for key in sample(sorted(keys), quick=4):
            with rolled_back(), enter_clinic(own_scenario.clinic):
                body = own_scenario.body_for(method, address)
            if location == "body":
                request_body, request_path = {**(body or {}), name: key}, path
            else:
                request_body, request_path = body, f"{path}?{name}={key}"
            with rolled_back():
                response = client.generic(
                    method,
                    request_path,
                    json.dumps(request_body) if request_body is not None else "",
                    content_type="application/json",
                )
            assert leaked_words(response, other_scenario) == [], user
            assert response.status_code < 500
            if location == "body":
                # Refused; or ignored, such as the patient in a patient's own request.
                ignored = response.status_code in {200, 201} and key not in response.content.decode()
                assert ignored or response.status_code in {400, 401, 403, 404, 409, 422}, (
                    user,
                    key,
                    response.content,
                )
            elif response.status_code == 200:
                data = response.json()["data"]
                if "results" in data:
                    assert data["results"] == [], user
                else:
                    assert data == client.get(f"{path}?{name}={uuid4()}").json()["data"], user

    assert Booking.objects.count() == bookings


def test_the_api_takes_keys_in_bodies_and_queries() -> None:
    assert ("POST", "/api/appointments/bookings/", "body", "slot") in KEY_PARAMETERS
    assert {location for _method, _address, location, _name in KEY_PARAMETERS} == {"body", "query"}
