"""A linter for the texts of messages. It needs no database and no clinic.

The rules follow the guidance "Writing NHS messages" of the NHS service manual, and what went wrong in real
appointment systems.
"""

from notifications.linting.lint import lint
from notifications.linting.text import Finding, MessageText, Severity

__all__ = ["Finding", "MessageText", "Severity", "lint"]
