"""Mail services report bounces and complaints. Without a valid signature or secret, nothing changes."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from notifications.email_webhooks.amazon import _certificates
from notifications.models import EmailReport, Message, MessagePreference
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.fake_network import name_server
from tests.factories.mail_services import (
    MAILGUN_KEY,
    SNS_HOST,
    Sns,
    amazon_event,
    amazon_sns,
    mailgun_report,
    postmark_report,
)
from tests.factories.people import make_patient
from tests.notifications.email_reports.conftest import Post, basic

UseService = Callable[..., None]
SNS_HEADERS = ("x-amz-sns-message-id", "x-amz-sns-message-type")


def problems() -> list[tuple[str, str]]:
    """Return each account with a problem, by address."""
    held = User.objects.exclude(email_undeliverable_at=None).order_by("email")
    return list(held.values_list("email", "email_problem"))


@pytest.fixture
def sns(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sns]:
    """Amazon SNS at its host name."""
    with amazon_sns(tmp_path) as (service, authority), name_server() as names:
        settings.DNS_RESOLVERS = [names.address]
        names.records[SNS_HOST, "A"] = ["127.0.0.1"]
        settings.OUTBOUND_PORTS = {"http": 1, "https": service.web.server_port}
        settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        _certificates.clear()
        yield service
        _certificates.clear()


@pytest.fixture
def post_from_sns(post: Post) -> Callable[..., int]:
    """Return a function that posts a notification with SNS' headers."""

    def send(notification: dict[str, str], **options: Any) -> int:
        values = (notification["MessageId"], notification["Type"])
        return post(
            "amazon_ses", notification, headers=dict(zip(SNS_HEADERS, values, strict=True)), **options
        )

    return send


def test_a_bounce_that_postmark_reports_holds_emails(
    message: Message, metadata: dict[str, str], use_service: UseService, post: Post
) -> None:
    use_service("postmark")

    status = post("postmark", postmark_report(message.recipient.email, metadata))

    report = EmailReport.objects.get()
    assert (status, problems()) == (200, [(message.recipient.email, "bounced")])
    assert (report.user, report.message, report.kind) == (message.recipient, message, "bounced")
    assert report.answer.startswith("smtp;550 5.1.1")


def test_a_bounce_that_mailgun_reports_holds_emails(
    message: Message, metadata: dict[str, str], use_service: UseService, post: Post
) -> None:
    use_service("mailgun", MAILGUN_WEBHOOK_SIGNING_KEY=MAILGUN_KEY)

    status = post("mailgun", mailgun_report(message.recipient.email, metadata))

    assert (status, problems()) == (200, [(message.recipient.email, "bounced")])
    assert EmailReport.objects.get().message == message


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_bounce_that_amazon_reports_holds_emails(
    message: Message,
    metadata: dict[str, str],
    use_service: UseService,
    *,
    post_from_sns: Callable[..., int],
    sns: Sns,
    version: str,
) -> None:
    use_service("amazon_ses")

    status = post_from_sns(sns.notification(amazon_event(message.recipient.email, metadata), version=version))

    assert (status, problems()) == (200, [(message.recipient.email, "bounced")])


def test_a_notification_that_amazon_did_not_sign_is_refused(
    message: Message,
    metadata: dict[str, str],
    use_service: UseService,
    *,
    post_from_sns: Callable[..., int],
    sns: Sns,
) -> None:
    use_service("amazon_ses")
    signed = sns.notification(amazon_event("other@people.example", metadata))
    event = amazon_event(message.recipient.email, metadata)
    forged = [
        {**signed, "Message": sns.notification(event)["Message"]},
        {**signed, "Signature": "EXAMPLE-SIGNATURE=="},
        {**signed, "Signature": ""},
        {**signed, "SignatureVersion": "3"},
        {name: value for name, value in signed.items() if name != "Signature"},
        {**sns.notification(event), "SigningCertURL": "https://evil.example/cert.pem"},
        {**sns.notification(event), "SigningCertURL": f"https://{SNS_HOST}.evil.example/cert.pem"},
        {**sns.notification(event), "SigningCertURL": f"http://{SNS_HOST}/cert.pem"},
    ]

    statuses = [post_from_sns(each) for each in forged]

    assert (set(statuses), problems()) == ({400}, [])


def test_amazon_is_asked_again_later_if_its_certificate_cannot_be_fetched(
    message: Message,
    metadata: dict[str, str],
    use_service: UseService,
    *,
    post_from_sns: Callable[..., int],
    sns: Sns,
) -> None:
    use_service("amazon_ses")
    sns.web.pages.clear()

    status = post_from_sns(sns.notification(amazon_event(message.recipient.email, metadata)))

    assert (status, problems()) == (503, [])


def test_a_subscription_is_confirmed_at_amazon(
    use_service: UseService, post_from_sns: Callable[..., int], sns: Sns
) -> None:
    use_service("amazon_ses")
    sns.web.pages[SNS_HOST, "/?Action=ConfirmSubscription&Token=t"] = b"<ok/>"
    subscription = sns.notification(
        {},
        Type="SubscriptionConfirmation",
        Token="t",
        SubscribeURL=f"https://{SNS_HOST}/?Action=ConfirmSubscription&Token=t",
    )
    del subscription["Subject"]
    subscription["Signature"] = sns.signature(subscription)

    assert post_from_sns(subscription) == 200
    assert (SNS_HOST, "/?Action=ConfirmSubscription&Token=t") in sns.web.requests


@pytest.mark.parametrize(
    ("secret", "status"), [(None, 401), ("reports:wrong", 400), ("other:secret word", 400), ("", 401)]
)
@pytest.mark.parametrize("service", ["postmark", "brevo", "mailjet", "sparkpost", "amazon_ses"])
def test_a_request_without_our_secret_changes_nothing(
    message: Message,
    metadata: dict[str, str],
    use_service: UseService,
    post: Post,
    *,
    service: str,
    secret: str | None,
    status: int,
) -> None:
    use_service(service)

    answer = post(service, postmark_report(message.recipient.email, metadata), secret=secret)

    assert (answer, problems()) == (status, [])


def test_mailgun_needs_its_signature_besides_our_secret(
    message: Message, metadata: dict[str, str], use_service: UseService, post: Post
) -> None:
    use_service("mailgun", MAILGUN_WEBHOOK_SIGNING_KEY="another key")

    status = post("mailgun", mailgun_report(message.recipient.email, metadata))

    assert (status, problems()) == (400, [])


@pytest.mark.parametrize("service", ["postmark", "brevo", "amazon_ses"])
def test_without_a_configured_secret_there_is_no_such_page(
    use_service: UseService, post: Post, settings: Any, service: str
) -> None:
    use_service(service)
    settings.ANYMAIL = {}

    assert post(service, {}, secret=None) == 404


def test_only_the_service_in_use_can_report(use_service: UseService, post: Post) -> None:
    use_service("postmark")

    assert [post(name, {}) for name in ("mailgun", "unknown", "amazon_ses")] == [404, 404, 404]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[1, 2]",
        b"null",
        b'"text"',
        b"{",
        b'{"RecordType": ["Bounce"]}',
        b'{"RecordType": "Bounce", "Metadata": 7, "Email": "a@people.example", "MessageID": "x"}',
        b'{"RecordType": "Bounce", "BouncedAt": "tomorrow"}',
        b'{"RecordType": "Inbound"}',
        b"[" * 5000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
)
def test_content_that_the_service_does_not_send_changes_nothing(
    message: Message, use_service: UseService, post: Post, content: bytes
) -> None:
    use_service("postmark")

    status = post("postmark", content)

    assert (status in {200, 400}, problems()) == (True, [])


@pytest.mark.parametrize(
    "fields",
    [
        {"Email": "a\0b@people.example"},
        {"Email": "\ud800@people.example"},
        {"Email": 7},
        {"Email": "x" * 100_000},
        {"Details": "\0\ud800" + "x" * 100_000, "MessageID": "m\0" * 1000},
        {"Metadata": {"clinic": "7", "message": "m"}},
        {"Metadata": {"clinic": "00000000-0000-4000-8000-000000000000", "message": "m"}},
        {"Metadata": {"clinic": {"a": 1}}},
        {"Metadata": []},
        {"BouncedAt": "2016-04-27T16:28:50"},
    ],
)
def test_odd_values_are_no_server_error(
    message: Message, metadata: dict[str, str], use_service: UseService, post: Post, fields: dict[str, Any]
) -> None:
    use_service("postmark")

    assert post("postmark", postmark_report("nobody@people.example", metadata, **fields)) in {200, 400}
    assert problems() == []


def test_refused_requests_of_one_address_are_limited(
    use_service: UseService, post: Post, settings: Any, clinic: Clinic
) -> None:
    use_service("postmark")
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "refused email reports by address": 2}

    headers = {"Authorization": basic("reports:wrong")}
    statuses = [post("postmark", {}, secret=None, headers=headers) for _ in range(6)]

    assert 429 in statuses  # not at a certain place: a new minute may begin
    assert set(statuses) <= {400, 429}


def test_a_report_that_arrives_twice_has_one_effect(
    message: Message, metadata: dict[str, str], use_service: UseService, post: Post
) -> None:
    use_service("postmark")
    report = postmark_report(message.recipient.email, metadata, Type="SpamComplaint")
    post("postmark", report)
    MessagePreference.objects.update(is_wanted=True)
    User.objects.update(email_undeliverable_at=None, email_problem="", email_restored_at=clock_now())

    status = post("postmark", report)

    assert (status, EmailReport.objects.count(), problems()) == (200, 1, [])
    assert set(MessagePreference.objects.values_list("is_wanted", flat=True)) == {True}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_bounce_and_a_complaint_have_the_same_effect_in_any_order(
    message: Message,
    metadata: dict[str, str],
    use_service: UseService,
    post: Post,
    order: tuple[int, int],
) -> None:
    use_service("postmark")
    email = message.recipient.email
    reports = [
        postmark_report(email, metadata, ID=1),
        postmark_report(email, metadata, ID=2, Type="SpamComplaint"),
    ]

    for place in order:
        post("postmark", reports[place])

    assert problems() == [(email, "complaint")]


def test_a_late_report_about_a_restored_address_has_no_effect(
    message: Message, metadata: dict[str, str], use_service: UseService, post: Post
) -> None:
    use_service("postmark")
    User.objects.update(email_restored_at=clock_now() - timedelta(minutes=1))

    post("postmark", postmark_report(message.recipient.email, metadata))

    assert (EmailReport.objects.count(), problems()) == (1, [])


@pytest.mark.parametrize(
    ("fields", "kind", "held"),
    [
        ({"Type": "SoftBounce"}, "delayed", False),
        ({"Type": "Transient"}, "delayed", False),
        ({"Type": "DnsError"}, "delayed", False),
        ({"Type": "Blocked"}, "delayed", False),
        ({"Type": "BadEmailAddress"}, "bounced", True),
        ({"Type": "SpamNotification"}, "complaint", True),
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, "complaint", True),
        ({"Type": "Unsubscribe"}, "unsubscribed", False),
        ({"RecordType": "Delivery"}, None, False),
        ({"RecordType": "Open"}, None, False),
    ],
)
def test_only_final_failures_and_complaints_hold_emails(
    message: Message,
    metadata: dict[str, str],
    use_service: UseService,
    post: Post,
    *,
    fields: dict[str, str],
    kind: str | None,
    held: bool,
) -> None:
    use_service("postmark")

    assert post("postmark", postmark_report(message.recipient.email, metadata, **fields)) == 200

    assert list(EmailReport.objects.values_list("kind", flat=True)) == ([kind] if kind else [])
    assert bool(problems()) is held


def test_a_transient_bounce_at_amazon_is_only_counted(
    message: Message,
    metadata: dict[str, str],
    use_service: UseService,
    *,
    post_from_sns: Callable[..., int],
    sns: Sns,
) -> None:
    use_service("amazon_ses")
    event = amazon_event(message.recipient.email, metadata)
    event["bounce"]["bounceType"] = "Transient"

    post_from_sns(sns.notification(event))

    assert (EmailReport.objects.get().kind, problems()) == ("delayed", [])


def test_a_temporary_failure_at_mailgun_is_only_counted(
    message: Message, metadata: dict[str, str], use_service: UseService, post: Post
) -> None:
    use_service("mailgun", MAILGUN_WEBHOOK_SIGNING_KEY=MAILGUN_KEY)

    post("mailgun", mailgun_report(message.recipient.email, metadata, severity="temporary"))

    assert (EmailReport.objects.get().kind, problems()) == ("delayed", [])


def test_a_complaint_switches_optional_emails_off(
    message: Message, metadata: dict[str, str], use_service: UseService, post: Post
) -> None:
    use_service("mailgun", MAILGUN_WEBHOOK_SIGNING_KEY=MAILGUN_KEY)

    post("mailgun", mailgun_report(message.recipient.email, metadata, event="complained"))

    wanted = MessagePreference.objects.filter(user=message.recipient, channel="email")
    assert {row.topic: row.is_wanted for row in wanted} == dict.fromkeys(
        MessagePreference.Topic.values, False
    )


def test_the_same_address_at_another_clinic_is_not_concerned(
    message: Message, metadata: dict[str, str], use_service: UseService, post: Post, other_clinic: Clinic
) -> None:
    use_service("postmark")
    with enter_clinic(other_clinic):
        make_patient(email=message.recipient.email)

    post("postmark", postmark_report(message.recipient.email, metadata))

    with enter_clinic(other_clinic):
        assert problems() == []
    assert problems() == [(message.recipient.email, "bounced")]


def test_a_report_about_a_former_address_has_no_effect(
    message: Message, metadata: dict[str, str], use_service: UseService, post: Post
) -> None:
    use_service("postmark")
    former = message.recipient.email
    User.objects.filter(pk=message.recipient_id).update(email="new@people.example")

    post("postmark", postmark_report(former, metadata))

    assert (EmailReport.objects.count(), problems()) == (0, [])
