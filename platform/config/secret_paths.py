"""Hide secret parts of paths: tokens of calendar feeds, of sign-up links and of links in messages."""

import re
from typing import Any

_HIDDEN = "…"
# Tokens are hidden in mistyped URLs as well. A feed's id, with which its owner revokes it, is not secret.
_UUID = r"(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/)"
_SECRETS = re.compile(
    rf"(/feeds/+(?!{_UUID})|/sign-up/+(?!check-your-email/)|/visit/+[a-z-]+/+|/message-preferences/+)"
    r"[^/?#\s\"'<>]+",
    re.IGNORECASE,
)


def hide_secrets_in_text(text: str) -> str:
    """Return `text` with all secret tokens hidden."""
    return _SECRETS.sub(rf"\1{_HIDDEN}", text)


def hide_secrets(value: Any) -> Any:
    """Return a value of a log line or error report with secret tokens hidden in all its strings."""
    if isinstance(value, str):
        return hide_secrets_in_text(value)
    if isinstance(value, dict):
        return {name: hide_secrets(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [hide_secrets(item) for item in value]
    return value
