"""`manage.py open_demo`: well-known passwords, only with DEMO=1."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from clinics.models import Doctor, Patient
from scheduling.models import Slot
from tenants.accounts.models import User
from tenants.accounts.sign_in.services import sign_in
from tenants.base.clock import now
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic, QueueLine


@pytest.fixture
def demo_mode(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Turn demo mode on, without the month of data, which has tests of its own."""
    monkeypatch.setattr(settings, "DEMO", True)
    monkeypatch.setattr(settings, "DEMO_OPERATOR_PASSWORD", "made for this demo")
    monkeypatch.setattr(settings, "DEMO_DATA", False)


def open_demo(path: Path) -> dict[str, Any]:
    """Run the command and return the file that it writes."""
    leave_clinic()
    call_command("open_demo", json=path, stdout=StringIO())
    written: dict[str, Any] = json.loads(path.read_text())
    return written


def count() -> list[int]:
    """Return the number of rows of several models, in public and in the demo's clinics."""
    leave_clinic()
    counts = [Clinic.objects.count(), User.objects.count(), QueueLine.objects.count()]
    for slug in ("riverside", "hudson"):
        with enter_clinic(Clinic.objects.get(slug=slug)):
            counts += [model.objects.count() for model in (User, Doctor, Patient, Slot)]
    return counts


def test_open_demo_is_refused_without_demo_mode(db: None, tmp_path: Path) -> None:
    before = Clinic.objects.count()

    with pytest.raises(CommandError, match="Set DEMO=1"):
        call_command("open_demo", json=tmp_path / "demo.json")

    assert (Clinic.objects.count(), (tmp_path / "demo.json").exists()) == (before, False)


@pytest.fixture
def no_clinics(db: None, clinics: tuple[Clinic, Clinic]) -> None:
    """Free the addresses of the demo's clinics."""
    for clinic in clinics:
        Clinic.objects.filter(pk=clinic.pk).update(slug=f"was-{clinic.slug}")
        clinic.domains.update(domain=f"was-{clinic.slug}.example.localhost")


def test_open_demo_opens_two_clinics_once_and_writes_their_accounts(
    demo_mode: None, no_clinics: None, tmp_path: Path
) -> None:
    first = open_demo(tmp_path / "demo.json")
    opened = count()
    second = open_demo(tmp_path / "again.json")

    assert (second, count()) == (first, opened)
    assert [clinic["url"] for clinic in first["clinics"]] == [
        "http://riverside.example.localhost",
        "http://hudson.example.localhost",
    ]
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600
    for written in first["clinics"]:
        with enter_clinic(Clinic.objects.get(slug=written["slug"])):
            for account in [
                written["admin"],
                written["receptionist"],
                *written["doctors"],
                *written["patients"],
            ]:
                assert sign_in(**account, address="192.0.2.1", now=now()).user.email == account["email"]
    leave_clinic()
    assert User.objects.get(email=first["operator"]["email"]).check_password(first["operator"]["password"])


def test_the_well_known_passwords_are_in_the_first_demo_clinic_only(
    demo_mode: None, no_clinics: None, tmp_path: Path
) -> None:
    riverside, hudson = open_demo(tmp_path / "demo.json")["clinics"]

    known = [riverside["admin"], *riverside["doctors"]]
    others = [
        riverside["receptionist"],
        hudson["receptionist"],
        hudson["admin"],
        *hudson["doctors"],
        *hudson["patients"],
        *riverside["patients"],
    ]
    assert known == [
        {"email": "admin@hospital.com", "password": "admin123pass!"},
        {"email": "dr.smith@hospital.com", "password": "test123pass!"},
        {"email": "dr.johnson@hospital.com", "password": "test123pass!"},
    ]
    assert {account["password"] for account in others} & {account["password"] for account in known} == set()
