"""Sends forms with the fields and values on the page, like a browser without JavaScript."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from clinics.models import Patient
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import PASSWORD

_FORM = "application/x-www-form-urlencoded"


def send(client: ClinicClient, path: str, **fields: Any) -> Any:
    """Send a form with POST."""
    return client.post(path, urlencode(fields, doseq=True), content_type=_FORM)


def sign_in(client: ClinicClient, patient: Patient) -> None:
    """Sign in on the sign-in page."""
    assert patient.user is not None
    answer = send(client, "/sign-in", email=patient.user.email, password=PASSWORD)
    assert (answer.status_code, answer["Location"]) == (303, "/appointments")


def text_of(response: Any) -> str:
    """The page as text, without markup and repeated spaces."""
    page = re.sub(r"<(script|head).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def heading_of(response: Any) -> str:
    """The page's heading."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    assert found is not None
    return unescape(found[1]).strip()


def hidden_fields(response: Any) -> dict[str, str]:
    """The names and values of the hidden inputs of a page."""
    pattern = r'<input type="hidden" name="([^"]+)" value="([^"]*)"'
    return {name: unescape(value) for name, value in re.findall(pattern, response.content.decode())}
