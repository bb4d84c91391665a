"""Read pages of a clinic's admin and submit the forms on them."""

from typing import Any

from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form


def get_page(client: ClinicClient, path: str) -> str:
    """Return a page as HTML. The path is relative to `/admin/`."""
    page: str = client.get(f"/admin/{path}").content.decode()
    return page


def get_form(client: ClinicClient, path: str) -> dict[str, str]:
    """Return the fields of the form on a page, with their values."""
    return parse_form(get_page(client, path))


def submit_form(client: ClinicClient, path: str, data: dict[str, Any]) -> str:
    """Post a form, follow redirects and return the resulting page."""
    response = client.post(f"/admin/{path}", data, format="multipart", follow=True)
    assert response.status_code == 200
    page: str = response.content.decode()
    return page
