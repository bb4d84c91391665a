"""Logs: one JSON object a line, made of what we name and nothing else; no word of a patient."""

import logging.config
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware
from structlog.typing import EventDict

from config.secret_paths import blotted


class RequestLogMiddleware(RequestMiddleware):
    """Gives every request an id and writes what became of it: method and path, never the query string."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path. What people typed to search is in the query and stays out."""
        return f"{request.method} {request.path}"


def blot_secrets(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """A processor: no line, ours or a library's, message or traceback, has a path that opens something."""
    return {name: blotted(value) for name, value in line.items()}


def logging_config(level: str) -> dict[str, Any]:
    """Send structlog's and the standard library's lines through the same JSON renderer, and install that."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        blot_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # A line nobody wants to see is not put together either.
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    config: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": structlog.processors.JSONRenderer(),
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own lines carry addresses with what people typed; ours tell the same without.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
            # The queue is swept every two seconds: what it did is worth a line, that it looked is not.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "django_structlog.celery": {"level": "WARNING"},
        },
    }
    logging.config.dictConfig(config)
    return config
