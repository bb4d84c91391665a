"""What search engines read: robots.txt, the sitemap, canonical addresses and descriptions of doctors."""

from xml.etree import ElementTree

import pytest
from django.conf import settings

from clinics.models import ClinicSettings
from clinics.pages import frame
from clinics.structured_data import doctor_structured_data
from clinics.templatetags.search_engines import structured_data
from tenants.current import enter_public
from tenants.models import Clinic, Domain
from tenants.routing.public_urls import clinic_url
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.languages import offering
from tests.factories.people import make_doctor


@pytest.fixture(autouse=True)
def _no_web_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages load no files of a web app."""
    monkeypatch.setattr(frame, "web_app_files", dict)


def test_the_sitemap_lists_the_public_pages_at_the_primary_domain(clinic: Clinic) -> None:
    doctor, _gone = make_doctor(), make_doctor(is_active=False)
    with enter_public():
        Domain.objects.filter(tenant=clinic).update(is_primary=False)
        Domain.objects.create(tenant=clinic, domain="clinic.example", is_primary=True)
    origin = f"{settings.PUBLIC_SCHEME}://clinic.example"
    origin += f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""

    answer = ClinicClient(clinic).get("/sitemap.xml")

    locations = ElementTree.fromstring(answer.content).iter(
        "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    )
    addresses = [location.text for location in locations]
    assert answer["Content-Type"] == "application/xml"
    paths = ["/", "/doctors", "/privacy", "/accessibility", "/terms", f"/doctors/{doctor.pk}"]
    assert addresses == [origin + path for path in paths]
    assert f"Sitemap: {origin}/sitemap.xml" in ClinicClient(clinic).get("/robots.txt").content.decode()
    assert f'<link rel="canonical" href="{origin}/">' in ClinicClient(clinic).get("/").content.decode()


def test_a_page_names_its_address_in_each_language(clinic: Clinic) -> None:
    path = f"/doctors/{make_doctor().pk}"
    address = clinic_url(clinic, path)
    with offering(clinic, "en", "es"):
        english, spanish = (
            ClinicClient(clinic).get(f"{path}{query}").content.decode() for query in ("", "?lang=es")
        )

    for page in (english, spanish):
        assert f'<link rel="alternate" href="{address}" hreflang="en">' in page
        assert f'<link rel="alternate" href="{address}?lang=es" hreflang="es">' in page
        assert f'<link rel="alternate" href="{address}" hreflang="x-default">' in page
    assert f'<link rel="canonical" href="{address}">' in english
    assert f'<link rel="canonical" href="{address}?lang=es">' in spanish


def test_robots_may_read_pages_and_photos_but_nothing_personal(clinic: Clinic) -> None:
    lines = ClinicClient(clinic).get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /api/" in lines
    assert "Allow: /api/clinic/pictures/" in lines
    assert not any(line.startswith("Disallow: /doctors") for line in lines)


def test_a_clinic_without_an_icon_shows_its_first_letter_in_its_colour(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get("/favicon.ico")

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert b'fill="#0b5c8a"' in answer.content
    assert b">R</text>" in answer.content


def test_a_doctor_is_described_with_qualification_languages_and_clinic(clinic: Clinic) -> None:
    doctor = make_doctor(name="Ng", title="Dr", qualification="MBBS", languages=["en", "fr"])
    client = ClinicClient(clinic)
    shown = data_of(client.get(f"/api/users/doctors/{doctor.pk}/"))

    data = doctor_structured_data(shown, data_of(client.get("/api/clinic/")), origin="https://c.example")

    assert (data["@type"], data["name"], data["knowsLanguage"]) == ("Physician", "Dr Ng", ["en", "fr"])
    assert data["hasCredential"]["name"] == "MBBS"
    assert data["url"] == f"https://c.example/doctors/{doctor.pk}"
    assert data["parentOrganization"]["name"] == "Riverside"


def test_structured_data_cannot_end_its_element() -> None:
    assert "</script><b>" not in str(structured_data({"name": "</script><b> & \u2028"}))


def test_the_manifest_has_the_clinics_name_colour_and_icon(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get("/manifest.webmanifest")
    drawn = answer.json()["icons"]
    ClinicSettings.objects.update(pictures={"icon": {"digest": "a" * 32, "width": 512, "height": 512}})
    uploaded = ClinicClient(clinic).get("/manifest.webmanifest").json()["icons"]

    assert answer["Content-Type"] == "application/manifest+json"
    manifest = {name: value for name, value in answer.json().items() if name != "icons"}
    assert manifest == {
        "id": "/",
        "name": "Riverside",
        "lang": "en-GB",
        "start_url": "/appointments",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5c8a",
    }
    assert drawn == [{"src": "/favicon.ico", "sizes": "any", "type": "image/svg+xml"}]
    assert [icon["sizes"] for icon in uploaded] == ["180x180", "192x192", "512x512"]
    assert (
        '<link rel="manifest" href="/manifest.webmanifest">' in ClinicClient(clinic).get("/").content.decode()
    )
