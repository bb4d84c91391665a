"""Every path and method has a row in the access matrix, and every response has the status of its row."""

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
    Scenario,
    client_at_host,
    make_alarm,
    make_audit_entry,
    make_operator,
    make_scenario,
    make_sign_up,
)
from tests.isolation.access_matrix import (
    API_LINES,
    API_ROWS,
    HEAD_AND_OPTIONS_ROWS,
    PAGE_ROWS,
    PLAIN_ROWS,
    RECEPTIONIST_ROWS,
    SITE_ROWS,
)
from tests.isolation.url_list import BASE_URLS, CLINIC_URLS, methods_of
from tests.profiles import sample

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
NOT_DESCRIBED = {"/api/", "/api/schema/", "/api/docs/"}
"""The index, the OpenAPI document and its page, which are not in the document."""
SIGN_IN = "/login/"
FORM = {"post": "yes"}  # confirms "Are you sure?" and is incomplete for any other form


@pytest.fixture(scope="module")
def module_scenario(
    module_transaction: None, clinics: tuple[Clinic, Clinic]
) -> tuple[Scenario, dict[str, ClinicClient], dict[str, ClinicClient]]:
    """The originals of which each test gets copies."""
    with enter_clinic(clinics[0]):
        scenario = make_scenario(clinics[0])
        return scenario, clients_at_clinic(scenario, clinics[1]), clients_at_base_domain(scenario)


@pytest.fixture
def scenario(module_scenario: tuple[Scenario, object, object], clinic: Clinic) -> Scenario:
    """The London clinic, with one row of everything."""
    return deepcopy(module_scenario[0])


@pytest.fixture
def visitors(
    module_scenario: tuple[object, dict[str, ClinicClient], object], db: None
) -> dict[str, ClinicClient]:
    """A client of every kind of user for the London clinic's host."""
    return {name: client.clone() for name, client in module_scenario[1].items()}


@pytest.fixture
def base_visitors(
    module_scenario: tuple[object, object, dict[str, ClinicClient]], db: None
) -> dict[str, ClinicClient]:
    """A client of every kind of user for the platform's host."""
    return {name: client.clone() for name, client in module_scenario[2].items()}


def clients_at_clinic(scenario: Scenario, other_clinic: Clinic) -> dict[str, ClinicClient]:
    """Sign in every kind of user at the London clinic's host."""
    home, users = scenario.clinic, scenario.users
    clients = {name: client_at_host(home, home=home, user=user) for name, user in users.items()}
    with enter_clinic(other_clinic):
        other_admin = make_admin()
    operator = make_operator()
    clients["admin of another clinic"] = client_at_host(scenario.clinic, home=other_clinic, user=other_admin)
    clients["operator"] = client_at_host(scenario.clinic, home=None, user=operator)
    return clients


def clients_at_base_domain(scenario: Scenario) -> dict[str, ClinicClient]:
    """Sign in every kind of user at the platform's host."""
    users = scenario.users
    clients = {name: client_at_host(None, home=scenario.clinic, user=user) for name, user in users.items()}
    return clients | {"operator": client_at_host(None, home=None, user=make_operator())}


@contextmanager
def rolled_back() -> Iterator[None]:
    """Roll back all changes made in the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def path_for(address: str, scenario: Scenario) -> str:
    """Fill the parameters of an API address with keys of the scenario's rows."""
    for parameter, key in scenario.ids().items():
        address = address.replace(parameter, key)
    return address


def status(client: ClinicClient, method: str, path: str, body: Any = None) -> int:
    """Send a request, roll back its changes and return the response's status."""
    with rolled_back():
        response: int = client.generic(method, path, body or "", content_type="application/json").status_code
    return response


NOT_FOR_RECEPTIONISTS = {
    "/api/users/doctors/<uuid:doctor_id>/deactivate/": "they read doctors",
    "/api/users/doctors/<uuid:doctor_id>/deactivate/preview/": "they read doctors",
    "/api/appointments/slots/<uuid:slot_id>/": "they read hours",
    "/api/appointments/slots/<uuid:slot_id>/restore/": "they read hours",
    "/api/appointments/working-hours/": "they read hours",
    "/api/appointments/working-hours/preview/": "they read hours",
    "/api/appointments/exceptions/": "they read hours",
    "/api/appointments/exceptions/preview/": "they read hours",
    "/api/portal/hours/preview-times/": "they read hours",
    "/api/portal/bookable/": "they read doctors",
    "/api/appointments/time-off/": "they read time off; short absences have a path of their own",
    "/api/appointments/time-off/preview/": "they read time off",
    "/api/appointments/time-off/<uuid:time_off_id>/": "they read time off",
    "/api/portal/outside-calendars/": "the calendar shows when a doctor is busy elsewhere",
    "/api/portal/outside-calendars/test/": "they change no calendars",
    "/api/portal/outside-calendars/<uuid:calendar_id>/": "they change no calendars",
    "/api/portal/outside-calendars/<uuid:calendar_id>/refresh/": "they change no calendars",
}
"""What admins may do and receptionists may not. Receptionists see doctors, hours and time off; they book,
move, cancel, overbook, register and merge patients, and run the waiting list."""
READ_BY_RECEPTIONISTS = {
    "/api/appointments/working-hours/", "/api/appointments/exceptions/", "/api/appointments/time-off/",
    "/api/appointments/time-off/<uuid:time_off_id>/", "/api/portal/bookable/",
}  # fmt: skip


def test_receptionists_may_do_what_admins_may_except_to_change_doctors_and_their_time() -> None:
    admin, desk = -2, -1
    differing = {(method, address) for (method, address), row in API_ROWS.items() if row[admin] != row[desk]}

    assert {address for _method, address in differing} == set(NOT_FOR_RECEPTIONISTS)
    assert {address for method, address in differing if method in {"GET", "OPTIONS"}}.isdisjoint(
        READ_BY_RECEPTIONISTS
    )


def test_every_row_is_stated_once() -> None:
    lines = [(method, address) for method, address, *_statuses in API_LINES]

    assert len(lines) == len(set(lines))


def test_every_method_of_the_api_has_a_row() -> None:
    api = [address for address in CLINIC_URLS if address.startswith("/api/")]

    assert sorted(API_ROWS) == sorted((method, address) for address in api for method in methods_of(address))


def test_the_openapi_document_describes_every_row_and_nothing_else() -> None:
    document = json.loads(DOCUMENT.read_text())
    described = {
        (method.upper(), as_route(path)) for path, methods in document["paths"].items() for method in methods
    }

    listed = {row for row in API_ROWS if row[0] != "OPTIONS" and row[1] not in NOT_DESCRIBED}

    assert sorted(described) == sorted(listed)


def test_every_page_has_a_row() -> None:
    pages = {address for address in CLINIC_URLS if not address.startswith("/api/")} | set(BASE_URLS)

    patient_pages = {address for _method, address in PAGE_ROWS}
    assert sorted({*SITE_ROWS, *(address for _host, address in PLAIN_ROWS), *patient_pages}) == sorted(pages)


WITH_OPTIONAL_TOKEN = {
    "/api/appointments/explain/",
    "/api/appointments/holds/",
    "/api/appointments/holds/<uuid:hold_id>/",
}
"""Addresses that are open without a sign-in, and give users more detail or other rights."""


@pytest.mark.parametrize(("method", "address"), sorted(API_ROWS))
def test_api_statuses_match_the_matrix(
    scenario: Scenario, visitors: dict[str, ClinicClient], method: str, address: str
) -> None:
    expected = API_ROWS[method, address]
    nobody = [401] if expected[0] == "401" else [int(expected[0])]
    path = path_for(address, scenario)

    statuses = {}
    for name, client in visitors.items():
        body = json.dumps(scenario.body_for(method, address))
        statuses[name] = status(client, method, path + scenario.query_for(address), body)

    reads_tokens = method == "OPTIONS" or address in WITH_OPTIONAL_TOKEN
    if reads_tokens and statuses["admin of another clinic"] == 401:
        # Their token is refused even where none is needed.
        statuses["admin of another clinic"] = nobody[0]
    assert list(statuses.values()) == [*map(int, expected), *nobody, *nobody], statuses


PHOTO = "/api/portal/profile/photo/"
"""It takes a file, not JSON."""


@pytest.mark.parametrize(
    ("method", "address"), sorted(row for row in API_ROWS if row[0] in {"PUT", "PATCH"} and row[1] != PHOTO)
)
def test_a_change_with_a_field_that_cannot_be_changed_is_refused_and_names_it(
    scenario: Scenario, visitors: dict[str, ClinicClient], method: str, address: str
) -> None:
    path = path_for(address, scenario) + scenario.query_for(address)
    is_patients = address.startswith(("/api/auth/", "/api/users/")) and "/staff-" not in address
    is_desks = address.startswith("/api/portal/patients/")
    user = "patient" if is_patients else "admin" if is_desks else "doctor"
    body = scenario.body_for(method, address)
    if isinstance(body, list):
        week = {"weekday": 0, "opens": "09:00", "closes": "12:00", "slot_minutes": 30}
        changed: Any = [{**week, "role": "admin"}]
    else:
        changed = {**body, "role": "admin"}

    with rolled_back():
        response = getattr(visitors[user], method.lower())(path, changed)

    assert response.status_code == 400
    assert "role" in json.dumps(response.json()["errors"])


@pytest.mark.property
@pytest.mark.parametrize("address", sorted({address for _method, address in API_ROWS}))
def test_a_method_without_a_row_is_refused(
    scenario: Scenario, visitors: dict[str, ClinicClient], address: str
) -> None:
    path = path_for(address, scenario)
    missing = [method for method in METHODS if (method, address) not in API_ROWS]
    if "GET" in missing:
        missing.append("HEAD")

    statuses = {
        (name, method): status(visitors[name], method, path)
        for name in ("nobody", "patient", "admin")
        for method in sample(missing, quick=2)
    }

    assert {key: code for key, code in statuses.items() if code not in {401, 403, 405}} == {}


@pytest.mark.property
@pytest.mark.parametrize("address", sorted(address for method, address in API_ROWS if method == "GET"))
def test_head_gives_the_same_response_as_get(
    scenario: Scenario, visitors: dict[str, ClinicClient], address: str
) -> None:
    path = path_for(address, scenario) + scenario.query_for(address)

    for name in sample(["nobody", "patient", "doctor", "admin"], quick=2):
        with rolled_back():
            got, head = visitors[name].get(path), visitors[name].head(path)
        assert (head.status_code, head.content) == (got.status_code, b"")


@pytest.mark.parametrize(("host", "address"), sorted(PLAIN_ROWS))
def test_plain_pages_give_everybody_the_same_statuses(
    scenario: Scenario,
    visitors: dict[str, ClinicClient],
    base_visitors: dict[str, ClinicClient],
    host: str,
    address: str,
) -> None:
    expected = PLAIN_ROWS[host, address]
    path = "/portal" if address.startswith("/^") else path_for(address, scenario)
    if "<str:token>" in address:
        path = address
    clients = visitors if host == "clinic" else base_visitors

    methods = ("GET", "POST", "HEAD", "OPTIONS")
    statuses = {tuple(status(client, method, path) for method in methods) for client in clients.values()}

    assert statuses == {tuple(map(int, expected))}


@pytest.mark.parametrize(("method", "address"), sorted(PAGE_ROWS))
def test_patients_pages_give_the_statuses_of_the_matrix(
    scenario: Scenario, visitors: dict[str, ClinicClient], method: str, address: str
) -> None:
    expected, path = PAGE_ROWS[method, address], path_for(address, scenario)

    statuses = {
        name: status_of_form(client, path) if method == "POST" else status(client, "GET", path)
        for name, client in visitors.items()
    }

    assert list(statuses.values()) == [*map(int, expected), int(expected[0]), int(expected[0])], statuses


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_open_to_everybody(
    scenario: Scenario, visitors: dict[str, ClinicClient], base_visitors: dict[str, ClinicClient], path: str
) -> None:
    clients = [*visitors.values(), *base_visitors.values()]

    assert {status(client, "GET", path) for client in clients} == {200}


@pytest.mark.parametrize("address", sorted(SITE_ROWS))
def test_admin_page_statuses_match_the_matrix(
    scenario: Scenario,
    visitors: dict[str, ClinicClient],
    base_visitors: dict[str, ClinicClient],
    address: str,
) -> None:
    site = address.split("/")[1]
    allowed = "admin" if site == "admin" else "operator"
    path = admin_path(address, scenario)
    expected = tuple(map(int, SITE_ROWS[address]))

    statuses = {}
    for name, client in (visitors if site == "admin" else base_visitors).items():
        statuses[name] = status(client, "GET", path), status_of_form(client, path)

    assert statuses.pop(allowed) == expected
    if address in RECEPTIONIST_ROWS:
        assert statuses.pop("receptionist") == tuple(map(int, RECEPTIONIST_ROWS[address]))
    assert set(statuses.values()) == {refused_statuses(address)}, statuses


@pytest.mark.parametrize("address", sorted(HEAD_AND_OPTIONS_ROWS))
def test_admin_head_and_options_statuses_match_the_matrix(
    scenario: Scenario,
    visitors: dict[str, ClinicClient],
    base_visitors: dict[str, ClinicClient],
    address: str,
) -> None:
    site = address.split("/")[1]
    allowed, clients = ("admin", visitors) if site == "admin" else ("operator", base_visitors)
    selected_clients = {name: clients[name] for name in {allowed, "nobody", "doctor", "operator"}}
    path = admin_path(address, scenario)

    statuses = {
        name: (status(client, "HEAD", path), status(client, "OPTIONS", path))
        for name, client in selected_clients.items()
    }

    assert statuses.pop(allowed) == tuple(map(int, HEAD_AND_OPTIONS_ROWS[address]))
    assert set(statuses.values()) == {refused_statuses(address)}, statuses


def refused_statuses(address: str) -> tuple[int, int]:
    """Return the statuses of GET and POST for other users: a redirect to sign in, or the sign-in page."""
    return (200, 200) if address.endswith(SIGN_IN) else (302, 302)


def admin_path(address: str, scenario: Scenario) -> str:
    """Return the path of an admin page with keys filled in, and the query it requires."""
    _, site, *rest = address.split("/")
    rows = scenario.rows() | (public_keys() if site == "console" else {})
    rows["tenants/clinic"] = scenario.clinic.pk
    model = "/".join(rest[:2])
    if "/r/" in address:
        kind = ContentType.objects.get(app_label="accounts", model="user").pk
        return f"/{site}/r/{kind}/{rows['accounts/user']}/"
    if address.endswith("/autocomplete/"):
        field = "app_label=clinics&model_name=doctor&field_name=user"
        return f"{address}?{field}"
    path = address.replace("(?P<url>.*)$", "nothing").replace("<app_label>", "accounts")
    return path.replace("<path:object_id>", str(rows.get(model))).replace("<id>", str(rows["accounts/user"]))


def public_keys() -> dict[str, str]:
    """Return the primary key of one row of each model in the public schema."""
    operator = make_operator()
    with schema_context("public"):  # type: ignore[no-untyped-call]
        return {
            "accounts/user": str(operator.pk),
            "accounts/auditentry": str(make_audit_entry(operator).pk),
            "console/signup": str(make_sign_up().pk),
            "console/alarm": str(make_alarm().pk),
        }


def status_of_form(client: ClinicClient, path: str) -> int:
    """Post a form with only a confirmation, roll back its changes and return the status."""
    with rolled_back():
        response: int = client.post(path, FORM, format="multipart").status_code
    return response
