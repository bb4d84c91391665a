"""Which messages are optional, and whether a user wants them."""

from dataclasses import dataclass

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


def topic_of(kind: str) -> MessagePreference.Topic | None:
    """Return the topic of a kind of message; None if such messages cannot be switched off."""
    return TOPICS.get(Message.Kind(kind))


def is_wanted(user: User, *, kind: str, channel: str = Channel.EMAIL) -> bool:
    """Return whether `user` wants messages of this kind over this channel. Without a choice: yes."""
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
    return [Channel.EMAIL]


def choices_of(user: User) -> list[Choice]:
    """Return the user's choices for all topics and offered channels. The default is that all are wanted."""
    stored = {(row.topic, row.channel): row.is_wanted for row in MessagePreference.objects.filter(user=user)}
    return [
        Choice(topic, channel, stored.get((topic, channel), True))
        for topic in Topic
        for channel in channels_offered()
    ]
