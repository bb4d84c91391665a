"""Email settings: SMTP, or a service that django-anymail supports."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from config.environment import Environment

_DJANGOS_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_ANYMAIL = "anymail+"
"""`anymail+postmark://?POSTMARK_SERVER_TOKEN=…`: the service, and its anymail settings."""


def mail_settings(env: Environment) -> dict[str, Any]:
    """Return Django's email settings for EMAIL_URL. Without it, emails are only written to the log."""
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
