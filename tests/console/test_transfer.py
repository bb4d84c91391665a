"""Export, restore and domains in the console and on the command line."""

import io
import re
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from tenants.accounts.models import AuditEntry, User
from tenants.models import Clinic
from tests.console.test_clinic_lifecycle import LIST, run, send
from tests.factories.fake_network import name_server
from tests.factories.scenario import make_scenario

PASSPHRASE = "a passphrase of some length"


@pytest.fixture
def riverside(clinic: Clinic) -> Clinic:
    """The London clinic, with one of everything."""
    make_scenario(clinic, text="Canary")
    return clinic


def download(browser: Client, clinic: Clinic, **fields: str) -> Any:
    """Send the form of the export page and return the response."""
    return browser.post(f"{LIST}{clinic.pk}/export/", fields)


def test_an_operator_can_export_a_clinic_and_restore_it_at_another_address(
    riverside: Clinic, browser: Client
) -> None:
    answer = download(browser, riverside, passphrase=PASSPHRASE, passphrase_again=PASSPHRASE)
    content = b"".join(answer.streaming_content)
    file = SimpleUploadedFile("x", content)

    page = send(browser, f"{LIST}restore/", {"file": file, "passphrase": PASSPHRASE, "slug": "riverbank"})

    assert re.fullmatch(
        r'attachment; filename="riverside-[\d-]{10}\.clinic-export"', answer["Content-Disposition"]
    )
    assert "no-store" in answer["Cache-Control"]
    assert "Riverside was restored and is suspended." in page
    assert Clinic.objects.get(slug="riverbank").status == "suspended"


def test_an_export_is_audited_and_shown_on_the_clinics_page(
    riverside: Clinic, browser: Client, operator: User
) -> None:
    before = browser.get(f"{LIST}{riverside.pk}/change/").content.decode()
    key = str(pyrage.x25519.Identity.generate().to_public())
    assert b"".join(download(browser, riverside, recipient=key).streaming_content)
    after = browser.get(f"{LIST}{riverside.pk}/change/").content.decode()

    entry = AuditEntry.objects.get(what="exported")
    assert (entry.by, entry.record_id) == (operator, str(riverside.pk))
    assert "never" in before
    assert f"by {operator.get_full_name()}" in after


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Enter a passphrase of at least 12 characters."),
        ({"passphrase": PASSPHRASE, "passphrase_again": "other"}, "The passphrases do not match."),
        ({"recipient": "ssh-rsa AAA"}, "Enter an age public key."),
    ],
)
def test_an_invalid_passphrase_or_key_is_refused_at_its_field(
    riverside: Clinic, browser: Client, fields: dict[str, str], message: str
) -> None:
    answer = download(browser, riverside, **fields)

    assert message in answer.content.decode()
    assert PASSPHRASE not in answer.content.decode()
    assert not AuditEntry.objects.filter(what="exported").exists()


def test_an_unreadable_file_restores_nothing(browser: Client) -> None:
    file = SimpleUploadedFile("x", b"x" * 1000)

    page = send(browser, f"{LIST}restore/", {"file": file, "passphrase": PASSPHRASE})

    assert "This file cannot be read" in page
    assert Clinic.objects.count() == 2


def test_an_unknown_clinic_has_no_export_page(browser: Client) -> None:
    answer = browser.get(f"{LIST}nothing/export/")

    assert answer.status_code == 302


def test_commands_export_and_restore(riverside: Clinic, operator: User, tmp_path: Path) -> None:
    secret, file = tmp_path / "passphrase", tmp_path / "riverside.clinic-export"
    secret.write_text(f"{PASSPHRASE}\n")

    outputs = [run("export_clinic", "riverside", str(file), f"--passphrase-file={secret}")]
    outputs.append(run("restore_clinic", str(file), "--slug=riverbank", f"--passphrase-file={secret}"))

    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert outputs[0].startswith(f"Riverside was exported to {file}: ")
    assert outputs[1].startswith("Riverside was restored as riverbank and is suspended. ")


def test_commands_work_with_a_pair_of_keys(riverside: Clinic, operator: User, tmp_path: Path) -> None:
    key, file, secret = pyrage.x25519.Identity.generate(), tmp_path / "riverside.tar.age", tmp_path / "key"
    secret.write_text(f"# created: today\n{key}\n")

    run("export_clinic", "riverside", str(file), f"--recipient={key.to_public()}")
    output = run("restore_clinic", str(file), "--slug=riverbank", f"--identity={secret}")

    assert "suspended" in output


def test_an_export_never_overwrites_a_file(operator: User, tmp_path: Path) -> None:
    file = tmp_path / "there"
    file.write_text("precious")

    with pytest.raises(CommandError, match=r"cannot be created: File exists\.$"):
        run(
            "export_clinic",
            "riverside",
            str(file),
            f"--recipient={pyrage.x25519.Identity.generate().to_public()}",
        )
    assert file.read_text() == "precious"


def test_a_failed_export_leaves_no_file(operator: User, tmp_path: Path) -> None:
    file, secret = tmp_path / "file", tmp_path / "passphrase"
    secret.write_text("short")

    with pytest.raises(CommandError, match="at least 12 characters"):
        run("export_clinic", "riverside", str(file), f"--passphrase-file={secret}")
    assert not file.exists()


def test_a_passphrase_is_prompted_for_twice_and_never_shown(
    operator: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts: list[str] = []

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        return PASSPHRASE

    monkeypatch.setattr("console.management.encryption_keys.getpass", answer)
    out = io.StringIO()
    call_command("export_clinic", "riverside", str(tmp_path / "file"), stdout=out)

    assert prompts == ["Passphrase: ", "Confirm passphrase: "]
    assert PASSPHRASE not in out.getvalue()


def test_restoring_a_missing_file_is_refused(operator: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"cannot be read: No such file or directory\.$"):
        run("restore_clinic", str(tmp_path / "none"), f"--identity={tmp_path / 'none'}")


def test_a_command_adds_verifies_and_removes_a_domain(
    riverside: Clinic, operator: User, settings: Any
) -> None:
    with name_server() as dns:
        settings.DNS_RESOLVERS = [dns.address]
        outputs = [run("clinic_domain", "riverside", "add", "www.Clinic.example")]
        word = outputs[0].split()[1]
        with pytest.raises(CommandError, match="We could not verify this domain yet"):
            run("clinic_domain", "riverside", "check", "www.clinic.example")
        dns.records["_clinic-proof.www.clinic.example", "TXT"] = [word]
        outputs += [
            run("clinic_domain", "riverside", step, "www.clinic.example")
            for step in ("check", "primary", "remove")
        ]

    assert [line.strip() for line in outputs[1:]] == [
        "Riverside can now be reached at www.clinic.example.",
        "www.clinic.example is now the primary domain of Riverside.",
        "Riverside can no longer be reached at www.clinic.example.",
    ]


def test_an_operator_can_manage_a_clinics_domains(riverside: Clinic, browser: Client, operator: User) -> None:
    page = send(browser, f"{LIST}{riverside.pk}/domains/", {"do": "claim", "which": "www.clinic.example"})

    assert "_clinic-proof.www.clinic.example" in page
    entry = AuditEntry.objects.get(what="domain_claimed")
    assert (entry.by, entry.note) == (operator, "riverside: www.clinic.example")
