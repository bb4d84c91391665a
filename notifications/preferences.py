"""Which messages are optional, and whether a user wants them."""

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


def channels_for(recipient: User, *, kind: str) -> list[Channel]:
    """Return the channels over which messages of this kind to `recipient` are planned.

    Whether the recipient wants them is checked when they are due.
    """
    return [Channel.EMAIL] if recipient.email else []
