"""Settings of Celery: its queues, and the tasks that beat sends."""

from typing import Any

from celery.schedules import crontab
from kombu import Queue

SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep the queue": {"task": "tenants.sweep_queue", "schedule": 2.0},
    "sweep deliveries": {"task": "tenants.sweep_deliveries", "schedule": 2.0},
    "sweep outside calendars": {"task": "tenants.sweep_feeds", "schedule": 4.0},
    "send sign-up emails": {"task": "console.send_sign_up_letters", "schedule": 5.0},
    "delete expired sign-ups": {
        "task": "console.forget_sign_ups",
        "schedule": crontab(hour=2, minute=20),
    },
    "drop closed clinics": {
        "task": "clinics.drop_closed_clinics",
        "schedule": crontab(hour=2, minute=40),
    },
    "chain audit logs": {"task": "accounts.chain_audit_logs", "schedule": 600.0},
    "delete operators' expired sessions": {
        "task": "scheduling.delete_expired_operator_data",
        "schedule": crontab(hour=1, minute=10),
    },
    "heartbeat of the workers": {
        "task": "tenants.record_heartbeat",
        "schedule": 60.0,
        "args": ["work"],
    },
    "heartbeat of the delivery workers": {
        "task": "tenants.record_heartbeat",
        "schedule": 60.0,
        "args": ["delivery"],
        "options": {"queue": "delivery"},
    },
    "check the installation": {"task": "console.watch", "schedule": 60.0},
    # At 01:10 of each clinic's own clock; the clinic stores which night was the last.
    "nightly maintenance": {"task": "tenants.start_nightly_maintenance", "schedule": 300.0},
}


def celery_settings(broker_url: str) -> dict[str, Any]:
    """Return the settings of the Celery application."""
    return {
        "broker_url": broker_url,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {"socket_timeout": 2, "socket_connect_timeout": 2},
        "redis_socket_timeout": 2,
        "task_ignore_result": True,
        "task_default_queue": "celery",
        # A worker that names no queue serves both.
        "task_queues": [Queue("celery"), Queue("delivery")],
        # What waits for servers outside the installation has workers of its own, so it delays nothing else.
        "task_routes": {
            "tenants.sweep_deliveries": {"queue": "delivery"},
            "tenants.sweep_feeds": {"queue": "delivery"},
            "console.send_sign_up_letters": {"queue": "delivery"},
        },
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,
        # No task results are stored, so there is no result backend.
        "timezone": "UTC",
        "beat_scheduler": "tenants.queue.beat:LockedScheduler",
        "beat_schedule": SCHEDULE,
    }
