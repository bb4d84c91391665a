"""The models of messages, their wording, preferences, calendar feeds, text messages and webhooks."""

from notifications.models.email_reports import EmailReport
from notifications.models.feeds import CalendarFeed, CalendarFeedQuerySet
from notifications.models.messages import Channel, Message, MessageQuerySet
from notifications.models.preferences import MessagePreference
from notifications.models.senders import EmailSender
from notifications.models.staff_notices import NoticeMode, StaffNotices
from notifications.models.text_messages import InboundText, SmsMonth, TextMessage
from notifications.models.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent
from notifications.models.wording import OWN_WORDING_KINDS, MessageWording

__all__ = [
    "OWN_WORDING_KINDS",
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "Channel",
    "EmailReport",
    "EmailSender",
    "InboundText",
    "Message",
    "MessagePreference",
    "MessageQuerySet",
    "MessageWording",
    "NoticeMode",
    "SmsMonth",
    "StaffNotices",
    "TextMessage",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
