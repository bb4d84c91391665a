"""The models of messages, of what people want to receive, of calendar feeds and of webhooks."""

from notifications.models.email_reports import EmailReport
from notifications.models.feeds import CalendarFeed, CalendarFeedQuerySet
from notifications.models.messages import Channel, Message, MessageQuerySet
from notifications.models.preferences import MessagePreference
from notifications.models.staff_notices import NoticeMode, StaffNotices
from notifications.models.text_messages import InboundText, SmsMonth, TextMessage
from notifications.models.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = [
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "Channel",
    "EmailReport",
    "InboundText",
    "Message",
    "MessagePreference",
    "MessageQuerySet",
    "NoticeMode",
    "SmsMonth",
    "StaffNotices",
    "TextMessage",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
