"""The frame of all pages, addresses without a page, and the style sheet with the clinic's colours."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from clinics.models import ClinicSettings
from clinics.planning import dark_shades
from tenants.current import enter_public
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of

MANIFEST = {
    "index.html": {"isEntry": True, "file": "assets/main-abcdefgh.js", "css": ["assets/main-abcdefgh.css"]},
    "src/other.tsx": {"file": "assets/other-abcdefgh.js"},
}


@pytest.fixture(autouse=True)
def _built_web_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A built web app of two files."""
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(MANIFEST))
    monkeypatch.setattr(settings, "WEB_DIST", tmp_path)


@pytest.mark.parametrize("path", ["/", "/doctors", "/profile/calendar", "/portal/calendar"])
def test_every_page_loads_the_web_app(clinic: Clinic, path: str) -> None:
    answer = ClinicClient(clinic).get(path)

    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert '<script type="module" src="/static/app/assets/main-abcdefgh.js"></script>' in page
    assert '<link rel="stylesheet" href="/static/app/assets/main-abcdefgh.css">' in page


@pytest.mark.parametrize("path", ["/no/such/page", "/doctors/7", "/appointments/7/cancel", "/doctors/no/"])
def test_an_unknown_address_is_not_found_and_the_page_has_the_clinics_phone_number(
    clinic: Clinic, path: str
) -> None:
    ClinicSettings.objects.update(phone="+44 20 7946 0000")

    answer = ClinicClient(clinic).get(path)

    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    assert '<h1 tabindex="-1">Page not found</h1>' in page
    assert 'href="tel:+442079460000">+44 20 7946 0000</a>' in page


def test_an_address_with_a_slash_at_its_end_leads_to_the_page_without_it(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get("/doctors/?weekday=1")

    assert (answer.status_code, answer["Location"]) == (301, "/doctors?weekday=1")


def test_the_page_contains_the_clinic_as_the_api_returns_it(clinic: Clinic) -> None:
    page = ClinicClient(clinic).get("/doctors").content.decode()

    (boot,) = re.findall(r'<script id="boot" type="application/json">(.*?)</script>', page)
    assert json.loads(boot) == {
        "clinic": data_of(ClinicClient(clinic).get("/api/clinic/")),
        "options": data_of(ClinicClient(clinic).get("/api/appointments/available/filters/")),
    }


def test_a_clinics_name_is_escaped(clinic: Clinic) -> None:
    name = "</script><script>alert(1)</script><!-- \" ' &"
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(name=name)

    page = ClinicClient(clinic).get("/doctors").content.decode()

    (boot,) = re.findall(r'<script id="boot" type="application/json">(.*?)</script>', page)
    assert json.loads(boot)["clinic"]["name"] == name
    assert page.count("<script") == 2
    assert "alert(1)</script>" not in page


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_page_allows_no_other_method(clinic: Clinic, method: str) -> None:
    assert getattr(ClinicClient(clinic), method)("/").status_code == 405


@pytest.mark.parametrize("path", ["/api/nothing/", "/static/nothing.js"])
def test_a_path_outside_the_app_is_not_found(clinic: Clinic, path: str) -> None:
    assert ClinicClient(clinic).get(path).status_code == 404


def test_the_style_sheet_has_the_clinics_colours(clinic: Clinic) -> None:
    ClinicSettings.objects.update(primary_color="#6b2d5c", accent_color="#f6e9f2")

    answer = ClinicClient(clinic).get("/brand.css")
    dark = dark_shades("#6b2d5c")

    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "text/css",
        "max-age=60",
    )
    assert answer.content.decode().split() == [
        ":root",
        "{",
        "--brand-primary:",
        "#6b2d5c;",
        "--brand-on-primary:",
        "#ffffff;",
        "--brand-accent:",
        "#f6e9f2;",
        "--brand-on-accent:",
        "#000000;",
        "--brand-dark-fill:",
        f"{dark.fill};",
        "--brand-dark-on-fill:",
        f"{dark.on_fill};",
        "--brand-dark-ink:",
        f"{dark.ink};",
        "--brand-dark-tint:",
        f"{dark.tint};",
        "--brand-dark-tint-strong:",
        f"{dark.tint_strong};",
        "}",
    ]


@pytest.mark.parametrize("path", ["/", "/api/clinic/", "/api/auth/profile/", "/api/nothing/here/"])
def test_every_response_allows_the_browser_to_load_our_own_files_only(clinic: Clinic, path: str) -> None:
    policy = ClinicClient(clinic).get(path)["Content-Security-Policy"]

    assert sorted(policy.split("; ")) == [
        "base-uri 'none'",
        "default-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
    ]
