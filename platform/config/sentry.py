"""Report errors to Sentry without personal data."""

from typing import Any

import sentry_sdk

from config.secret_paths import hide_secrets


def report_errors_to(dsn: str) -> None:
    """Start reporting if there is a DSN. Request bodies and local variables are left out: they hold data."""
    if dsn:
        sentry_sdk.init(
            dsn=dsn,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            before_send=hide_secrets_in_event,
        )


def hide_secrets_in_event(event: Any, _hint: Any) -> Any:
    """Return the report with secret paths hidden: in the URL, the Referer and in messages."""
    return hide_secrets(event)
