"""One clinic's people look at everything; then no byte that another's people get has a word of it."""

import json
from typing import Any

import pytest

from scheduling.models import Booking
from tenants.current import enter_clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.generated_requests import DOCUMENT, as_route
from tests.factories.scenario import World, at_the_door, make_operator
from tests.isolation.access_matrix import API_ROWS, PLAIN_ROWS, SITE_ROWS
from tests.isolation.test_access_matrix import page_of, undone
from tests.isolation.test_foreign_ids import heard

SPEC = json.loads(DOCUMENT.read_text())
READ = sorted(address for method, address in API_ROWS if method == "GET")
PAGES = sorted(
    page for page, (get, _post) in SITE_ROWS.items() if get == "200" and page.startswith("/admin/")
)
PAGES_OF_ALL = sorted(page for page, (host, _statuses) in PLAIN_ROWS.items() if host == "clinic")


def path_in(world: World, address: str) -> str:
    """An address of the API with the world's own keys."""
    path = address
    with enter_clinic(world.clinic):  # one of the keys is that of a session, begun for this
        keys = world.ids()
    for place, key in keys.items():
        path = path.replace(place, key)
    return path + world.query_of(address)


@pytest.mark.parametrize("address", READ)
def test_of_what_one_clinic_has_just_read_nothing_is_heard_at_another(
    away: World,
    here: World,
    people_away: dict[str, ClinicClient],
    people: dict[str, ClinicClient],
    address: str,
) -> None:
    with undone():
        for client in people_away.values():
            client.get(path_in(away, address))

        answers = {name: client.get(path_in(here, address)) for name, client in people.items()}

    assert [name for name, answer in answers.items() if heard(answer, away)] == []


@pytest.mark.parametrize("page", [*PAGES, *PAGES_OF_ALL])
def test_of_what_one_clinics_admin_has_just_seen_nothing_is_heard_at_another(
    away: World,
    here: World,
    people_away: dict[str, ClinicClient],
    people: dict[str, ClinicClient],
    page: str,
) -> None:
    answers = []
    for world, clients in ((away, people_away), (here, people)):
        with enter_clinic(world.clinic), undone():
            path = "/doctors" if page.startswith("/^") else page
            path = page_of(page, world) if page in SITE_ROWS else path
            answers.append(clients["admin"].get(path))

    assert heard(answers[1], away) == []


@pytest.mark.parametrize("page", sorted(page for page in SITE_ROWS if page.startswith("/console/")))
def test_operators_hear_nothing_of_what_is_said_at_a_clinic(away: World, page: str) -> None:
    operator = at_the_door(None, home=None, user=make_operator())

    answer = operator.get(page_of(page, away))

    assert heard(answer, away) == []


def uuid_fields(schema: dict[str, Any]) -> set[str]:
    """The fields of a body that are keys, those of every form it can have."""
    if "$ref" in schema:
        return uuid_fields(SPEC["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    inside = [form for how in ("oneOf", "anyOf", "allOf") for form in schema.get(how, [])] + (
        [schema["items"]] if "items" in schema else []
    )
    own = {name for name, one in schema.get("properties", {}).items() if one.get("format") == "uuid"}
    return own.union(*map(uuid_fields, inside))


def places_for_keys() -> list[tuple[str, str, str, str]]:
    """Every place beside the path where the API takes a key: method, address, `body` or `query`, name."""
    found = []
    for path, methods in SPEC["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            fields = set().union(*(uuid_fields(kind["schema"]) for kind in content.values()))
            asked = [
                each["name"]
                for each in operation.get("parameters", [])
                if each["in"] == "query" and each["schema"].get("format") == "uuid"
            ]
            found += [(method.upper(), as_route(path), "body", name) for name in sorted(fields)]
            found += [(method.upper(), as_route(path), "query", name) for name in asked]
    return found


PLACES = places_for_keys()


@pytest.mark.parametrize("where", PLACES, ids=" ".join)
def test_a_key_of_the_other_clinic_is_no_key_in_a_body_or_a_query(
    away: World, here: World, people: dict[str, ClinicClient], where: tuple[str, str, str, str]
) -> None:
    method, address, place, name = where
    bookings = Booking.objects.count()
    keys = {str(value) for value in (*away.ids().values(), away.patient.pk, away.admin.pk)}
    path = path_in(here, address).partition("?")[0]

    for who, client in people.items():
        for key in keys:
            with undone(), enter_clinic(here.clinic):
                body = here.body_of(method, address)
            if place == "body":
                sent, asked = {**(body or {}), name: key}, path
            else:
                sent, asked = body, f"{path}?{name}={key}"
            with undone():
                answer = client.generic(
                    method,
                    asked,
                    json.dumps(sent) if sent is not None else "",
                    content_type="application/json",
                )
            assert heard(answer, away) == [], who
            assert answer.status_code < 500
            if place == "body":
                # Refused; or not read at all, as what a patient says of somebody else is.
                ignored = answer.status_code in {200, 201} and key not in answer.content.decode()
                assert ignored or answer.status_code in {400, 401, 403, 404, 409}, (who, key, answer.content)
            elif answer.status_code == 200:
                data = answer.json()["data"]
                assert "results" in data, f"{who}: what is this about?"
                assert data["results"] == [], who

    assert Booking.objects.count() == bookings


def test_the_api_takes_keys_in_bodies_and_queries() -> None:
    assert ("POST", "/api/appointments/bookings/", "body", "slot") in PLACES
    assert {place for _method, _address, place, _name in PLACES} == {"body", "query"}
