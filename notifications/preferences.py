"""Which messages are optional, whether a user wants them, and over which channels they are sent."""

from collections.abc import Callable
from dataclasses import dataclass

from clinics.models import SmsSettings
from clinics.selectors import sms_number, sms_settings
from notifications.models import Channel, Message, MessagePreference
from tenants.accounts.models import User

Topic, _Kind = MessagePreference.Topic, Message.Kind

TOPICS = {
    _Kind.REMINDER: Topic.REMINDERS,
    _Kind.QUESTIONNAIRE: Topic.QUESTIONNAIRES,
    _Kind.FOLLOW_UP: Topic.FOLLOW_UPS,
    _Kind.OFFER: Topic.OFFERS,
}
"""The topic of each optional kind of message. All other kinds are always sent."""

_SMS_SETTINGS: dict[Message.Kind, Callable[[SmsSettings], bool]] = {
    _Kind.REMINDER: lambda settings: settings.for_reminders,
    _Kind.CANCELLATION: lambda settings: settings.for_cancellations,
    _Kind.RESCHEDULED: lambda settings: settings.for_reschedules,
    _Kind.OFFER: lambda settings: settings.for_offers,
    # Only to patients whom emails do not reach (`_gets_sms`).
    _Kind.CLINIC_NOTE: lambda _settings: True,
}
"""The kinds of messages that are also sent by text message, each with the clinic's switch for it."""
_SMS_TOPICS = frozenset(TOPICS[kind] for kind in TOPICS.keys() & _SMS_SETTINGS.keys())


def topic_of(kind: str) -> MessagePreference.Topic | None:
    """Return the topic of a kind of message; None if such messages cannot be switched off."""
    return TOPICS.get(Message.Kind(kind))


def is_wanted(user: User, *, kind: str, channel: str = Channel.EMAIL) -> bool:
    """Return whether `user` wants messages of this kind over this channel. Without a choice: yes."""
    if channel == Channel.SMS and not _gets_sms(user, kind=kind):
        return False
    topic = topic_of(kind)
    if topic is None:
        return True
    choice = MessagePreference.objects.filter(user=user, topic=topic, channel=channel).first()
    return choice is None or choice.is_wanted


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a user wants the messages of a topic over a channel."""

    topic: MessagePreference.Topic
    channel: Channel
    is_wanted: bool


def channels_offered() -> list[Channel]:
    """Return the channels over which the current clinic sends messages."""
    return [Channel.EMAIL, Channel.SMS] if sms_settings().is_on else [Channel.EMAIL]


def choices_of(user: User) -> list[Choice]:
    """Return the user's choices for all topics and offered channels. The default is that all are wanted."""
    stored = {(row.topic, row.channel): row.is_wanted for row in MessagePreference.objects.filter(user=user)}
    return [
        Choice(topic, channel, stored.get((topic, channel), True))
        for topic in Topic
        for channel in channels_offered()
        if channel == Channel.EMAIL or topic in _SMS_TOPICS
    ]


def channels_for(recipient: User, *, kind: str) -> list[Channel]:
    """Return the channels over which messages of this kind to `recipient` are planned.

    Whether the recipient wants them is checked again when they are due.
    """
    channels = [Channel.EMAIL] if recipient.email else []
    return [*channels, Channel.SMS] if is_wanted(recipient, kind=kind, channel=Channel.SMS) else channels


def _gets_sms(user: User, *, kind: str) -> bool:
    """Return whether text messages of this kind are sent to `user`: the clinic and the patient agree to it.

    Anybody can register with anybody's number. Only the accounts of people who read emails to their address
    get text messages, so that nobody can have a stranger's telephone ring.
    """
    if kind not in _SMS_SETTINGS or user.role != User.Role.PATIENT or user.email_verified_at is None:
        return False
    if kind == _Kind.CLINIC_NOTE and user.email_undeliverable_at is None:
        return False
    settings = sms_settings()
    if not settings.is_on or not _SMS_SETTINGS[_Kind(kind)](settings):
        return False
    patient = getattr(user, "patient", None)
    return patient is not None and sms_number(patient) is not None
