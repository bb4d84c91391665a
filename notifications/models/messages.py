"""The ledger of messages: every message that is planned, was sent, or will not be sent, and why."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.base.clock import format_staff_time
from tenants.base.models import BaseModel, BaseQuerySet
from tenants.routing.public_urls import message_id


class Channel(models.TextChoices):
    """The way a message reaches its recipient."""

    EMAIL = "email", _("email")
    SMS = "sms", _("text message")


class MessageQuerySet(BaseQuerySet["Message"]):
    """Filters for messages."""

    def waiting(self) -> "MessageQuerySet":
        """Return the messages that are still to be sent, including those being sent now."""
        return self.filter(status__in=[Message.Status.PLANNED, Message.Status.SENDING])


class Message(BaseModel):
    """One message to one person over one channel. Its text is rendered when it is sent, and stored then.

    A message is about one version of a booking. A message to staff that is about a whole day has no booking.
    """

    class Kind(models.TextChoices):
        """The occasion of the message."""

        CONFIRMATION = "confirmation", _("appointment booked")
        REQUESTED = "requested", _("appointment requested")
        RESCHEDULED = "rescheduled", _("appointment rescheduled")
        DETAILS_CHANGED = "details_changed", _("appointment details changed")
        CANCELLATION = "cancellation", _("appointment cancelled")
        REMINDER = "reminder", _("reminder")
        QUESTIONNAIRE = "questionnaire", _("questions before the visit")
        FOLLOW_UP = "follow_up", _("follow-up after the visit")
        CLINIC_NOTE = "clinic_note", _("message from the clinic")
        OFFER = "offer", _("waiting list offer")
        OFFER_WITHDRAWN = "offer_withdrawn", _("waiting list offer withdrawn")
        STAFF_BOOKED = "staff_booked", _("to staff: appointment booked")
        STAFF_CANCELLED = "staff_cancelled", _("to staff: appointment cancelled")
        STAFF_RESCHEDULED = "staff_rescheduled", _("to staff: appointment rescheduled")
        STAFF_OFFER_TAKEN = "staff_offer_taken", _("to staff: waiting list offer accepted")
        STAFF_ATTENDANCE = "staff_attendance", _("to staff: patient will come")
        STAFF_NOT_DELIVERED = "staff_not_delivered", _("to staff: message not delivered")
        STAFF_DIGEST = "staff_digest", _("to staff: changes of a day")
        STAFF_DAY = "staff_day", _("to staff: schedule of a day")

    class Status(models.TextChoices):
        """Where the message is on its way."""

        PLANNED = "PLANNED", _("planned")
        SENDING = "SENDING", _("being sent")
        SENT = "SENT", _("sent")
        DROPPED = "DROPPED", _("not sent")
        PARKED = "PARKED", _("failed, waiting for staff")

    class NotSent(models.TextChoices):
        """The reason why a message was dropped."""

        OFFER_OVER = "offer_over", _("the offer had expired")
        TOO_LATE = "too_late", _("it was too late")
        ACCOUNT_CLOSED = "account_closed", _("the account was closed")
        CANCELLED_SINCE = "cancelled_since", _("the appointment had been cancelled")
        CONFIRMED_SINCE = "confirmed_since", _("the appointment had been confirmed")
        MOVED_SINCE = "moved_since", _("the appointment had been rescheduled again")
        REOPENED_SINCE = "reopened_since", _("the visit was no longer marked as completed")
        ANSWERED_SINCE = "answered_since", _("the questions had been answered")
        NOT_RECIPIENT = "not_recipient", _("the recipient no longer looks after the patient")
        NOT_WANTED = "not_wanted", _("the recipient has switched such messages off")
        REFUSED = "refused", _("the mail server rejected the address")
        UNCONFIRMED = "unconfirmed", _("the email address is not confirmed")
        RESTORED = "restored", _("the clinic was restored from an export")
        BY_STAFF = "by_staff", _("cancelled by staff")

    class Parked(models.TextChoices):
        """The reason why a message failed for good, unless staff do something about it."""

        REFUSED = "refused", _("the recipient's server refused it")
        BAD_ADDRESS = "bad_address", _("the address or number is not valid")
        UNDELIVERABLE = "undeliverable", _("earlier messages to this address were returned")
        COMPLAINT = "complaint", _("the recipient reported messages as spam")
        TOO_MANY_ATTEMPTS = "too_many_attempts", _("it failed too often")
        LIMIT_REACHED = "limit_reached", _("the monthly limit was reached")
        NOT_RENDERED = "not_rendered", _("its text could not be made")

    booking = models.ForeignKey(
        Booking,
        on_delete=models.PROTECT,
        null=True,
        related_name="messages",
        verbose_name=_("booking"),
    )
    version = models.PositiveIntegerField(default=0, db_default=0)
    """`Booking.version` that the message is about."""
    event = models.ForeignKey(BookingEvent, on_delete=models.PROTECT, null=True, related_name="messages")
    """The event that caused it; None for messages planned by time, such as reminders."""
    about_on = models.DateField(_("about the day"), null=True)
    """The clinic's local date that a message without a booking is about."""
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("to"))
    kind = models.CharField(_("about"), max_length=24, choices=Kind.choices)
    channel = models.CharField(
        _("channel"),
        max_length=8,
        choices=Channel.choices,
        default=Channel.EMAIL,
        db_default=Channel.EMAIL,
    )
    offset_minutes = models.PositiveIntegerField(_("offset (minutes)"), default=0, db_default=0)
    """How long before the visit a reminder or questionnaire is due, or after it a follow-up; otherwise 0."""
    repeat = models.PositiveSmallIntegerField(_("repeat"), default=0, db_default=0)
    """0, or 1 and more for a message that staff sent again: it has a Message-ID of its own."""
    status = models.CharField(
        _("status"),
        max_length=8,
        choices=Status.choices,
        default=Status.PLANNED,
        db_default=Status.PLANNED,
    )
    due_at = models.DateTimeField(_("due at"))
    not_after = models.DateTimeField(_("do not send after"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0, db_default=0)
    last_error = models.CharField(_("last error"), max_length=500, blank=True, db_default="")
    """What the server answered to the last failed attempt. It contains no text of the message."""
    sent_at = models.DateTimeField(_("sent at"), null=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True, db_default="")
    text = models.TextField(_("text"), blank=True, db_default="")
    """The text as it was sent, without secret parts of links. Deleted with the patient, and when old."""
    sent_with = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="included", verbose_name=_("sent with")
    )
    """The message that included this one, such as one reminder of several visits on one day."""
    provider_id = models.CharField(max_length=200, blank=True, db_default="", editable=False)
    """The id under which the provider reports bounces, complaints and deliveries."""
    dropped_at = models.DateTimeField(_("cancelled at"), null=True)
    dropped_because = models.CharField(
        _("reason not sent"), max_length=40, blank=True, choices=NotSent.choices
    )
    parked_at = models.DateTimeField(_("failed at"), null=True)
    parked_because = models.CharField(
        _("reason for the failure"), max_length=40, blank=True, db_default="", choices=Parked.choices
    )

    objects: ClassVar = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-due_at", "id"]
        indexes = [
            models.Index(fields=["recipient", "due_at"], name="message_by_recipient"),
            models.Index(fields=["provider_id"], name="message_by_provider_id", condition=~Q(provider_id="")),
            models.Index(fields=["parked_at"], name="message_failed", condition=Q(status="PARKED")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "version", "kind", "offset_minutes", "recipient", "channel", "repeat"],
                condition=Q(booking__isnull=False),
                name="message_once_per_booking",
            ),
            models.UniqueConstraint(
                fields=["kind", "about_on", "recipient", "channel", "repeat"],
                condition=Q(booking__isnull=True, about_on__isnull=False),
                name="message_once_per_day",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(dropped_at=None),
                name="message_is_sent_or_dropped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {format_staff_time(self.due_at)}"

    @property
    def is_waiting(self) -> bool:
        """Whether the message is still to be sent, or is being sent now."""
        return self.status in (Message.Status.PLANNED, Message.Status.SENDING)

    def required_booking(self) -> Booking:
        """Return the booking, of a message that is about one."""
        assert self.booking is not None  # noqa: S101  the kind of message says so
        return self.booking

    def required_event(self) -> BookingEvent:
        """Return the event, of a message that was caused by one."""
        assert self.event is not None  # noqa: S101  the kind of message says so
        return self.event

    @property
    def message_id(self) -> str:
        """The Message-ID header. It is fixed, so that mail programs recognise an email sent twice."""
        return message_id(self.pk)
