"""`users/me/export/readable/`: the export of a patient's data as a page, in the words of the patient."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.api.personal_data import MyDataOutput
from notifications.data_labels import code_text, field_label, yes_or_no
from notifications.services.personal_data import export_my_data
from scheduling.visit_types.intake_answers import answer_label
from tenants.accounts.permissions import IsPatient, signed_in_user
from tenants.base.clock import local_time, now
from tenants.base.operations import operation
from tenants.base.words import (
    clock_time,
    day_and_time,
    end_time,
    full_date_time,
    language_names,
    plain_date,
    weekdays,
)
from tenants.current import current_clinic

Item = Mapping[str, Any]
"""An object of the export."""

HIDDEN = {
    *("id", "slot", "session", "record", "booking", "kind", "role", "time_zone", "series"),
    *("starts_at", "ends_at", "local_date", "local_time", "local_end_time", "tz_label", "clock_pass"),
    *("can_cancel", "can_reschedule", "can_repeat", "can_check_in", "overbooked"),
    *("phone", "emergency_contact_phone"),
}
"""Technical fields, and fields that another one shows in a readable form. The download has them."""
_CODE_FIELDS = {"status", "what", "by", "outcome", "channel", "topic", "not_sent_because", "email_problem"}
"""Fields whose values are codes of the API, not text that somebody has entered."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DAYS_OF_WEEK = 7


class RowOutput(serializers.Serializer[Any]):
    """A field with its values as text."""

    label = serializers.CharField()  # type: ignore[assignment]  # `Serializer.label` is text
    values = serializers.ListField(child=serializers.CharField())


class EntryOutput(serializers.Serializer[Any]):
    """One appointment, message and so on."""

    rows = RowOutput(many=True)


class SectionOutput(serializers.Serializer[Any]):
    """A part of the page."""

    title = serializers.CharField()
    entries = EntryOutput(many=True)


class ReadableDataOutput(serializers.Serializer[Any]):
    """All personal data of a patient as text, in their language and the clinic's time zone."""

    title = serializers.CharField()
    written_at = serializers.CharField(help_text="The date and time of the export, on the clinic's clock.")
    sections = SectionOutput(many=True)


class ReadableDataView(APIView):
    """The personal data of the signed-in patient, to read."""

    permission_classes = (IsPatient,)

    @operation(summary="Read your data", responses=ReadableDataOutput)
    def get(self, request: Request) -> Response:
        """The export of your data as text, without technical details, to show and print."""
        return Response(
            ReadableDataOutput(readable_data(request)).data, headers={"Cache-Control": "no-store"}
        )


def readable_data(request: Any) -> dict[str, Any]:
    """Return `ReadableDataOutput` about the user of the request. The audit log records it as an export."""
    user = signed_in_user(request)
    data = MyDataOutput(export_my_data(user=user, now=now()), context={"request": request}).data
    return {
        "title": _("Your data at %(clinic)s") % {"clinic": data["clinic"]},
        "written_at": _date_and_time(data["exported_at"]),
        "sections": [
            {"title": title, "entries": [{"rows": rows} for item in items if (rows := _rows(item))]}
            for title, items in _sections(data)
        ],
    }


def _sections(data: Item) -> list[tuple[str, Iterable[Item]]]:
    """Return the parts of the page, each with its title and the objects to list."""
    names = {str(person["id"]): person["name"] for person in data["dependants"]}
    return [
        (_("Account"), [data["account"]]),
        (_("Your details"), [data["profile"]] if data["profile"] else []),
        (_("People you care for"), [_without(person, "name") for person in data["dependants"]]),
        (_("Appointments"), [{"when": _period(booking), **booking} for booking in data["bookings"]]),
        (_("Waiting list"), [_waiting(entry, names) for entry in data["waiting_for"]]),
        (_("Messages we sent you"), data["messages"]),
        (_("Messages you chose"), data["message_preferences"]),
        (_("Emails that were returned"), data["email_reports"]),
        (_("Calendar links"), data["calendar_feeds"]),
        (_("Sign-ins"), data["sessions"]),
        (_("Password resets"), data["password_resets"]),
        (_("Email address confirmations"), data["email_verifications"]),
        (_("Sign-in codes"), data["email_codes"]),
        (_("Email address changes"), data["email_changes"]),
        (
            _("Activity"),
            [{**_without(entry, "address"), "ip_address": entry["address"]} for entry in data["log"]],
        ),
    ]


def _without(item: Item, name: str) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != name}


def _period(booking: Item) -> str:
    words = {"start": full_date_time(booking), "end": end_time(booking), "zone": booking["tz_label"]}
    return _("%(start)s to %(end)s, %(zone)s") % words


def _waiting(entry: Item, names: Mapping[str, str]) -> dict[str, Any]:
    days = entry["weekdays"]
    return {
        **entry,
        "patient": names.get(str(entry["patient"]), _("Me")),
        # All seven days mean any day.
        "weekdays": days if len(days) < _DAYS_OF_WEEK else [],
    }


def _rows(item: Item) -> list[dict[str, Any]]:
    """Return the fields of an object that have a value."""
    rows = []
    for name, value in item.items():
        values = value if isinstance(value, list) else [value]
        texts = [text for one in values if (text := _text(name, one))]
        if name not in HIDDEN and texts:
            rows.append({"label": field_label(name), "values": texts})
    return rows


def _text(name: str, value: Any) -> str:
    """Return a value as text; "" without one."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, Mapping):
        return _object_text(name, value)
    if name == "weekdays":
        return dict(weekdays())[value]
    return _words(name, str(value))


def _words(name: str, text: str) -> str:
    """Return a value that is a text in the export as a reader expects it."""
    if name == "language":
        return language_names([text])
    if name in _CODE_FIELDS:
        return code_text(text)
    if _INSTANT.fullmatch(text):
        return _date_and_time(text)
    return plain_date(text) if _DATE.fullmatch(text) else text


def _object_text(name: str, value: Item) -> str:
    """Return an object within another one on one line."""
    if name == "answers":
        return f"{value['text']} {answer_label(value['answer'])}"
    if name == "history":
        event = f"{_text('at', value['at'])}: {_text('what', value['what'])}"
        return ", ".join(filter(None, [event, _text("by", value["by"]), value["note"]]))
    if name == "visit_notes":
        return f"{_text('saved_at', value['saved_at'])}: {value['text']}"
    if name == "place":
        return f"{value['name']}\n{value['address']}"
    if found := value.get("display_name") or value.get("name"):
        return str(found)
    rows = _rows(value)
    return ", ".join(f"{row['label']}: {', '.join(row['values'])}" for row in rows)


def _date_and_time(instant: str) -> str:
    """Return “24 November 2026, 10:42 am” on the clinic's clock."""
    local = local_time(datetime.fromisoformat(instant), current_clinic().zone)
    return day_and_time(plain_date(local.on), clock_time(local.time))
