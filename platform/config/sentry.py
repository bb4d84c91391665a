"""Report errors to Sentry. What a report may contain is listed here; everything else is left out.

A patient's name is in a search, a reason for a visit is in a body, an email address is in the message of a
database error. So a report says where something failed, and has the id of the request: its log line in the
installation's own log says the rest.
"""

from collections.abc import Iterator, Mapping
from logging import LogRecord
from os.path import basename
from typing import Any
from urllib.parse import urlsplit

import psycopg
import sentry_sdk
import structlog

from config.secret_paths import hide_secrets, hide_secrets_in_text

_EVENT = (
    *("event_id", "type", "level", "platform", "logger", "timestamp", "start_timestamp", "transaction"),
    *("transaction_info", "release", "environment", "server_name", "dist", "sdk", "modules"),
)
_HEADERS = frozenset({"accept", "content-length", "content-type", "host", "user-agent"})
_TAGS = ("request_id", "clinic", "task_id")
"""Taken from the context of the log, so that a report and the log lines can be found by each other."""
_FRAME = (
    *("filename", "abs_path", "module", "function", "lineno", "in_app"),
    *("context_line", "pre_context", "post_context"),
)
_MECHANISM = ("type", "handled", "exception_id", "parent_id", "source", "is_exception_group")
_TRACE = ("trace_id", "span_id", "parent_span_id", "op", "status", "origin")
_SPAN = ("trace_id", "span_id", "parent_span_id", "op", "status", "origin", "start_timestamp", "timestamp")
_CODE_ERRORS = frozenset(
    {"AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "UnboundLocalError"}
)
"""Exceptions whose message names parts of the code and never data."""


def report_errors_to(dsn: str) -> None:
    """Start reporting if there is a DSN."""
    if dsn:
        sentry_sdk.init(
            dsn=dsn,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            # Otherwise outbound requests would carry headers with the name of the transaction.
            trace_propagation_targets=[],
            before_send=allowed_report,
            before_send_transaction=allowed_report,
            before_send_log=_send_nothing,
            before_send_metric=_send_nothing,
        )


def allowed_report(event: Any, hint: Mapping[str, Any]) -> Any:
    """Return a new report with the allowed parts of `event`. Sentry's SDK calls this last, for every report.

    If it raised an error, the SDK would send nothing.
    """
    error = _error_of(hint)
    report = _only(event, _EVENT) | {"tags": _tags(error), "contexts": _contexts(event)}
    if "request" in event:
        report["request"] = _request(event["request"])
    if "exception" in event:
        values = [_exception(value) for value in event["exception"].get("values") or []]
        report["exception"] = {"values": values}
    if record := hint.get("log_record"):
        report["logentry"] = {"message": _log_message(record)}
    if "spans" in event:
        report["spans"] = [_only(span, _SPAN) for span in event["spans"]]
    return hide_secrets(report)


def _send_nothing(_item: Any, _hint: Any) -> None:
    """Send no logs and no metrics: they belong to the installation's own log."""


def _only(values: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _error_of(hint: Mapping[str, Any]) -> BaseException | None:
    return (hint.get("exc_info") or (None, None))[1]


def _tags(error: BaseException | None) -> dict[str, str]:
    tags = {name: str(value) for name, value in _only(structlog.contextvars.get_contextvars(), _TAGS).items()}
    for cause in _causes(error):
        if isinstance(cause, psycopg.Error) and cause.sqlstate:
            tags["sqlstate"] = cause.sqlstate
    return tags


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _contexts(event: Any) -> dict[str, Any]:
    contexts = event.get("contexts") or {}
    allowed = _only(contexts, ("runtime",))
    if "trace" in contexts:
        allowed["trace"] = _only(contexts["trace"], _TRACE)
    return allowed


def _request(request: Any) -> dict[str, Any]:
    """Return method, address without query, and the allowed headers."""
    url = urlsplit(str(request.get("url", "")))
    headers = request.get("headers") or {}
    return {
        "method": request.get("method"),
        "url": hide_secrets_in_text(f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"),
        "headers": {name: value for name, value in headers.items() if name.lower() in _HEADERS},
    }


def _exception(value: Any) -> dict[str, Any]:
    """Return an exception's type and stack. Its message is left out unless only code can be in it."""
    allowed = _only(value, ("type", "module", "thread_id"))
    if value.get("type") in _CODE_ERRORS:
        allowed["value"] = value.get("value")
    if value.get("mechanism"):
        allowed["mechanism"] = _only(value["mechanism"], _MECHANISM)
    if value.get("stacktrace"):
        frames = value["stacktrace"].get("frames") or []
        allowed["stacktrace"] = {"frames": [_only(frame, _FRAME) for frame in frames]}
    return allowed


def _log_message(record: LogRecord) -> str:
    """Return what the code says, without the values: a structlog event, or the text before formatting.

    A text without arguments may have been formatted before, so it is replaced by the place it comes from.
    """
    if isinstance(record.msg, Mapping):
        event = str(record.msg.get("event", ""))
        if event.isidentifier():
            return event
    elif record.args:
        return str(record.msg)
    return f"{record.name}, {basename(record.pathname)}:{record.lineno}"
