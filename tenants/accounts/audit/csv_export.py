"""Writes the audit log as CSV, in chunks."""

import csv
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tenants.accounts.audit.records import change_lines, describe_records, person_name, type_of_record
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.current import current_clinic_or_none, enter_clinic, enter_public

_CHUNK = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Characters with which a spreadsheet takes a cell for a formula (OWASP, CSV injection)."""


class _Line:
    """A file whose `write` returns the text, so that `csv.writer` returns each line."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def csv_lines(entries: QuerySet[AuditEntry], *, newest: int, viewer: Any) -> Iterator[bytes]:
    """Return the lines of a CSV file with the entries up to the id `newest`, newest first.

    The response is read after the request has left its clinic, so each chunk enters it again. No transaction
    stays open between chunks, however slow the download is.

    :param viewer: the user, who sees only the records that they may see
    """
    clinic = current_clinic_or_none()
    return _lines(entries, newest, viewer, clinic)


def escape_formula(value: Any) -> str:
    """Return the text of a cell. An apostrophe before a formula character turns the cell into plain text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(entries: QuerySet[AuditEntry], newest: int, viewer: Any, clinic: Any) -> Iterator[bytes]:
    writer: Any = csv.writer(_Line())
    with _inside(clinic):
        header = writer.writerow(_header())
    yield b"\xef\xbb\xbf" + header.encode()  # the byte order mark tells spreadsheets that this is UTF-8
    last = newest + 1
    while True:
        with _inside(clinic):
            chunk = list(entries.filter(pk__lt=last).order_by("-pk")[:_CHUNK])
            words = describe_records(chunk, viewer=viewer)
            rows = [_row(entry, words.get((entry.kind, entry.record_id), "")) for entry in chunk]
        if not chunk:
            return
        yield "".join(writer.writerow([escape_formula(cell) for cell in row]) for row in rows).encode()
        last = chunk[-1].pk


def _inside(clinic: Any) -> Any:
    if current_clinic_or_none() == clinic:
        return nullcontext()
    return enter_clinic(clinic) if clinic else enter_public()


def _header() -> list[str]:
    return [
        _("Entry"), _("Time"), _("By"), _("Action"), _("Type of record"), _("Record"), _("Record ID"),
        _("Changes"), _("IP address"), _("Note"),
    ]  # fmt: skip


def _row(entry: AuditEntry, words: str) -> list[Any]:
    return [
        entry.pk,
        timezone.localtime(entry.at).isoformat(timespec="seconds"),
        person_name(entry.by),
        entry.get_what_display(),
        capfirst(type_of_record(entry.kind)),
        words,
        entry.record_id,
        "\n".join(change_lines(entry)),
        entry.address,
        entry.note,
    ]
