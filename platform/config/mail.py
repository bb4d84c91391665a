"""How mail goes out: over SMTP, or through a service that django-anymail knows."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from config.environment import Environment

ANYMAIL = "anymail+"
"""`anymail+postmark://?POSTMARK_SERVER_TOKEN=…`: a service, and its settings as anymail names them."""


def mail_settings(env: Environment) -> dict[str, Any]:
    """Django's settings for what EMAIL_URL says; without it, mail is only written to the log."""
    url = env.str("EMAIL_URL", "consolemail://")
    if url.startswith(ANYMAIL):
        parts = urlsplit(url.removeprefix(ANYMAIL))
        return {
            "EMAIL_BACKEND": f"anymail.backends.{parts.scheme}.EmailBackend",
            "ANYMAIL": dict(parse_qsl(parts.query)),
        }
    settings: dict[str, Any] = env.email_url_config(url)  # type: ignore[no-untyped-call]
    return settings
