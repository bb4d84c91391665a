"""A clinic sends emails with its own name and replies, and from its own domain once DNS allows it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import dkim
import pytest
from django.conf import settings as django_settings

from notifications.models import EmailSender
from notifications.sender_records import dns_records
from notifications.services.senders import (
    check_all_senders,
    check_sender,
    renew_keys_after_restore,
    save_sender,
)
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.domains.dns import txt_records
from tenants.models import Clinic
from tenants.services.encryption import decrypt_secret
from tests.factories.clinic_client import ClinicClient
from tests.factories.fake_network import NameServer, name_server
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]
DOMAIN = "clinic.example"
ADD = "/admin/notifications/emailsender/add/"


@pytest.fixture
def names(settings: Any) -> Iterator[NameServer]:
    """The name server that is queried."""
    with name_server() as server:
        settings.DNS_RESOLVERS = [server.address]
        yield server


def text_record(value: str) -> str:
    """Return a TXT record, whose strings have at most 255 characters each."""
    return " ".join(f'"{value[start : start + 255]}"' for start in range(0, len(value), 255))


def publish(names: NameServer, sender: EmailSender) -> None:
    """Publish the records that the clinic's admin is shown."""
    for record in dns_records(sender):
        names.records[record.name, "TXT"] = [text_record(record.value)]


def make_sender(now: datetime, **fields: Any) -> EmailSender:
    """A sender at the clinic's own domain."""
    return save_sender(EmailSender(**{"domain": DOMAIN, "local_part": "hello", **fields}), now=now)


def answer(name: bytes, timeout: float = 5) -> bytes:
    """Look up a key for dkimpy, with our resolver."""
    del timeout
    return "".join(txt_records(name.decode().rstrip("."))).encode()


def is_signed(mail: bytes) -> bool:
    """Return whether the signature of an email is valid."""
    return bool(dkim.verify(mail, dnsfunc=answer))


def raw_mails(inbox: Inbox) -> list[bytes]:
    """Return the emails as they were received, without what the mail sink adds."""
    files = sorted(set(inbox.folder.glob("*.eml")) - inbox.before)
    return [file.read_bytes() for file in files]


def from_of(mail: EmailMessage) -> str:
    """Return the sender of an email."""
    return str(mail["From"])


def test_without_a_choice_the_platform_sends_in_the_name_of_the_clinic(
    booking: Booking, run_queue: RunQueue, inbox: Inbox
) -> None:
    run_queue()

    (mail,) = inbox.mails()
    assert from_of(mail) == f"Riverside <{django_settings.DEFAULT_FROM_EMAIL}>"
    assert mail["DKIM-Signature"] is None


def test_the_chosen_name_and_reply_address_are_used_at_once(
    booking: Booking, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    make_sender(now, domain="", name="Riverside\r\nBcc: x@evil.example", reply_to="desk@bücher.example")

    run_queue()

    (mail,) = inbox.mails()
    assert from_of(mail) == f'"Riverside Bcc: x@evil.example" <{django_settings.DEFAULT_FROM_EMAIL}>'
    assert (str(mail["Reply-To"]), mail["Bcc"]) == ("desk@xn--bcher-kva.example", None)


def test_an_unverified_domain_is_not_used(
    booking: Booking, run_queue: RunQueue, inbox: Inbox, names: NameServer, *, now: datetime
) -> None:
    sender = make_sender(now)

    run_queue()

    sender.refresh_from_db()
    assert (sender.missing, sender.verified_at) == (["dkim", "spf"], None)
    assert django_settings.DEFAULT_FROM_EMAIL in from_of(inbox.mails()[0])


def test_emails_from_a_verified_domain_are_signed(
    booking: Booking, run_queue: RunQueue, inbox: Inbox, names: NameServer, *, now: datetime
) -> None:
    sender = make_sender(now)
    publish(names, sender)
    assert check_sender(sender_id=sender.pk, now=now)

    run_queue()

    (mail,), (raw,) = inbox.mails(), raw_mails(inbox)
    assert from_of(mail) == "Riverside <hello@clinic.example>"
    assert f"d={DOMAIN};" in mail["DKIM-Signature"]
    assert is_signed(raw)


def test_a_signature_does_not_fit_a_changed_email(
    booking: Booking, run_queue: RunQueue, inbox: Inbox, names: NameServer, *, now: datetime
) -> None:
    sender = make_sender(now)
    publish(names, sender)
    check_sender(sender_id=sender.pk, now=now)
    run_queue()

    (raw,) = raw_mails(inbox)
    changed = raw.replace(b"Subject: ", b"Subject: Not ")

    assert changed != raw
    assert not is_signed(changed)


def test_a_service_that_signs_itself_is_left_to_do_so(
    booking: Booking, run_queue: RunQueue, inbox: Inbox, names: NameServer, *, settings: Any, now: datetime
) -> None:
    settings.EMAIL_SIGNED_HERE = False
    sender = make_sender(now)
    publish(names, sender)
    check_sender(sender_id=sender.pk, now=now)

    run_queue()

    (mail,) = inbox.mails()
    assert (from_of(mail), mail["DKIM-Signature"]) == ("Riverside <hello@clinic.example>", None)


@pytest.mark.parametrize(
    ("policies", "missing"),
    [
        (["v=spf1 include:{spf} ~all"], []),
        (["V=SPF1 mx INCLUDE:{spf} -all", "google-site-verification=x"], []),
        (["v=spf1 +include:{spf} ~all"], []),
        (["v=spf1 -include:{spf} ~all"], ["spf"]),
        (["v=spf1 include:other.example ~all"], ["spf"]),
        (["v=spf10 include:{spf} ~all"], ["spf"]),
        (["v=spf1 include:{spf} ~all", "v=spf1 -all"], ["spf"]),
        ([], ["spf"]),
    ],
)
def test_the_policy_of_the_domain_must_include_the_platform(
    clinic: Clinic, names: NameServer, *, now: datetime, policies: list[str], missing: list[str]
) -> None:
    sender = make_sender(now)
    publish(names, sender)
    spf = django_settings.EMAIL_SPF_DOMAIN
    names.records[DOMAIN, "TXT"] = [text_record(policy.format(spf=spf)) for policy in policies]

    check_sender(sender_id=sender.pk, now=now)

    sender.refresh_from_db()
    assert sender.missing == missing


@pytest.mark.parametrize("key", ["", "p=", "v=DKIM1; k=rsa; p=AAAA", ";;=;p", "v=DKIM1; p"])
def test_another_key_at_the_domain_is_no_proof(
    clinic: Clinic, names: NameServer, now: datetime, key: str
) -> None:
    sender = make_sender(now)
    publish(names, sender)
    names.records[dns_records(sender)[0].name, "TXT"] = [text_record(key) or '""']

    check_sender(sender_id=sender.pk, now=now)

    sender.refresh_from_db()
    assert sender.missing == ["dkim"]


@pytest.mark.parametrize(("days", "is_used"), [(2, True), (4, False)])
def test_a_domain_whose_records_are_gone_is_used_for_three_more_days(
    booking: Booking,
    run_queue: RunQueue,
    inbox: Inbox,
    names: NameServer,
    *,
    clock: Any,
    now: datetime,
    days: int,
    is_used: bool,
) -> None:
    sender = make_sender(now)
    publish(names, sender)
    check_all_senders(now=now)
    names.records.clear()

    clock.shift(timedelta(days=days))
    check_all_senders(now=now + timedelta(days=days))
    run_queue()

    sender.refresh_from_db()
    assert sender.missing == ["dkim", "spf"]
    assert ("hello@clinic.example" in from_of(inbox.mails()[0])) is is_used


def test_a_changed_domain_has_a_new_key_and_must_be_verified_again(
    clinic: Clinic, names: NameServer, now: datetime
) -> None:
    sender = make_sender(now)
    publish(names, sender)
    check_sender(sender_id=sender.pk, now=now)
    sender.refresh_from_db()
    key, selector, verified_at = sender.public_key, sender.selector, sender.verified_at

    sender.domain = "other.example"
    save_sender(sender, now=now)

    sender.refresh_from_db()
    assert (verified_at, sender.verified_at) == (now, None)
    assert key != sender.public_key
    assert selector != sender.selector


def test_the_private_key_is_stored_encrypted_and_renewed_after_a_restore(
    clinic: Clinic, now: datetime
) -> None:
    sender = make_sender(now)
    assert "PRIVATE KEY" not in sender.private_key
    assert decrypt_secret(sender.private_key).startswith("-----BEGIN RSA PRIVATE KEY-----")

    renew_keys_after_restore()

    renewed = EmailSender.objects.get()
    assert renewed.private_key != sender.private_key
    assert (renewed.domain, renewed.verified_at) == (DOMAIN, None)


@pytest.fixture
def desk(clinic: Clinic, admin: User) -> ClinicClient:
    """A browser of an admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


def test_the_admin_shows_the_records_to_publish_and_what_is_missing(
    desk: ClinicClient, names: NameServer, run_queue: RunQueue
) -> None:
    form = {"name": "", "reply_to": "", "domain": " Clinic.Example ", "local_part": "hello"}

    status = desk.post(ADD, form, format="multipart").status_code
    sender = EmailSender.objects.get()
    run_queue()
    page: Any = desk.get(f"/admin/notifications/emailsender/{sender.pk}/change/")

    text = page.content.decode()
    assert (status, sender.domain) == (302, DOMAIN)
    for record in dns_records(sender):
        assert record.name in text
        assert record.value in text
    assert "Not found: DKIM, SPF." in text
    assert sender.private_key not in text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("domain", "localhost"),
        ("domain", f"riverside.{django_settings.BASE_DOMAIN}"),
        ("domain", "clinic.example; rm"),
        ("domain", "clinic.example\nx"),
        ("domain", "http://clinic.example"),
        ("domain", "x" * 254),
        ("local_part", "a b"),
        ("local_part", "a@b"),
        ("local_part", "a\r\nb"),
        ("local_part", ".a"),
        ("local_part", ""),
        ("reply_to", "jörg@people.example"),
        ("reply_to", "desk"),
    ],
)
def test_an_address_that_cannot_be_a_sender_is_refused(desk: ClinicClient, field: str, value: str) -> None:
    form = {"name": "", "reply_to": "", "domain": DOMAIN, "local_part": "hello", field: value}

    response: Any = desk.post(ADD, form, format="multipart")

    assert list(response.context["adminform"].form.errors) == [field]
    assert EmailSender.objects.count() == 0
