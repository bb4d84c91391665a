"""The models of messages, of what people want to receive, of calendar feeds and of webhooks."""

from notifications.models.email_reports import EmailReport
from notifications.models.feeds import CalendarFeed, CalendarFeedQuerySet
from notifications.models.messages import Channel, Message, MessageQuerySet
from notifications.models.preferences import MessagePreference
from notifications.models.text_messages import InboundText, SmsMonth, TextMessage
from notifications.models.senders import EmailSender
from notifications.models.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = [
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "Channel",
    "EmailReport",
    "EmailSender",
    "InboundText",
    "Message",
    "MessagePreference",
    "MessageQuerySet",
    "SmsMonth",
    "TextMessage",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
