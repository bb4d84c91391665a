"""The Celery application."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("clinics", task_cls="tenants.queue.clinic_task:ClinicTask")


def _from_django() -> dict[str, Any]:
    from django.conf import settings  # noqa: PLC0415  settings import this package

    return settings.CELERY


app.add_defaults(_from_django)
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect
def _disable_celery_logging(**_kwargs: Any) -> None:
    """Keep the logging from the settings: Celery sets up its own unless this signal has a receiver."""
