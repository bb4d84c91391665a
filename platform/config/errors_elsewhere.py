"""Telling Sentry of what went wrong, and nothing of whom it went wrong for."""

from typing import Any

import sentry_sdk

from config.secret_paths import blotted


def report_errors_to(dsn: str) -> None:
    """Start reporting; without a DSN nothing leaves. Bodies and locals stay: they hold patients' words."""
    if dsn:
        sentry_sdk.init(
            dsn=dsn,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            before_send=blot_secrets,
        )


def blot_secrets(event: Any, _hint: Any) -> Any:
    """The report without paths that open something: the request's, its Referer, those in messages."""
    return blotted(event)
