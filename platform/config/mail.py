"""Email settings: SMTP, or a service that django-anymail supports, and how services report bounces."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from config.environment import Environment

_DJANGOS_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_ANYMAIL = "anymail+"
"""`anymail+postmark://?POSTMARK_SERVER_TOKEN=…`: the service, and its anymail settings."""


def mail_settings(env: Environment) -> dict[str, Any]:
    """Return the email settings. Without EMAIL_URL, emails are only written to the log.

    `EMAIL_REPORTS_FROM` is the service that reports bounces: that of EMAIL_URL, or one used over SMTP.
    """
    settings = {"ANYMAIL": {}, **_sending_settings(env)}
    used = settings["EMAIL_BACKEND"].removeprefix("anymail.backends.").removesuffix(".EmailBackend")
    service = env.str("EMAIL_REPORTS_FROM", used if used.isidentifier() else "")
    secrets = {
        "WEBHOOK_SECRET": env.str("EMAIL_WEBHOOK_SECRET", ""),
        f"{service.upper()}_WEBHOOK_SIGNING_KEY": env.str("EMAIL_WEBHOOK_SIGNING_KEY", ""),
    }
    settings["ANYMAIL"] |= {name: secret for name, secret in secrets.items() if secret}
    return {
        **settings,
        "EMAIL_REPORTS_FROM": service,
        "EMAIL_SIGNED_HERE": not settings["EMAIL_BACKEND"].startswith("anymail."),
        # Its SPF record lists the servers that send. Clinics include it in the record of their own domain.
        "EMAIL_SPF_DOMAIN": env.str("EMAIL_SPF_DOMAIN", env.str("BASE_DOMAIN")),
    }


def _sending_settings(env: Environment) -> dict[str, Any]:
    """Return Django's email settings for EMAIL_URL."""
    url = env.str("EMAIL_URL", "consolemail://")
    if url.startswith(_ANYMAIL):
        parts = urlsplit(url.removeprefix(_ANYMAIL))
        return {
            "EMAIL_BACKEND": f"anymail.backends.{parts.scheme}.EmailBackend",
            # The time to connect, and the time between two reads: together below the claim on a message.
            "ANYMAIL": {"REQUESTS_TIMEOUT": (5, 20), **dict(parse_qsl(parts.query))},
        }
    settings: dict[str, Any] = env.email_url_config(url)  # type: ignore[no-untyped-call]
    if settings["EMAIL_BACKEND"] == _DJANGOS_SMTP:
        settings["EMAIL_BACKEND"] = "notifications.smtp.EmailBackend"
    return settings
