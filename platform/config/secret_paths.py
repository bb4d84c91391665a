"""Paths that open something to whoever knows them: calendar feeds, the link that confirms a sign-up."""

import re
from typing import Any

HIDDEN = "…"
# Also where somebody has mistyped the rest. A feed's id, by which its owner ends it, opens nothing.
_AN_ID = r"(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/)"
_SECRETS = re.compile(rf"(/feeds/+(?!{_AN_ID})|/sign-up/+(?!check-your-email/))[^/?#\s\"'<>]+", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """`text` with every such secret blotted out."""
    return _SECRETS.sub(rf"\1{HIDDEN}", text)


def blotted(told: Any) -> Any:
    """The same for every text in what a log line or an error report is made of."""
    if isinstance(told, str):
        return without_secrets(told)
    if isinstance(told, dict):
        return {name: blotted(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [blotted(each) for each in told]
    return told
