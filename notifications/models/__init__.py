"""The models of messages, of what people want to receive, of calendar feeds and of webhooks."""

from notifications.models.feeds import CalendarFeed, CalendarFeedQuerySet
from notifications.models.messages import Channel, Message, MessageQuerySet
from notifications.models.preferences import MessagePreference
from notifications.models.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = [
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "Channel",
    "Message",
    "MessagePreference",
    "MessageQuerySet",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
