"""EMAIL_URL selects SMTP or an email service."""

import pytest

from config.environment import Environment
from config.mail import mail_settings


def test_smtp_with_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://clinic:s%40cret@mail.example:587")

    settings = mail_settings(Environment())

    assert settings["EMAIL_BACKEND"] == "notifications.smtp.EmailBackend"
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"]) == (
        "mail.example",
        587,
        True,
    )
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("clinic", "s@cret")


def test_a_service_that_anymail_supports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "anymail+postmark://?POSTMARK_SERVER_TOKEN=abc-123")

    settings = mail_settings(Environment())

    assert settings == {
        "EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend",
        "ANYMAIL": {"REQUESTS_TIMEOUT": (5, 20), "POSTMARK_SERVER_TOKEN": "abc-123"},
        "EMAIL_REPORTS_FROM": "postmark",
        "EMAIL_SIGNED_HERE": False,
        "EMAIL_SPF_DOMAIN": settings["EMAIL_SPF_DOMAIN"],
    }


def test_reports_of_a_service_that_is_used_over_smtp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://key:secret@smtp.mailgun.example:587")
    monkeypatch.setenv("EMAIL_REPORTS_FROM", "mailgun")
    monkeypatch.setenv("EMAIL_WEBHOOK_SECRET", "clinic:password")
    monkeypatch.setenv("EMAIL_WEBHOOK_SIGNING_KEY", "key-1")

    settings = mail_settings(Environment())

    assert settings["EMAIL_REPORTS_FROM"] == "mailgun"
    assert settings["ANYMAIL"] == {
        "WEBHOOK_SECRET": "clinic:password",
        "MAILGUN_WEBHOOK_SIGNING_KEY": "key-1",
    }
