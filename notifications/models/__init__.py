"""The models of messages, of what people want to receive, and of calendar feeds."""

from notifications.models.email_reports import EmailReport
from notifications.models.feeds import CalendarFeed, CalendarFeedQuerySet
from notifications.models.messages import Channel, Message, MessageQuerySet
from notifications.models.preferences import MessagePreference

__all__ = [
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "Channel",
    "EmailReport",
    "Message",
    "MessagePreference",
    "MessageQuerySet",
]
