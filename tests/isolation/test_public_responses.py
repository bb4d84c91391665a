"""Only what is the same for everybody may be stored or compressed. Everything else is `no-store`."""

import gzip
from typing import Any

import pytest

from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.scenario import Scenario, client_at_host, make_operator
from tests.isolation.access_matrix import SITE_ROWS
from tests.isolation.test_access_matrix import admin_path, path_for, rolled_back
from tests.isolation.url_list import CLINIC_URLS, methods_of

PUBLIC = "public, no-cache"
SIGNED_IN_DIFFERS = {"/api/appointments/explain/"}
PUBLIC_API = SIGNED_IN_DIFFERS | {
    "/api/",
    "/api/schema/",
    "/api/clinic/",
    "/api/clinic/home/",
    "/api/users/doctors/",
    "/api/users/doctors/<uuid:doctor_id>/",
    "/api/appointments/available/",
    "/api/appointments/available/days/",
    "/api/appointments/available/filters/",
    "/api/appointments/available/nearest/",
    "/api/appointments/waitlist/possible/",
    "/api/appointments/chains/",
    "/api/appointments/chains/<uuid:chain_id>/available/",
    "/api/appointments/holidays/",
}
"""The addresses of the API whose answers are the same for everybody."""
API = sorted(address for address in CLINIC_URLS if address.startswith("/api/") and "docs" not in address)
PAGES = sorted(page for page, (get, _post) in SITE_ROWS.items() if get == "200" and "logout" not in page)
COMPRESS = {"Accept-Encoding": "gzip"}


def marks(response: Any) -> tuple[str, str]:
    """Return how a response may be stored and how it is compressed."""
    return response["Cache-Control"], response.get("Content-Encoding", "")


@pytest.mark.parametrize("address", API)
def test_every_answer_of_the_api_is_public_or_may_not_be_stored(
    other_scenario: Scenario, other_people: dict[str, ClinicClient], address: str
) -> None:
    path = path_for(address, other_scenario)
    wrong = {}
    for name, client in other_people.items():
        client.raise_request_exception = False
        for method in methods_of(address):
            with rolled_back():
                send = getattr(client, method.lower())
                if method == "GET":
                    answer = send(path + other_scenario.query_for(path), headers=COMPRESS)
                else:
                    answer = send(path, other_scenario.body_for(method, address), headers=COMPRESS)
            is_public = address in PUBLIC_API and method == "GET" and answer.status_code == 200
            is_public &= name == "nobody" or address not in SIGNED_IN_DIFFERS
            stored, encoding = marks(answer)
            if is_public != (stored == PUBLIC) or (not is_public and ("no-store" not in stored or encoding)):
                wrong[name, method, answer.status_code] = (stored, encoding)

    assert wrong == {}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_admin_and_the_console_may_not_be_stored(
    other_scenario: Scenario, clinic: Clinic, page: str
) -> None:
    if page.startswith("/admin/"):
        client = client_at_host(clinic, home=clinic, user=other_scenario.admin)
    else:
        client = client_at_host(None, home=None, user=make_operator())

    stored, encoding = marks(client.get(admin_path(page, other_scenario), headers=COMPRESS))

    assert ("no-store" in stored, encoding) == (True, "")


@pytest.mark.parametrize("path", ["/api/nothing/", "/api/auth/profile/", "/api/docs/", "/admin/", "/book/"])
def test_failures_redirects_and_pages_with_a_token_may_not_be_stored(clinic: Clinic, path: str) -> None:
    stored, encoding = marks(ClinicClient(clinic).get(path, headers=COMPRESS))

    assert ("no-store" in stored, encoding) == (True, "")


def test_open_slots_are_compressed_and_confirmed_by_their_etag(other_scenario: Scenario) -> None:
    client, path = ClinicClient(other_scenario.clinic), "/api/appointments/available/"
    plain = client.get(path)
    compressed = client.get(path, headers=COMPRESS)
    known = client.get(path, headers={**COMPRESS, "If-None-Match": compressed["ETag"]})

    assert marks(plain) == (PUBLIC, "")
    assert marks(compressed) == (PUBLIC, "gzip")
    assert gzip.decompress(compressed.content) == plain.content
    assert (len(compressed.content) < len(plain.content), compressed["ETag"]) == (True, f"W/{plain['ETag']}")
    assert (known.status_code, known.content, "Accept-Encoding" in compressed["Vary"]) == (304, b"", True)


def test_a_page_for_everybody_is_compressed(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get("/doctors", headers=COMPRESS)

    assert (answer.status_code, marks(answer)) == (200, (PUBLIC, "gzip"))
    assert b"csrf" not in gzip.decompress(answer.content).lower()


def test_a_response_that_sets_a_cookie_is_not_public(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get("/admin/login/", headers=COMPRESS)

    assert (bool(answer.cookies), "no-store" in answer["Cache-Control"]) == (True, True)
