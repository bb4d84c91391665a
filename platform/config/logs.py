"""Logging: one JSON object per line, with an explicit set of fields and no patient data."""

import logging.config
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware
from structlog.typing import EventDict

from config.secret_paths import hide_secrets


class RequestLogMiddleware(RequestMiddleware):
    """Gives every request an id and logs its method, path and result, without the query string."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return method and path. The query string is left out: it can hold search terms."""
        return f"{request.method} {request.path}"


def hide_secrets_processor(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Hide secret paths in every line, including tracebacks and lines of libraries. A structlog processor."""
    return {name: hide_secrets(value) for name, value in line.items()}


def logging_config(level: str) -> dict[str, Any]:
    """Set up logging for structlog and the standard library with one JSON renderer. Return the config."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets_processor,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # Lines below the level are not built.
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
            # Django's lines contain full URLs with search terms. RequestLogMiddleware logs requests instead.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
            # The queue is swept every two seconds: log its results, not every run.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "django_structlog.celery": {"level": "WARNING"},
        },
    }
    logging.config.dictConfig(config)
    return config
