"""The clinic's pictures: which files are accepted, the sizes that are served, and their storage."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer
from PIL import Image
from pytest_django import Settings

from clinics.models import ClinicPicture, ClinicSettings
from clinics.pages import frame
from clinics.picture_files import describe_picture, picture_url
from clinics.picture_folder import PictureFolder
from clinics.services.pictures import encode_picture, remove_picture, set_picture
from config.environment import Environment
from config.pictures import pictures_storage
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.clinics.test_photos import SVG, png_that_claims
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient
from tests.factories.pictures import picture_file

LOCAL = "clinics.picture_folder.PictureFolder"
Commit = Any
"""pytest-django's fixture that runs what is due after the commit."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the storage of pictures. Pages load no files of a web app."""
    use_storage(settings, {"BACKEND": LOCAL, "OPTIONS": {"location": str(tmp_path)}})
    monkeypatch.setattr(frame, "web_app_files", dict)
    return tmp_path


def use_storage(settings: Settings, entry: dict[str, Any]) -> None:
    """Use another storage for pictures."""
    settings.STORAGES = {**settings.STORAGES, "pictures": entry}


def store(kind: str, upload: bytes, by: User) -> ClinicPicture:
    """Store an upload as a picture of the clinic."""
    return set_picture(kind=kind, encoded=encode_picture(kind=kind, upload=upload), by=by)


def size_of(data: bytes) -> tuple[str | None, tuple[int, int]]:
    """Return the format and the size of a picture."""
    image = Image.open(BytesIO(data))
    return image.format, image.size


def test_a_photo_is_served_in_its_widths_as_avif_and_webp(clinic: Clinic, admin: User) -> None:
    picture = store("photo", picture_file("JPEG", (2000, 1000)), admin)
    shown = describe_picture("photo", ClinicSettings.objects.get().pictures["photo"])
    assert shown is not None
    urls = [item.split()[0] for source in shown["sources"] for item in source["srcset"].split(", ")]

    answers = [ClinicClient(clinic).get(url) for url in urls]

    assert [size_of(answer.content) for answer in answers] == [
        (kind, (width, width // 2)) for kind in ("AVIF", "WEBP") for width in (480, 960, 1600, 2000)
    ]
    assert {answer["Content-Type"] for answer in answers} == {"image/avif", "image/webp"}
    assert {answer["Cache-Control"] for answer in answers} == {"public, max-age=31536000, immutable"}
    assert picture.width == 2000


def test_a_logo_keeps_its_transparency_and_an_icon_is_square(clinic: Clinic, admin: User) -> None:
    file = BytesIO()
    Image.new("RGBA", (1600, 400), (255, 0, 0, 0)).save(file, "PNG")
    logo, icon = store("logo", file.getvalue(), admin), store("icon", file.getvalue(), admin)
    client = ClinicClient(clinic)

    pictures = [
        client.get(picture_url(logo.digest, 400, "webp")).content,
        client.get(picture_url(icon.digest, 180, "png")).content,
    ]

    assert [size_of(picture)[1] for picture in pictures] == [(400, 100), (180, 180)]
    assert [Image.open(BytesIO(p)).convert("RGBA").getpixel((0, 0))[3] for p in pictures] == [0, 0]  # type: ignore[index]
    page = client.get("/").content.decode()
    assert f'<link rel="icon" type="image/png" href="{picture_url(icon.digest, 32, "png")}">' in page
    assert client.get("/favicon.ico")["Location"] == picture_url(icon.digest, 32, "png")


def test_metadata_is_removed(clinic: Clinic, admin: User) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Canary camera"
    upload = picture_file("JPEG", exif=exif.tobytes(), comment=b"Canary comment")
    digests = [(kind, store(kind, upload, admin)) for kind in ("photo", "logo", "icon")]

    files = [bytes(picture.file) for _kind, picture in digests]
    files += [
        ClinicClient(clinic).get(picture_url(digests[0][1].digest, 480, e)).content for e in ("avif", "webp")
    ]

    assert b"Canary" in upload
    assert [b"Canary" in file for file in files] == [False] * 5


@pytest.mark.parametrize("kind", ["photo", "logo", "icon"])
@pytest.mark.parametrize(
    "upload",
    [
        b"", SVG, picture_file("GIF"), picture_file("TIFF"), picture_file("JPEG")[:3000],
        picture_file()[:-300],
        picture_file(size=(30, 900)), png_that_claims(60_000, 60_000), png_that_claims(4000, 4001),
        picture_file() + b"\0" * (5 * 1024 * 1024),
    ],
    ids=["empty", "svg", "gif", "tiff", "cut jpeg", "cut png", "small", "bomb", "many pixels", "many bytes"],
)  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_at_its_field(kind: str, upload: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        encode_picture(kind=kind, upload=upload)

    assert list(refused.value.errors) == [kind]


def test_a_picture_of_a_large_camera_and_a_very_narrow_one_are_accepted() -> None:
    camera = encode_picture(kind="photo", upload=picture_file("JPEG", (6000, 4000)))
    narrow = encode_picture(kind="logo", upload=picture_file("JPEG", (48, 40_000)))

    assert (camera.width, camera.height) == (2400, 1600)
    assert (narrow.width, narrow.height) == (1, 400)


@pytest.mark.parametrize(
    "name",
    [
        "x",
        "{digest}-481.webp",
        "{digest}-480.gif",
        "{digest}-480.png",
        "../{digest}-480.webp",
        "{other}-480.webp",
    ],
)
def test_a_size_that_does_not_exist_is_not_found(clinic: Clinic, admin: User, name: str) -> None:
    picture = store("photo", picture_file(), admin)
    path = name.format(digest=picture.digest, other="0" * 32)

    assert ClinicClient(clinic).get(f"/api/clinic/pictures/{path}").status_code == 404


def test_another_clinic_does_not_have_the_picture(clinic: Clinic, other_clinic: Clinic, admin: User) -> None:
    url = picture_url(store("photo", picture_file(), admin).digest, 480, "webp")
    assert ClinicClient(clinic).get(url).status_code == 200

    with enter_clinic(other_clinic):
        assert ClinicClient(other_clinic).get(url).status_code == 404


def test_sizes_are_stored_after_the_commit_and_deleted_with_the_picture(
    clinic: Clinic, admin: User, folder: Path, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        store("photo", picture_file(), admin)
    first = sorted(path.name.split("-")[1] for path in (folder / str(clinic.pk)).iterdir())
    with django_capture_on_commit_callbacks(execute=True):
        store("photo", picture_file(size=(700, 700)), admin)
    second = sorted(path.name.split("-")[1] for path in (folder / str(clinic.pk)).iterdir())
    with django_capture_on_commit_callbacks(execute=True):
        remove_picture(kind="photo", by=admin)

    assert first == ["480.avif", "480.webp", "900.avif", "900.webp"]
    assert second == ["480.avif", "480.webp", "700.avif", "700.webp"]
    assert list((folder / str(clinic.pk)).iterdir()) == []
    assert audit_entries(kind="clinics.clinicsettings") == [("changed", "clinics.clinicsettings", "1")] * 3


def test_a_removed_picture_is_not_served_where_its_files_still_are(clinic: Clinic, admin: User) -> None:
    url = picture_url(store("photo", picture_file(), admin).digest, 480, "webp")
    assert ClinicClient(clinic).get(url).status_code == 200

    remove_picture(kind="photo", by=admin)  # the files are deleted after the commit

    assert ClinicClient(clinic).get(url).status_code == 404


def test_a_file_replaces_an_earlier_one_as_a_whole_and_leaves_no_other_file(folder: Path) -> None:
    storage = PictureFolder(location=str(folder))
    for content in (b"a longer text", b"short"):
        storage.save("clinic/1.webp", ContentFile(content))

    assert [(path.name, path.read_bytes()) for path in (folder / "clinic").iterdir()] == [
        ("1.webp", b"short")
    ]


def test_an_emptied_or_broken_storage_serves_the_same_pictures(
    clinic: Clinic, admin: User, folder: Path, settings: Settings
) -> None:
    url = picture_url(store("photo", picture_file(), admin).digest, 480, "webp")
    stored = ClinicClient(clinic).get(url).content
    (folder / str(clinic.pk) / url.rpartition("/")[2]).unlink()
    emptied = ClinicClient(clinic).get(url).content
    (folder / "file").write_text("")
    use_storage(settings, {"BACKEND": LOCAL, "OPTIONS": {"location": f"{folder}/file/x"}})

    assert stored == emptied == ClinicClient(clinic).get(url).content


def test_pictures_are_stored_in_a_bucket(
    clinic: Clinic, admin: User, settings: Settings, bucket: dict[str, Any]
) -> None:
    use_storage(settings, bucket)
    picture = store("photo", picture_file(), admin)
    url = picture_url(picture.digest, 480, "webp")
    made = ClinicClient(clinic).get(url).content

    names = storages["pictures"].listdir(str(clinic.pk))[1]
    again = ClinicClient(clinic).get(url).content
    storages["pictures"].delete(f"{clinic.pk}/{names[0]}")

    assert (names, again == made) == ([f"{picture.digest}-480.webp"], True)
    assert storages["pictures"].listdir(str(clinic.pk))[1] == []


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A bucket of a local S3 server: the entry of STORAGES that these environment variables configure."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    values = {
        "BUCKET": "pictures",
        "ENDPOINT": f"http://{host}:{port}",
        "REGION": "us-east-1",
        "ACCESS_KEY": "key",
        "SECRET_KEY": "secret",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"PICTURES_S3_{name}", value)
    requests.put(f"{values['ENDPOINT']}/pictures", timeout=10).raise_for_status()
    yield pictures_storage(Environment())
    server.stop()
