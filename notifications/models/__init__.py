"""The models of messages, of what people want to receive, and of calendar feeds."""

from notifications.models.feeds import CalendarFeed, CalendarFeedQuerySet
from notifications.models.messages import Channel, Message, MessageQuerySet
from notifications.models.preferences import MessagePreference
from notifications.models.text_messages import InboundText, SmsMonth, TextMessage

__all__ = [
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "Channel",
    "InboundText",
    "Message",
    "MessagePreference",
    "MessageQuerySet",
    "SmsMonth",
    "TextMessage",
]
