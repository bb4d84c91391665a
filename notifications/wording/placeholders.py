"""The placeholders of a clinic's wording: `{{ day }}` and others of a fixed list, replaced by plain text.

There are no expressions, attributes, filters, loops or conditions, so a wording cannot read anything else and
cannot take long. A template engine with a sandbox would have to forbid all that, and sandboxes have holes.
"""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_LEFT = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")

PLACEHOLDERS: Mapping[str, str | Promise] = {
    "clinic": _("the clinic's name"),
    "day": _("the day of the appointment, with the weekday"),
    "time": _("the time at which it starts"),
    "end": _("the time at which it ends"),
    "zone": _("the time zone, such as “London time”"),
    "doctor": _("the doctor's name"),
    "place": _("the place, or how a video or phone appointment takes place"),
    "how_to_cancel": _("how to reschedule or cancel"),
    "phone": _("the clinic's telephone number"),
    "name": _("the first name of the person who gets the message"),
    "patient": _("“you”, or the name of the person whom the recipient cares for"),
}
"""The placeholders with their meaning, for staff."""
SUBJECT_PLACEHOLDERS = frozenset({"clinic", "day", "time", "end", "zone"})
"""Those that may be in a subject, which other people see: nothing about the patient and the doctor."""


def used_placeholders(text: str) -> list[str]:
    """Return the names of the placeholders in a text, each once."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))


def has_stray_braces(text: str) -> bool:
    """Return whether braces are left that belong to no placeholder, such as `{{ day }` or `{% if %}`."""
    return bool(_LEFT.search(_PLACEHOLDER.sub("", text)))


def fill_in(text: str, values: Mapping[str, str]) -> str | None:
    """Return `text` with the values of its placeholders; None if one has no value.

    A value is inserted as it is: braces in it are not read as placeholders. The result is plain text.
    """
    if not all(values.get(name) for name in used_placeholders(text)):
        return None
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)
