"""The models of messages, their wording, what people want to receive, and calendar feeds."""

from notifications.models.feeds import CalendarFeed, CalendarFeedQuerySet
from notifications.models.messages import Channel, Message, MessageQuerySet
from notifications.models.preferences import MessagePreference
from notifications.models.wording import OWN_WORDING_KINDS, MessageWording

__all__ = [
    "OWN_WORDING_KINDS",
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "Channel",
    "Message",
    "MessagePreference",
    "MessageQuerySet",
    "MessageWording",
]
