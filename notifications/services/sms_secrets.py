"""The secret with which a provider of text messages signs its reports."""

import base64
import secrets

_BYTES = 32


def new_webhook_secret() -> str:
    """Return a random secret in the form of Standard Webhooks."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_BYTES)).decode()}"
