"""The home page and the legal pages in Django Admin: what is saved, refused and previewed."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from clinics.home_selectors import LEGAL_TITLES, legal_page
from clinics.models import ClinicPicture, ClinicSettings, HomePage, LegalPages, OpeningHours
from clinics.pages import frame
from tenants.accounts.models import AuditEntry, User
from tenants.models import Clinic
from tests.clinics.test_photos import SVG
from tests.factories.admin_pages import get_form, get_page, submit_form
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_receptionist
from tests.factories.pictures import picture_file

HOME = "clinics/homepage/1/change/"
LEGAL = "clinics/legalpages/1/change/"


@pytest.fixture
def desk(clinic: Clinic, admin: User, monkeypatch: pytest.MonkeyPatch) -> ClinicClient:
    """A browser signed in to the clinic's admin, in which both pages were opened."""
    monkeypatch.setattr(frame, "web_app_files", dict)
    client = ClinicClient(clinic)
    client.force_login(admin)
    for page in ("homepage", "legalpages"):
        client.get(f"/admin/clinics/{page}/")
    return client


def hours(*rows: tuple[int, str, str]) -> dict[str, str]:
    """Return the fields of new opening hours."""
    fields = {"opening_hours-TOTAL_FORMS": str(len(rows)), "opening_hours-INITIAL_FORMS": "0"}
    for number, (weekday, opens, closes) in enumerate(rows):
        values = {"weekday": str(weekday), "opens": opens, "closes": closes, "home_page": "1"}
        fields |= {f"opening_hours-{number}-{name}": value for name, value in values.items()}
    return fields


def submit(desk: ClinicClient, page: str, **fields: Any) -> str:
    """Change fields of a form, and return the page that follows."""
    return submit_form(desk, page, get_form(desk, page) | fields)


def file(data: bytes, name: str = "x.png") -> SimpleUploadedFile:
    """An upload."""
    return SimpleUploadedFile(name, data, content_type="image/png")


def test_texts_hours_and_pictures_are_saved_and_logged(desk: ClinicClient, clinic: Clinic) -> None:
    page = submit(
        desk, HOME, heading="Hello", welcome="Hi", logo=file(picture_file()), photo=file(picture_file()),
        **hours((0, "09:00", "17:00"), (0, "18:00", "00:00")),
    )  # fmt: skip

    assert "was changed successfully" in page
    assert HomePage.objects.get().heading == "Hello"
    assert OpeningHours.objects.count() == 2
    assert sorted(ClinicSettings.objects.get().pictures) == ["logo", "photo"]
    assert "/api/clinic/pictures/" in get_page(desk, HOME)
    logged = AuditEntry.objects.filter(kind="clinics.homepage", what="changed").get()
    assert (logged.changes or {})["heading"] == ["", "Hello"]

    submit(desk, HOME, remove_logo="on", **{"opening_hours-2-weekday": ""})
    assert sorted(ClinicSettings.objects.get().pictures) == ["photo"]


@pytest.mark.parametrize("kind", ["logo", "icon", "photo"])
def test_a_file_that_is_no_picture_is_refused_at_its_field_and_nothing_is_saved(
    desk: ClinicClient, kind: str
) -> None:
    page = submit(desk, HOME, heading="Hello", **hours(), **{kind: file(SVG, "x.svg")})

    assert "This file is not a picture that we can read." in page
    assert (HomePage.objects.get().heading, ClinicPicture.objects.count()) == ("", 0)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(0, "09:00", "12:00"), (0, "11:59", "13:00")], "These hours overlap other hours on the same day."),
        ([(0, "20:00", "00:00"), (0, "23:00", "23:30")], "These hours overlap other hours on the same day."),
        ([(0, "12:00", "09:00")], "The closing time must be after the opening time."),
    ],
)
def test_impossible_opening_hours_are_refused(
    desk: ClinicClient, rows: list[tuple[int, str, str]], message: str
) -> None:
    assert message in submit(desk, HOME, **hours(*rows))
    assert OpeningHours.objects.count() == 0


def test_opening_hours_that_follow_each_other_are_accepted(desk: ClinicClient) -> None:
    submit(desk, HOME, **hours((0, "09:00", "12:00"), (0, "12:00", "13:00"), (1, "09:00", "12:00")))

    assert OpeningHours.objects.count() == 3


def test_a_preview_shows_the_changes_and_saves_nothing(desk: ClinicClient) -> None:
    logged = AuditEntry.objects.count()

    page = submit(
        desk, HOME, heading="New heading", photo=file(picture_file()), _preview="1",
        **hours((0, "09:00", "17:00")),
    )  # fmt: skip

    assert "This is a preview. Nothing is saved yet." in page
    assert all(text in page for text in ("New heading", "9:00 am to 5:00 pm", 'src="data:image/webp;base64,'))
    assert HomePage.objects.get().heading == ""
    assert (OpeningHours.objects.count(), ClinicPicture.objects.count()) == (0, 0)
    assert AuditEntry.objects.count() == logged


def test_legal_pages_show_the_standard_text_until_the_clinic_changes_it(
    desk: ClinicClient, clinic: Clinic
) -> None:
    ClinicSettings.objects.update(email="hello@riverside.example", phone="+44 20 7946 0123")
    standard = legal_page("privacy")
    assert (standard.changed_on, "hello@riverside.example" in standard.html) == (None, True)
    assert "Riverside collects" in standard.html

    submit(desk, LEGAL)
    assert LegalPages.objects.get().privacy == ""

    own = get_form(desk, LEGAL)["terms"] + "\n\n# Pets\n\nNo <b>dogs</b>."
    submit(desk, LEGAL, terms=own)
    answer = data_of(ClinicClient(clinic).get("/api/clinic/legal/terms/"))
    assert (answer["title"], answer["changed_on"]) == ("Terms of use", date.today().isoformat())  # noqa: DTZ011
    assert "<h2>Pets</h2>\n<p>No &lt;b&gt;dogs&lt;/b&gt;.</p>" in answer["html"]
    assert LegalPages.objects.get().privacy_changed_on is None

    submit(desk, LEGAL, terms="")
    assert legal_page("terms").changed_on is None


@pytest.mark.parametrize("kind", LEGAL_TITLES)
def test_a_legal_page_is_the_same_without_javascript(desk: ClinicClient, clinic: Clinic, kind: str) -> None:
    page = ClinicClient(clinic).get(f"/{kind}")

    html = data_of(ClinicClient(clinic).get(f"/api/clinic/legal/{kind}/"))["html"]
    assert (page.status_code, html in page.content.decode()) == (200, True)
    assert f'href="/{kind}"' in page.content.decode()
    assert "{" not in html
    assert ClinicClient(clinic).get(f"/api/clinic/legal/{kind}x/").status_code == 404


def test_a_preview_of_a_legal_page_saves_nothing(desk: ClinicClient) -> None:
    page = submit(desk, LEGAL, privacy="Only this.", _preview="1")

    assert "<p>Only this.</p>" in page
    assert LegalPages.objects.get().privacy == ""


def test_a_standard_text_without_contact_details_has_no_empty_list(clinic: Clinic) -> None:
    context = {"clinic": clinic, "settings": ClinicSettings()}

    assert render_to_string("clinics/legal/contact.txt", context).strip() == ""


def test_receptionists_cannot_open_the_pages(clinic: Clinic, desk: ClinicClient) -> None:
    client = ClinicClient(clinic)
    client.force_login(make_receptionist())

    assert [client.get(f"/admin/{page}").status_code for page in (HOME, LEGAL)] == [403, 403]
