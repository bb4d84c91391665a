"""The second step in the API: who is asked for it, what is taken, and what opens before it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from clinics.models import ClinicSettings, Doctor, Patient
from tenants.accounts.authenticator import Authenticator, RecoveryCodes
from tenants.accounts.enrolment import begin_enrolment, confirm_enrolment, reset_second_factor
from tenants.accounts.errors import SecondFactorOff
from tenants.accounts.models import Tries, User
from tenants.base.clock import now as clock_now
from tenants.door import enter_clinic
from tenants.models import Clinic
from tests.factories.audit import entries
from tests.factories.client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_admin, make_receptionist
from tests.factories.second_factor import code_of, give_authenticator, wrong_code

ClientFor = Callable[..., ClinicClient]
ADDRESS = "192.0.2.1"
CODE_IS_WRONG = "This code is not correct. Enter a new code."


@pytest.fixture
def user(doctor: Doctor) -> User:
    """A doctor's account."""
    assert doctor.user is not None
    return doctor.user


@pytest.fixture
def calm() -> Any:
    """A clock that stands still, a second after the codes have changed."""
    start = clock_now().timestamp() // 30 * 30 + 1
    with time_machine.travel(start, tick=False) as clock:
        yield clock


def sign_in(clinic: Clinic, user: User) -> Any:
    """The answer to e-mail and password."""
    return ClinicClient(clinic).post("/api/auth/login/", {"email": user.email, "password": PASSWORD})


def send_code(clinic: Clinic, challenge: str, code: str) -> Any:
    """The answer to a code."""
    return ClinicClient(clinic).post("/api/auth/login/second-factor/", {"challenge": challenge, "code": code})


def challenge_of(clinic: Clinic, user: User) -> str:
    """What a right password is answered with."""
    answer = sign_in(clinic, user)
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")
    challenge: str = answer.json()["data"]["challenge"]
    return challenge


def demand(**settings: bool) -> None:
    """Switch a demand of the clinic on."""
    ClinicSettings.objects.update(**settings)


def recovery_codes(user: User) -> list[str]:
    """New ones."""
    codes: list[str] = RecoveryCodes.objects.create(user=user, name="recovery codes").replace()
    return codes


def test_password_and_code_open_a_session(clinic: Clinic, user: User, calm: Any) -> None:
    device = give_authenticator(user)

    refused = sign_in(clinic, user)
    session = data_of(send_code(clinic, refused.json()["data"]["challenge"], code_of(device)))

    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    assert (refused.status_code, refused.json()["code"]) == (401, "second_factor_required")
    assert refused.json()["data"]["is_set_up"] is True
    assert data_of(client.get("/api/auth/profile/"))["id"] == str(user.pk)


def test_a_right_password_alone_leaves_no_trace_of_having_come(clinic: Clinic, user: User, calm: Any) -> None:
    device = give_authenticator(user)

    challenge = challenge_of(clinic, user)
    before = (entries(kind="accounts.user"), User.objects.get(pk=user.pk).last_login)
    send_code(clinic, challenge, code_of(device))

    assert before == ([], None)
    assert entries(kind="accounts.user") == [("signed_in", "accounts.user", str(user.pk))]


def test_a_wrong_password_says_nothing_of_a_second_step(clinic: Clinic, user: User) -> None:
    give_authenticator(user)

    answer = ClinicClient(clinic).post("/api/auth/login/", {"email": user.email, "password": "wrong horse"})

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")
    assert answer.json()["data"] is None


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_a_minute_ago_or_ahead_is_wrong(clinic: Clinic, user: User, calm: Any, steps: int) -> None:
    device = give_authenticator(user)

    answer = send_code(clinic, challenge_of(clinic, user), code_of(device, steps=steps))

    assert (answer.status_code, answer.json()["errors"]) == (400, {"code": [CODE_IS_WRONG]})


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_off(clinic: Clinic, user: User, calm: Any, steps: int) -> None:
    device = give_authenticator(user)

    answer = send_code(clinic, challenge_of(clinic, user), code_of(device, steps=steps))

    assert answer.status_code == 200


def test_a_code_is_taken_once(clinic: Clinic, user: User, calm: Any) -> None:
    code = code_of(give_authenticator(user))

    answers = [send_code(clinic, challenge_of(clinic, user), code).status_code for _ in range(2)]

    assert answers == [200, 400]


def test_a_recovery_code_is_taken_once_however_it_is_written(clinic: Clinic, user: User, calm: Any) -> None:
    give_authenticator(user)
    code = recovery_codes(user)[3].replace("-", " ").upper()

    answers = [send_code(clinic, challenge_of(clinic, user), code).status_code for _ in range(2)]

    assert answers == [200, 400]
    assert ("recovery_code_used", "accounts.user", str(user.pk)) in entries()


def test_neither_key_nor_recovery_codes_can_be_read_in_the_table(user: User) -> None:
    device, codes = give_authenticator(user), recovery_codes(user)

    kept = RecoveryCodes.objects.get(user=user).token_set.values_list("token", flat=True)
    assert device.bin_key.hex() != Authenticator.objects.get(pk=device.pk).key
    assert {code.replace("-", "") for code in codes} & set(kept) == set()


def test_the_key_is_worth_nothing_with_another_secret(user: User, settings: Any) -> None:
    device = give_authenticator(user)
    with_ours = device.bin_key

    settings.SECRET_KEY = "another installation's"

    assert device.bin_key != with_ours


def test_a_challenge_of_one_clinic_is_worth_nothing_at_another(
    clinic: Clinic, other_clinic: Clinic, user: User, calm: Any
) -> None:
    device = give_authenticator(user)
    challenge = challenge_of(clinic, user)

    answer = send_code(other_clinic, challenge, code_of(device))

    assert (answer.status_code, answer.json()["code"]) == (401, "challenge_over")


def app_of(user: User) -> Authenticator:
    """Their app."""
    found: Authenticator = Authenticator.objects.get(user=user)
    return found


def test_a_challenge_ends_after_ten_minutes(clinic: Clinic, user: User, calm: Any) -> None:
    device = give_authenticator(user)
    challenge = challenge_of(clinic, user)

    calm.shift(timedelta(minutes=10, seconds=1))

    assert send_code(clinic, challenge, code_of(device)).json()["code"] == "challenge_over"


@pytest.mark.parametrize("change", [{"token_version": 2}, {"is_active": False}])
def test_a_challenge_ends_with_a_new_password_and_a_switched_off_account(
    clinic: Clinic, user: User, calm: Any, change: dict[str, Any]
) -> None:
    device = give_authenticator(user)
    challenge = challenge_of(clinic, user)

    User.objects.filter(pk=user.pk).update(**change)

    assert send_code(clinic, challenge, code_of(device)).json()["code"] == "challenge_over"


@pytest.mark.parametrize("challenge", ["", "none", "a.b.c", "é" * 40, "x" * 401])
def test_what_is_no_challenge_is_refused(clinic: Clinic, challenge: str) -> None:
    assert send_code(clinic, challenge, "123456").status_code in {400, 401}


@pytest.mark.parametrize(
    "code",
    [
        "",
        "12345",
        "abcdef",
        "\u0661\u0662\u0663\u0664\u0665\u0666",
        "-1",
        "1e5",
        "0x1234",
        "9" * 32,
        "9" * 33,
    ],
)
def test_what_is_no_code_is_refused(clinic: Clinic, user: User, code: str) -> None:
    give_authenticator(user)

    assert send_code(clinic, challenge_of(clinic, user), code).status_code == 400


def test_five_wrong_codes_lock_for_a_quarter_of_an_hour_and_a_right_password_does_not_open(
    clinic: Clinic, user: User, calm: Any
) -> None:
    device = give_authenticator(user)
    wrong = wrong_code(device)

    answers = [send_code(clinic, challenge_of(clinic, user), wrong).status_code for _ in range(5)]
    locked = send_code(clinic, challenge_of(clinic, user), code_of(device))
    calm.shift(timedelta(minutes=15))
    opened = send_code(clinic, challenge_of(clinic, user), code_of(device))

    assert answers == [400] * 5
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert opened.status_code == 200
    assert Tries.objects.exclude(count=0).count() == 0


def test_twenty_wrong_codes_lock_for_the_day(clinic: Clinic, user: User, calm: Any) -> None:
    device = give_authenticator(user)
    for _ in range(20):
        calm.shift(timedelta(minutes=15))
        assert send_code(clinic, challenge_of(clinic, user), wrong_code(device)).status_code == 400

    calm.shift(timedelta(minutes=15))

    assert send_code(clinic, challenge_of(clinic, user), code_of(device)).status_code == 429


def test_a_refused_code_is_in_the_audit_log(clinic: Clinic, user: User) -> None:
    device = give_authenticator(user)

    send_code(clinic, challenge_of(clinic, user), wrong_code(device))

    assert entries(kind="accounts.user") == [("second_factor_refused", "accounts.user", str(user.pk))]


@pytest.mark.parametrize(
    ("setting", "make"),
    [
        ("second_factor_for_desk", make_admin),
        ("second_factor_for_desk", make_receptionist),
        ("second_factor_for_doctors", None),
    ],
)
def test_where_the_clinic_demands_it_signing_in_leads_to_setting_it_up(
    clinic: Clinic, doctor: Doctor, setting: str, make: Callable[[], User] | None, calm: Any
) -> None:
    user = make() if make else doctor.user
    assert user is not None
    demand(**{setting: True})
    client = ClinicClient(clinic)

    refused = sign_in(clinic, user).json()
    challenge = {"challenge": refused["data"]["challenge"]}
    begun = data_of(client.post("/api/auth/second-factor/set-up/", challenge))
    code = {"code": code_of(app_of(user))}
    session = data_of(client.post("/api/auth/second-factor/set-up/confirm/", challenge | code))

    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    state = data_of(client.get("/api/auth/second-factor/"))
    assert refused["data"]["is_set_up"] is False
    assert begun["address"].startswith(f"otpauth://totp/{clinic.name}:")
    assert begun["picture"].startswith("<svg ")
    assert len(set(session["recovery_codes"])) == 10
    assert state == {"is_on": True, "is_demanded": True, "recovery_codes_left": 10}


def test_of_patients_nobody_demands_a_second_step(clinic: Clinic, patient: Patient) -> None:
    demand(second_factor_for_desk=True, second_factor_for_doctors=True)
    assert patient.user is not None

    assert sign_in(clinic, patient.user).status_code == 200


def test_a_challenge_of_who_has_an_app_sets_up_no_other(clinic: Clinic, user: User) -> None:
    give_authenticator(user)

    answer = ClinicClient(clinic).post(
        "/api/auth/second-factor/set-up/", {"challenge": challenge_of(clinic, user)}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "second_factor_on")


def test_nothing_is_on_before_the_first_code_came(clinic: Clinic, user: User, client_for: ClientFor) -> None:
    client = client_for(clinic, user)

    begun = data_of(client.post("/api/auth/second-factor/set-up/", {}))
    again = data_of(client.post("/api/auth/second-factor/set-up/", {}))
    wrong = client.post("/api/auth/second-factor/set-up/confirm/", {"code": wrong_code(app_of(user))})

    assert begun["key"] == again["key"]
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["code"])
    assert data_of(client.get("/api/auth/second-factor/"))["is_on"] is False
    assert sign_in(clinic, user).status_code == 200


def test_switching_it_on_ends_the_sessions_of_before(
    clinic: Clinic, user: User, client_for: ClientFor, calm: Any
) -> None:
    elsewhere, here = client_for(clinic, user), client_for(clinic, user)
    here.post("/api/auth/second-factor/set-up/", {})

    here.post("/api/auth/second-factor/set-up/confirm/", {"code": code_of(app_of(user))})

    assert elsewhere.get("/api/auth/profile/").status_code == 401


@pytest.mark.parametrize("path", ["switch-off", "recovery-codes"])
@pytest.mark.parametrize("wrong", ["password", "code"])
def test_changing_it_takes_password_and_code(
    clinic: Clinic, user: User, client_for: ClientFor, path: str, wrong: str
) -> None:
    device = give_authenticator(user)
    right = {"password": PASSWORD, "code": code_of(device)}
    proof = {**right, wrong: {"password": "wrong horse", "code": wrong_code(device)}[wrong]}

    answer = client_for(clinic, user).post(f"/api/auth/second-factor/{path}/", proof)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [wrong])
    assert app_of(user).confirmed


def test_switched_off_the_password_alone_lets_in(
    clinic: Clinic, user: User, client_for: ClientFor, calm: Any
) -> None:
    proof = {"password": PASSWORD, "code": code_of(give_authenticator(user))}

    answer = client_for(clinic, user).post("/api/auth/second-factor/switch-off/", proof)

    assert (answer.status_code, sign_in(clinic, user).status_code) == (200, 200)
    assert ("second_factor_off", "accounts.user", str(user.pk)) in entries()


def test_what_is_demanded_is_not_switched_off(
    clinic: Clinic, user: User, client_for: ClientFor, calm: Any
) -> None:
    proof = {"password": PASSWORD, "code": code_of(give_authenticator(user))}
    demand(second_factor_for_doctors=True)

    answer = client_for(clinic, user).post("/api/auth/second-factor/switch-off/", proof)

    assert (answer.status_code, answer.json()["code"]) == (422, "second_factor_demanded")


def test_new_recovery_codes_end_the_old_ones(
    clinic: Clinic, user: User, client_for: ClientFor, calm: Any
) -> None:
    proof = {"password": PASSWORD, "code": code_of(give_authenticator(user))}
    old = recovery_codes(user)[0]

    new = data_of(client_for(clinic, user).post("/api/auth/second-factor/recovery-codes/", proof))

    challenge = challenge_of(clinic, user)
    answers = [send_code(clinic, challenge, code).status_code for code in (old, new["recovery_codes"][0])]
    assert answers == [400, 200]


def test_a_reset_lets_the_password_alone_in_and_ends_sessions(
    clinic: Clinic, user: User, admin: User, client_for: ClientFor
) -> None:
    give_authenticator(user)
    recovery_codes(user)
    client = client_for(clinic, user)

    reset_second_factor(user=user, by=admin)

    assert (client.get("/api/auth/profile/").status_code, sign_in(clinic, user).status_code) == (401, 200)
    assert ("second_factor_reset", "accounts.user", str(user.pk)) in entries()
    with pytest.raises(SecondFactorOff):
        reset_second_factor(user=user, by=admin)


def test_the_same_person_at_two_clinics_has_two_keys(
    clinic: Clinic, other_clinic: Clinic, user: User, calm: Any
) -> None:
    here = begin_enrolment(user=user)
    codes = confirm_enrolment(user=user, code=code_of(here), address=ADDRESS, now=clock_now())

    with enter_clinic(other_clinic):
        there = make_admin(email=user.email)
        device = give_authenticator(there)
        answer = send_code(other_clinic, challenge_of(other_clinic, there), codes[0])

    assert here.bin_key != device.bin_key
    assert answer.status_code == 400
