"""Send messages by text message."""

from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, transaction

from clinics.models import SmsSettings
from clinics.selectors import sms_number, sms_settings
from clinics.services.text_messages import stop_text_messages
from notifications.errors import NotRendered, PermanentFailure, TemporaryFailure
from notifications.gsm import segment_count
from notifications.models import Message, TextMessage
from notifications.rendering import sms_of
from notifications.services.sms_gateways import NumberStopped, gateway_of
from notifications.services.sms_limit import give_back_segments, month_of, reserve_segments
from notifications.sms_text import trial_text
from tenants.base.clock import now as clock_now
from tenants.phone_numbers import number_digest


def send_sms(message: Message, on_accepted: Callable[[str], None]) -> None:
    """Send a message by text message. `on_accepted` gets the provider's id of it.

    :raises NotRendered: its text could not be made
    :raises PermanentFailure: the number gets none, the provider refuses it, or the monthly limit is reached
    :raises TemporaryFailure: the provider refuses it for now
    :raises OSError: the provider cannot be reached
    """
    settings, now = sms_settings(), clock_now()
    patient = getattr(message.recipient, "patient", None)
    number = sms_number(patient) if patient else None
    if number is None:
        raise PermanentFailure(Message.Parked.UNDELIVERABLE)
    text = _render(message)
    _send(
        settings,
        number=number,
        text=text,
        row=_new_row(number, message=message, text=text, now=now),
        on_accepted=on_accepted,
        now=now,
    )


def _render(message: Message) -> str:
    try:
        return sms_of(message)
    except (DatabaseError, OSError):
        raise
    except Exception as error:
        raise NotRendered from error


def send_test_message(*, number: str, now: datetime) -> None:
    """Send a test message to a number (E.164). It counts towards the monthly limit.

    :raises PermanentFailure: the provider refuses it, or the monthly limit is reached
    :raises TemporaryFailure: the provider refuses it for now
    :raises OSError: the provider cannot be reached
    """
    text = trial_text()
    row = _new_row(number, message=None, text=text, now=now)
    _send(sms_settings(), number=number, text=text, row=row, on_accepted=lambda _id: None, now=now)


def _new_row(number: str, *, message: Message | None, text: str, now: datetime) -> TextMessage:
    return TextMessage(
        message=message,
        number_digest=number_digest(number),
        month=month_of(now),
        segments=segment_count(text),
        sent_at=now,
    )


def _send(
    settings: SmsSettings,
    *,
    number: str,
    text: str,
    row: TextMessage,
    on_accepted: Callable[[str], None],
    now: datetime,
) -> None:
    """Send one text, counted towards the limit.

    The row is stored before, because the provider may report the delivery before it answers.
    """
    gateway = gateway_of(settings)
    if not reserve_segments(settings, segments=row.segments, now=now):
        raise PermanentFailure(Message.Parked.LIMIT_REACHED)
    row.save(force_insert=True)
    try:
        provider_id = gateway.send(to=number, text=text, reference=str(row.pk))
    except (PermanentFailure, TemporaryFailure) as refusal:
        row.delete()
        give_back_segments(month=row.month, segments=row.segments)
        if isinstance(refusal, NumberStopped):
            stop_text_messages(number=number)
        raise
    # After a timeout the message may have been sent. It stays counted, so that the limit cannot be exceeded.
    with transaction.atomic():
        TextMessage.objects.filter(pk=row.pk).update(provider_id=provider_id)
        on_accepted(provider_id)
