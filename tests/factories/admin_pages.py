"""A clinic's admin as somebody at the desk uses it: pages read, forms sent."""

from typing import Any

from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import form_on


def page_at(desk: ClinicClient, path: str) -> str:
    """Read a page; the path is within the admin."""
    page: str = desk.get(f"/admin/{path}").content.decode()
    return page


def form_at(desk: ClinicClient, path: str) -> dict[str, str]:
    """The form on a page, and what is in it."""
    return form_on(page_at(desk, path))


def send(desk: ClinicClient, path: str, data: dict[str, Any]) -> str:
    """Post a form and read the page it leads to."""
    response = desk.post(f"/admin/{path}", data, format="multipart", follow=True)
    assert response.status_code == 200
    page: str = response.content.decode()
    return page
