"""Queue handlers of the notifications app."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from clinics.models import Patient
from clinics.services.erase_patient import erases_with_patients
from clinics.services.text_messages import switch_sms_off_after_restore
from notifications.models import Message, WebhookDelivery
from notifications.services.account_emails import (
    announce_email_change,
    send_account_closed,
    send_email_change_link,
    send_email_code,
    send_invitation,
    send_reset_link,
    send_verification_link,
)
from notifications.services.email_reports import release_held_messages
from notifications.services.feeds import delete_feeds_after_restore
from notifications.services.message_actions import delete_old_texts, delete_texts_of_patients
from notifications.services.outside_calendar_emails import send_calendar_failing
from notifications.services.planning import plan_messages
from notifications.services.repair import repair_messages
from notifications.services.senders import check_all_senders, check_sender, renew_keys_after_restore
from notifications.services.sending import cancel_messages_after_restore, send_messages
from notifications.services.sms_limit import WARNING_JOB
from notifications.services.sms_warning import send_limit_warning
from notifications.services.staff_notices import (
    enqueue_daily_notices,
    plan_day_schedule,
    plan_digest,
    plan_event_notices,
    plan_failure_notices,
)
from notifications.services.webhook_delivery import deliver_webhook
from notifications.services.webhook_emails import send_webhook_off
from notifications.services.webhook_endpoints import switch_off_after_restore
from notifications.services.webhook_planning import (
    delete_old_deliveries,
    plan_booking_webhooks,
    plan_patient_webhooks,
    plan_waitlist_webhooks,
)
from scheduling.models import BookingEvent
from scheduling.moving.announce import announce_move
from tenants.accounts.models import User
from tenants.queue.failure_counts import count_parked_message
from tenants.queue.jobs import Lane, queue_handler
from tenants.queue.nights import nightly_step
from tenants.queue.runner import Batch, queue_batch_handler
from tenants.services.restore import after_restore


@queue_handler("booking_event")
def plan_event_messages(event_id: uuid.UUID, now: datetime) -> None:
    """Plan the messages and webhooks for a booking event."""
    related = ("booking__patient__user", "booking__place", "booking__visit_type")
    events = BookingEvent.objects.select_related(*related)
    event = events.get(pk=event_id)
    if announce_move(event):
        event = events.get(pk=event_id)  # as it is now that it cannot be undone any more
        plan_messages(event=event, now=now)
        plan_event_notices(event, now=now)
    plan_booking_webhooks(event.booking, now=now)


@queue_batch_handler("message", lane=Lane.DELIVERY)
def send_due_messages(batch: Batch, _now: datetime) -> None:
    """Send messages that are due."""
    send_messages(batch)


@queue_handler("message_failed")
def plan_notices_of_failure(message_id: uuid.UUID, now: datetime) -> None:
    """Plan the notices to staff that a message failed, and count it for the operators."""
    plan_failure_notices(Message.objects.select_related("booking").get(pk=message_id), now=now)
    count_parked_message(now=now)


@nightly_step("nightly_staff_notices")
def enqueue_notices_of_the_day(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Enqueue the schedules and digests of the next 24 hours."""
    enqueue_daily_notices(now=now)


@queue_handler("staff_day")
def plan_schedule_of_the_day(user_id: uuid.UUID, now: datetime) -> None:
    """Plan the email with a doctor's schedule of today."""
    plan_day_schedule(user_id=user_id, now=now)


@queue_handler("staff_digest")
def plan_digest_of_the_day(user_id: uuid.UUID, now: datetime) -> None:
    """Plan the email with the changes of a day."""
    plan_digest(user_id=user_id, now=now)


@queue_handler("patient_changed")
def plan_patient_change(patient_id: uuid.UUID, now: datetime) -> None:
    """Plan the webhooks for a patient who was created or changed."""
    plan_patient_webhooks(patient_id=patient_id, now=now)


@queue_handler("patient_erased")
def plan_patient_erasure(patient_id: uuid.UUID, now: datetime) -> None:
    """Plan the webhooks for a patient whose record was erased or deleted."""
    plan_patient_webhooks(patient_id=patient_id, now=now)


@queue_handler("waitlist_changed")
def plan_waitlist_change(entry_id: uuid.UUID, now: datetime) -> None:
    """Plan the webhooks for a change of a waiting-list entry."""
    plan_waitlist_webhooks(entry_id=entry_id, now=now)


@queue_handler("waitlist_deleted")
def plan_waitlist_deletion(entry_id: uuid.UUID, now: datetime) -> None:
    """Plan the webhooks for a waiting-list entry that was deleted with its patient's data."""
    plan_waitlist_webhooks(entry_id=entry_id, now=now)


@queue_handler("webhook_delivery", lane=Lane.DELIVERY)
def deliver_due_webhook(delivery_id: uuid.UUID, now: datetime) -> None:
    """Attempt the delivery of a webhook. It may have been deleted with its endpoint."""
    delivery = WebhookDelivery.objects.select_related("endpoint").filter(pk=delivery_id).first()
    if delivery is not None:
        deliver_webhook(delivery, now=now)


@queue_handler("webhook_off", lane=Lane.DELIVERY)
def email_webhook_off(endpoint_id: uuid.UUID, now: datetime) -> None:
    """Email the clinic's admins that a webhook was switched off."""
    send_webhook_off(endpoint_id=endpoint_id)


@queue_handler("outside_calendar_failing", lane=Lane.DELIVERY)
def email_calendar_failing(calendar_id: uuid.UUID, now: datetime) -> None:
    """Email a doctor that one of their outside calendars cannot be read."""
    send_calendar_failing(calendar_id=calendar_id)


@nightly_step("nightly_webhooks")
def delete_old_webhook_deliveries(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Delete old webhook deliveries."""
    delete_old_deliveries(now=now)


@nightly_step("nightly_messages")
def repair_missing_messages(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Plan reminders and the like that are missing."""
    repair_messages(now=now)


@after_restore
def switch_webhooks_off(now: datetime) -> None:
    """Switch the webhooks of a restored clinic off."""
    switch_off_after_restore(now=now)


@queue_handler("email_sender", lane=Lane.DELIVERY)
def check_sender_records(sender_id: uuid.UUID, now: datetime) -> None:
    """Look for the DNS records of a sender's domain."""
    check_sender(sender_id=sender_id, now=now)


@nightly_step("nightly_senders")
def check_senders_again(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Check that the DNS records of the clinic's own domain are still there."""
    check_all_senders(now=now)


@after_restore
def renew_sender_keys(_now: datetime) -> None:
    """Give the sender of a restored clinic a key of its own."""
    renew_keys_after_restore()


@queue_handler("email_restored")
def release_messages(user_id: uuid.UUID, now: datetime) -> None:
    """Send the emails that were held because of the user's address."""
    release_held_messages(user=User.objects.get(pk=user_id), now=now)


@after_restore
def cancel_waiting_messages(now: datetime) -> None:
    """Cancel the waiting messages of a restored clinic."""
    cancel_messages_after_restore(now=now)


@after_restore
def switch_text_messages_off(_now: datetime) -> None:
    """Switch the text messages of a restored clinic off."""
    switch_sms_off_after_restore()


@queue_handler(WARNING_JOB, lane=Lane.DELIVERY)
def email_limit_warning(month_id: uuid.UUID, _now: datetime) -> None:
    """Email the admins that the monthly limit of text messages is near."""
    send_limit_warning(month_id=month_id)


@after_restore
def delete_feeds(_now: datetime) -> None:
    """Delete the calendar feeds of a restored clinic."""
    delete_feeds_after_restore()


@erases_with_patients
def delete_texts_about(patients: Sequence[Patient]) -> None:
    """Delete the stored texts of messages to or about erased patients."""
    delete_texts_of_patients(patients)


@nightly_step("nightly_message_texts")
def delete_old_message_texts(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Delete the stored texts of messages that were sent long ago."""
    delete_old_texts(now=now, keep=timedelta(days=settings.MESSAGE_TEXT_DAYS))


@queue_handler("password_reset", lane=Lane.DELIVERY)
def email_reset_link(reset_id: uuid.UUID, now: datetime) -> None:
    """Email the link to reset a password."""
    send_reset_link(reset_id=reset_id, now=now)


@queue_handler("invitation", lane=Lane.DELIVERY)
def email_invitation(invitation_id: uuid.UUID, now: datetime) -> None:
    """Email an invitation."""
    send_invitation(invitation_id=invitation_id, now=now)


@queue_handler("email_verification", lane=Lane.DELIVERY)
def email_verification_link(verification_id: uuid.UUID, now: datetime) -> None:
    """Email the link to confirm an address."""
    send_verification_link(verification_id=verification_id, now=now)


@queue_handler("email_code", lane=Lane.DELIVERY)
def email_sign_in_code(code_id: uuid.UUID, now: datetime) -> None:
    """Email a code to sign in or register with."""
    send_email_code(code_id=code_id, now=now)


@queue_handler("email_change", lane=Lane.DELIVERY)
def email_change_link(change_id: uuid.UUID, now: datetime) -> None:
    """Email the link that confirms a new address."""
    send_email_change_link(change_id=change_id, now=now)


@queue_handler("email_change_requested", lane=Lane.DELIVERY)
def email_change_request_notice(change_id: uuid.UUID, now: datetime) -> None:
    """Email the old address that a new one was requested."""
    announce_email_change(change_id=change_id, is_done=False)


@queue_handler("email_changed", lane=Lane.DELIVERY)
def email_change_notice(change_id: uuid.UUID, now: datetime) -> None:
    """Email the old address that a new one has replaced it."""
    announce_email_change(change_id=change_id, is_done=True)


@queue_handler("account_closed", lane=Lane.DELIVERY)
def email_account_closed(closing_id: uuid.UUID, now: datetime) -> None:
    """Email the confirmation that an account is closed."""
    send_account_closed(closing_id=closing_id, now=now)
