"""The monthly limit is never exceeded, also by workers at the same time, and admins are warned before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from clinics.models import SmsSettings
from notifications.models import SmsMonth, TextMessage
from notifications.services import sms_limit
from notifications.services.sms_limit import (
    give_back_segments,
    month_of,
    monthly_use,
    reserve_segments,
)
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.queue import queued_job_kinds
from tests.notifications.conftest import Inbox
from tests.notifications.sms_fixtures import use_twilio

WORKERS = 8


def test_the_limit_is_the_last_message_that_is_sent(clinic: Clinic, now: datetime) -> None:
    settings = use_twilio(monthly_limit=2)

    assert [reserve_segments(settings, segments=1, now=now) for _ in range(3)] == [True, True, False]

    give_back_segments(month=month_of(now), segments=1)
    assert reserve_segments(settings, segments=1, now=now)
    assert SmsMonth.objects.get().segments == 2


def test_the_month_is_the_clinics_local_one(clinic: Clinic, other_clinic: Clinic) -> None:
    new_year = datetime(2027, 1, 1, 0, 30, tzinfo=UTC)

    assert month_of(new_year) == date(2027, 1, 1)
    with enter_clinic(other_clinic):
        assert month_of(new_year) == date(2026, 12, 1)


def test_a_new_month_begins_at_zero(clinic: Clinic, now: datetime) -> None:
    settings = use_twilio(monthly_limit=1)
    reserve_segments(settings, segments=1, now=now)

    assert reserve_segments(settings, segments=1, now=now.replace(month=4))


def test_admins_are_warned_once_at_80_percent(
    clinic: Clinic, run_queue: Any, inbox: Inbox, now: datetime
) -> None:
    settings = use_twilio(monthly_limit=5)
    for count in range(1, 4):
        reserve_segments(settings, segments=1, now=now)
        assert ("sms_limit_warning" in queued_job_kinds()) == (count > 3)

    for _ in range(2):
        reserve_segments(settings, segments=1, now=now)
    assert run_queue() == []

    mails = inbox.mails()
    assert [mail["Subject"] for mail in mails] == ["Text messages: the monthly limit is near"]
    body = mails[0].get_body()
    assert body is not None
    assert "5 of 5 text messages in March 2026" in " ".join(body.get_content().split())


def test_costs_are_the_reported_prices_else_the_clinics_price(clinic: Clinic, now: datetime) -> None:
    settings = use_twilio(segment_price=Decimal("0.04"), currency="GBP")
    for price, currency in ((None, ""), (None, ""), (Decimal("0.05"), "USD"), (Decimal("0.01"), "GBP")):
        TextMessage.objects.create(
            number_digest="d", month=month_of(now), sent_at=now, price=price, currency=currency, segments=1
        )

    [use] = monthly_use(settings)

    assert (use.messages, use.segments) == (4, 4)
    assert use.costs == {"GBP": Decimal("0.09"), "USD": Decimal("0.05")}


def reserve_at_once(clinic: Clinic, settings: SmsSettings, now: datetime) -> int:
    """Reserve a segment in several threads at the same time. Return how many got one."""
    barrier = Barrier(WORKERS)

    def reserve(_number: int) -> bool:
        try:
            with enter_clinic(clinic):
                barrier.wait(10)
                return reserve_segments(settings, segments=1, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(pool.map(reserve, range(WORKERS)))


def test_workers_at_the_same_time_do_not_exceed_the_limit(committed_clinic: Clinic, now: datetime) -> None:
    settings = use_twilio(monthly_limit=3)

    assert reserve_at_once(committed_clinic, settings, now) == 3
    assert SmsMonth.objects.get().segments == 3


def test_control_counting_after_a_check_exceeds_the_limit(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = use_twilio(monthly_limit=3)
    SmsMonth.objects.create(month=month_of(now))
    checked = Barrier(WORKERS)

    def check_then_count(settings: SmsSettings, *, segments: int, now: datetime) -> bool:
        is_free = SmsMonth.objects.get().segments + segments <= settings.monthly_limit
        checked.wait(10)
        if is_free:
            SmsMonth.objects.update(segments=F("segments") + segments)
        return is_free

    monkeypatch.setattr(sms_limit, "reserve_segments", check_then_count)
    monkeypatch.setitem(globals(), "reserve_segments", check_then_count)

    assert reserve_at_once(committed_clinic, settings, now) == WORKERS
