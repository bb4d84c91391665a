"""Photos of doctors: which files are accepted, what is stored, and who can read them."""

import zlib
from collections.abc import Callable
from io import BytesIO
from struct import pack
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinics.image_processing import LARGE, SMALL
from clinics.models import Doctor, DoctorPhoto
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.pictures import picture_file

PATH = "/api/portal/profile/photo/"


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG file of a few bytes whose header claims this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.fixture
def client(clinic: Clinic, doctor: Doctor, client_for: Callable[..., ClinicClient]) -> ClinicClient:
    """A client of the doctor."""
    return client_for(clinic, doctor.user)


def send(client: ClinicClient, data: bytes, name: str = "me.jpg") -> Any:
    """Upload a file as the photo."""
    return client.put(PATH, {"photo": SimpleUploadedFile(name, data)}, format="multipart")


def pixels(data: bytes) -> Image.Image:
    """Decode a file."""
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")]
)
def test_a_picture_becomes_two_square_jpeg_files(
    client: ClinicClient, doctor: Doctor, kind: str, mode: str
) -> None:
    file = BytesIO()
    Image.new(mode, (300, 700)).save(file, kind)

    photo = data_of(send(client, file.getvalue()))["photo"]
    found = {size: client.get(address) for size, address in photo.items()}

    assert {name: pixels(answer.content).size for name, answer in found.items()} == {
        "large": (LARGE, LARGE),
        "small": (SMALL, SMALL),
    }
    assert {answer["Content-Type"] for answer in found.values()} == {"image/jpeg"}
    assert {answer["Cache-Control"] for answer in found.values()} == {"public, max-age=31536000, immutable"}
    assert {answer["X-Content-Type-Options"] for answer in found.values()} == {"nosniff"}


def test_metadata_is_removed_and_the_orientation_is_applied(client: ClinicClient) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8  # turned: the right side of the stored picture is at the top
    exif[0x010F] = "Canary camera"
    upload = picture_file("JPEG", exif=exif.tobytes(), comment=b"Canary comment")

    answer = client.get(data_of(send(client, upload))["photo"]["large"])

    assert b"Canary" in upload
    assert b"Canary" not in answer.content
    assert dict(pixels(answer.content).getexif()) == {}
    red, _green, blue = pixels(answer.content).convert("RGB").getpixel((240, 20))  # type: ignore[misc]
    assert blue > red


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"x" * 100,
        SVG,
        b"GIF89a" + picture_file("GIF")[6:],
        picture_file("JPEG")[:2000],
        picture_file("PNG")[:-300],
        b"\xff\xd8\xff\xe0" + b"\0" * 5000,
        picture_file("JPEG", size=(199, 900)),
        png_that_claims(60_000, 60_000),
        png_that_claims(4000, 4001),
        png_that_claims(2**31 - 1, 2**31 - 1),
        png_that_claims(400, 400),
        picture_file("JPEG") + b"\0" * (5 * 1024 * 1024),
        picture_file("TIFF"),
        picture_file("BMP"),
    ],
    ids=[
        "empty", "text", "svg", "gif", "cut jpeg", "cut png", "header only", "small", "bomb",
        "too many pixels",
        "overflow", "lying png", "too many bytes", "tiff", "bmp",
    ],
)  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_at_its_field_and_the_photo_stays(
    client: ClinicClient, doctor: Doctor, upload: bytes
) -> None:
    before = data_of(send(client, picture_file("JPEG")))["photo"]

    answer = send(client, upload, name="../../etc/me.jpg")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["photo"])
    doctor.refresh_from_db()
    assert doctor.photo_digest in before["large"]


@pytest.mark.parametrize("body", [{}, {"photo": "text"}])
def test_a_request_without_a_file_is_refused(client: ClinicClient, body: dict[str, str]) -> None:
    answer = client.put(PATH, body, format="multipart")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["photo"])


def test_a_new_photo_has_a_new_address_and_a_removed_one_none(client: ClinicClient, doctor: Doctor) -> None:
    first = data_of(send(client, picture_file("JPEG")))["photo"]["small"]
    second = data_of(send(client, picture_file("JPEG", size=(400, 400))))["photo"]["small"]
    between = [client.get(address).status_code for address in (first, second)]
    shown = data_of(client.get(f"/api/users/doctors/{doctor.pk}/"))["photo"]["small"]

    removed = data_of(client.delete(PATH))["photo"]

    assert (between, shown, removed) == ([404, 200], second, None)
    assert client.get(second).status_code == 404
    assert data_of(client.get(f"/api/users/doctors/{doctor.pk}/"))["photo"] is None
    assert audit_entries(kind="clinics.doctor") == [("changed", "clinics.doctor", str(doctor.pk))] * 3
    assert DoctorPhoto.objects.count() == 0


def test_another_clinic_does_not_have_the_photo(
    client: ClinicClient, other_clinic: Clinic, client_for: Callable[..., ClinicClient]
) -> None:
    address = data_of(send(client, picture_file("JPEG")))["photo"]["large"]

    with enter_clinic(other_clinic):
        assert client_for(other_clinic).get(address).status_code == 404


@pytest.mark.parametrize("name", ["x", "large", "-large", "../large", "a%00b-large", "0" * 32 + "-huge"])
def test_a_wrong_address_is_not_found(client: ClinicClient, doctor: Doctor, name: str) -> None:
    assert client.get(f"/api/users/doctors/{doctor.pk}/photo/{name}.jpg").status_code == 404
