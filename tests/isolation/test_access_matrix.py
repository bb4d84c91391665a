"""The matrix holds: every address and method has a row, and everybody is answered as their row says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django_tenants.utils import schema_context

from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.generated_requests import DOCUMENT, as_route
from tests.factories.people import make_admin
from tests.factories.scenario import (
    World,
    at_the_door,
    make_audit_entry,
    make_operator,
    make_sign_up,
    make_world,
)
from tests.isolation.access_matrix import API_ROWS, PLAIN_ROWS, QUIET_ROWS, RECEPTION_ROWS, SITE_ROWS
from tests.isolation.url_list import AT_A_CLINIC, AT_THE_BASE, methods_of

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
NOT_DESCRIBED = {"/api/", "/api/schema/", "/api/docs/"}
"""The index, the document and its page, which the document leaves out."""
SIGN_IN = "/login/"
FORM = {"post": "yes"}  # the answer to "Are you sure?", and too little for any other form


@pytest.fixture(scope="module")
def scenario(
    module_transaction: None, clinics: tuple[Clinic, Clinic]
) -> tuple[World, dict[str, ClinicClient], dict[str, ClinicClient]]:
    """What `world`, `visitors` and `base_visitors` are copies of."""
    with enter_clinic(clinics[0]):
        world = make_world(clinics[0])
        return world, at_the_clinic(world, clinics[1]), at_the_base(world)


@pytest.fixture
def world(scenario: tuple[World, object, object], clinic: Clinic) -> World:
    """The London clinic, with one of everything."""
    return deepcopy(scenario[0])


@pytest.fixture
def visitors(scenario: tuple[object, dict[str, ClinicClient], object], db: None) -> dict[str, ClinicClient]:
    """Everybody who may come to the London clinic's host."""
    return {name: client.clone() for name, client in scenario[1].items()}


@pytest.fixture
def base_visitors(
    scenario: tuple[object, object, dict[str, ClinicClient]], db: None
) -> dict[str, ClinicClient]:
    """Everybody who may come to the platform's host."""
    return {name: client.clone() for name, client in scenario[2].items()}


def at_the_clinic(world: World, other_clinic: Clinic) -> dict[str, ClinicClient]:
    """Everybody who may come to the London clinic's host."""
    at = {name: at_the_door(world.clinic, home=world.clinic, user=user) for name, user in world.users.items()}
    with enter_clinic(other_clinic):
        stranger = make_admin()
    operator = make_operator()
    at["admin of another clinic"] = at_the_door(world.clinic, home=other_clinic, user=stranger)
    at["operator"] = at_the_door(world.clinic, home=None, user=operator)
    return at


def at_the_base(world: World) -> dict[str, ClinicClient]:
    """Everybody who may come to the platform's host."""
    at = {name: at_the_door(None, home=world.clinic, user=user) for name, user in world.users.items()}
    return at | {"operator": at_the_door(None, home=None, user=make_operator())}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside, is not."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def filled(address: str, world: World) -> str:
    """An address of the API with the keys of what is in the world."""
    for place, key in world.ids().items():
        address = address.replace(place, key)
    return address


def status(client: ClinicClient, method: str, path: str, body: Any = None) -> int:
    """The answer's status; nothing stays of it."""
    with undone():
        answer: int = client.generic(method, path, body or "", content_type="application/json").status_code
    return answer


def test_every_method_of_the_api_has_a_row() -> None:
    api = [address for address in AT_A_CLINIC if address.startswith("/api/")]

    assert sorted(API_ROWS) == sorted((method, address) for address in api for method in methods_of(address))


def test_the_openapi_document_describes_every_row_and_nothing_else() -> None:
    document = json.loads(DOCUMENT.read_text())
    described = {
        (method.upper(), as_route(path)) for path, methods in document["paths"].items() for method in methods
    }

    listed = {row for row in API_ROWS if row[0] != "OPTIONS" and row[1] not in NOT_DESCRIBED}

    assert sorted(described) == sorted(listed)


def test_every_page_has_a_row() -> None:
    pages = {address for address in AT_A_CLINIC if not address.startswith("/api/")} | set(AT_THE_BASE)

    assert sorted({*SITE_ROWS, *PLAIN_ROWS}) == sorted(pages)


READ_A_TOKEN_IF_THERE_IS_ONE = {"/api/appointments/explain/"}
"""Addresses that are open to anyone, and tell staff more."""


@pytest.mark.parametrize(("method", "address"), sorted(API_ROWS))
def test_the_api_answers_everybody_as_their_row_says(
    world: World, visitors: dict[str, ClinicClient], method: str, address: str
) -> None:
    expected = API_ROWS[method, address]
    nobody = [401] if expected[0] == "401" else [int(expected[0])]
    path = filled(address, world)

    seen = {}
    for name, client in visitors.items():
        body = json.dumps(world.body_of(method, address))
        seen[name] = status(client, method, path + world.query_of(address), body)

    reads_tokens = method == "OPTIONS" or address in READ_A_TOKEN_IF_THERE_IS_ONE
    if reads_tokens and seen["admin of another clinic"] == 401:
        # Their token is refused even where nobody needs one.
        seen["admin of another clinic"] = nobody[0]
    assert list(seen.values()) == [*map(int, expected), *nobody, *nobody], seen


@pytest.mark.parametrize("address", sorted({address for _method, address in API_ROWS}))
def test_a_method_without_a_row_is_refused(
    world: World, visitors: dict[str, ClinicClient], address: str
) -> None:
    path = filled(address, world)
    missing = [method for method in METHODS if (method, address) not in API_ROWS]
    if "GET" in missing:
        missing.append("HEAD")

    seen = {
        (name, method): status(client, method, path)
        for name, client in visitors.items()
        for method in missing
    }

    assert {key: code for key, code in seen.items() if code not in {401, 403, 405}} == {}


@pytest.mark.parametrize("address", sorted(address for method, address in API_ROWS if method == "GET"))
def test_head_is_answered_as_get(world: World, visitors: dict[str, ClinicClient], address: str) -> None:
    path = filled(address, world) + world.query_of(address)

    for client in visitors.values():
        with undone():
            got, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b"")


@pytest.mark.parametrize("address", sorted(PLAIN_ROWS))
def test_plain_pages_answer_everybody_alike(
    world: World, visitors: dict[str, ClinicClient], base_visitors: dict[str, ClinicClient], address: str
) -> None:
    host, expected = PLAIN_ROWS[address]
    path = "/doctors" if address.startswith("/^") else address
    clients = visitors if host == "clinic" else base_visitors

    methods = ("GET", "POST", "HEAD", "OPTIONS")
    seen = {tuple(status(client, method, path) for method in methods) for client in clients.values()}

    assert seen == {tuple(map(int, expected))}


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_answers_everybody(
    world: World, visitors: dict[str, ClinicClient], base_visitors: dict[str, ClinicClient], path: str
) -> None:
    clients = [*visitors.values(), *base_visitors.values()]

    assert {status(client, "GET", path) for client in clients} == {200}


@pytest.mark.parametrize("address", sorted(SITE_ROWS))
def test_both_admins_answer_as_their_row_says(
    world: World, visitors: dict[str, ClinicClient], base_visitors: dict[str, ClinicClient], address: str
) -> None:
    site = address.split("/")[1]
    belongs = "admin" if site == "admin" else "operator"
    path = page_of(address, world)
    expected = tuple(map(int, SITE_ROWS[address]))

    seen = {}
    for name, client in (visitors if site == "admin" else base_visitors).items():
        seen[name] = status(client, "GET", path), status_of_form(client, path)

    assert seen.pop(belongs) == expected
    if address in RECEPTION_ROWS:
        assert seen.pop("receptionist") == tuple(map(int, RECEPTION_ROWS[address]))
    assert set(seen.values()) == {turned_away(address)}, seen


@pytest.mark.parametrize("address", sorted(QUIET_ROWS))
def test_head_and_options_of_both_admins_are_answered_as_their_row_says(
    world: World, visitors: dict[str, ClinicClient], base_visitors: dict[str, ClinicClient], address: str
) -> None:
    site = address.split("/")[1]
    belongs, clients = ("admin", visitors) if site == "admin" else ("operator", base_visitors)
    asking = {name: clients[name] for name in {belongs, "nobody", "doctor", "operator"}}
    path = page_of(address, world)

    seen = {
        name: (status(client, "HEAD", path), status(client, "OPTIONS", path))
        for name, client in asking.items()
    }

    assert seen.pop(belongs) == tuple(map(int, QUIET_ROWS[address]))
    assert set(seen.values()) == {turned_away(address)}, seen


def turned_away(address: str) -> tuple[int, int]:
    """What GET and POST give to those who do not belong: the way to the sign-in, and there its page."""
    return (200, 200) if address.endswith(SIGN_IN) else (302, 302)


def page_of(address: str, world: World) -> str:
    """A page of an admin with keys in it, and the query it cannot do without."""
    _, site, *rest = address.split("/")
    rows = world.rows() | (rows_of_public() if site == "console" else {})
    rows["tenants/clinic"] = world.clinic.pk
    model = "/".join(rest[:2])
    if "/r/" in address:
        kind = ContentType.objects.get(app_label="accounts", model="user").pk
        return f"/{site}/r/{kind}/{rows['accounts/user']}/"
    if address.endswith("/autocomplete/"):
        field = "app_label=clinics&model_name=doctor&field_name=user"
        return f"{address}?{field}"
    path = address.replace("(?P<url>.*)$", "nothing").replace("<app_label>", "accounts")
    return path.replace("<path:object_id>", str(rows.get(model))).replace("<id>", str(rows["accounts/user"]))


def rows_of_public() -> dict[str, str]:
    """The primary key of a row of each model that public has of its own."""
    operator = make_operator()
    with schema_context("public"):  # type: ignore[no-untyped-call]
        return {
            "accounts/user": str(operator.pk),
            "accounts/auditentry": str(make_audit_entry(operator).pk),
            "console/signup": str(make_sign_up().pk),
        }


def status_of_form(client: ClinicClient, path: str) -> int:
    """The status of a form that says yes and nothing else."""
    with undone():
        answer: int = client.post(path, FORM, format="multipart").status_code
    return answer
