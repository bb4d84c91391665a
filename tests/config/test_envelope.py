"""The envelope: every response, success or error, has the same structure."""

from collections.abc import Callable
from typing import Any

import pytest

from clinics.models import Patient
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient

ClientFor = Callable[..., ClinicClient]


def failure(code: str, message: str, errors: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """Return the body of an error response."""
    return {"success": False, "data": None, "message": message, "code": code, "errors": errors or {}}


def test_a_success_is_enveloped(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get("/api/users/doctors/")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json() == {
        "success": True,
        "data": {"count": 0, "next": None, "previous": None, "results": []},
        "message": "",
    }


def test_400_names_the_fields(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).post("/api/auth/login/", {"password": "x"})

    assert (answer.status_code, answer.json()) == (
        400,
        failure(
            "invalid",
            "Some fields are not valid. Correct the marked fields and try again.",
            {"email": ["This field is required."]},
        ),
    )


def test_400_names_the_position_in_a_list(clinic: Clinic, client_for: ClientFor, doctor: Any) -> None:
    good = {"weekday": 0, "opens": "09:00", "closes": "12:00", "slot_minutes": 30}

    answer = client_for(clinic, doctor.user).put(
        "/api/appointments/working-hours/", [good, {**good, "weekday": 7}]
    )

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["1.weekday"])


def test_400_for_a_body_that_is_not_an_object(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).post("/api/auth/login/", [1, 2])

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["non_field_errors"])


def test_401_for_a_request_without_a_session(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get("/api/auth/profile/")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert answer.json() == failure("not_authenticated", "You are not signed in. Sign in to continue.")


def test_401_for_an_invalid_token_does_not_reveal_why(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get("/api/auth/profile/", HTTP_AUTHORIZATION="Bearer a.b.c")

    assert answer.status_code == 401
    assert answer.json() == failure(
        "token_not_valid", "Your access token is not valid or has expired. Sign in again."
    )


def test_403_for_a_role_without_permission(clinic: Clinic, patient: Patient, client_for: ClientFor) -> None:
    answer = client_for(clinic, patient.user).get("/api/appointments/my-appointments/")

    assert (answer.status_code, answer.json()) == (
        403,
        failure(
            "permission_denied",
            "Your account does not have permission to do this. Use another account, or ask the clinic.",
        ),
    )


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "/api/users/doctors/00000000-0000-0000-0000-000000000000/",
            "We could not find this. Check the link or the id.",
        ),
        ("/api/users/doctors/not-an-id/", "There is nothing at this address. Check the link."),
        ("/api/nothing/", "There is nothing at this address. Check the link."),
    ],
)
def test_404_for_an_unknown_address_or_id(clinic: Clinic, path: str, message: str) -> None:
    answer = ClinicClient(clinic).get(path)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json() == failure("not_found", message)


def test_405_lists_the_allowed_methods(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).delete("/api/clinic/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json() == failure("method_not_allowed", 'Method "DELETE" not allowed.')


def test_406_for_a_format_that_is_not_supported(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get("/api/clinic/", headers={"accept": "text/html"})

    assert (answer.status_code, answer["Content-Type"]) == (406, "application/json")
    assert answer.json() == failure("not_acceptable", "Could not satisfy the request Accept header.")


def test_415_for_an_unsupported_media_type(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).post("/api/auth/login/", "email=a", content_type="text/plain")

    assert (answer.status_code, answer.json()) == (
        415,
        failure("unsupported_media_type", 'Unsupported media type "text/plain" in request.'),
    )
