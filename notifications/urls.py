"""URLs of calendar files, calendar feeds, message preferences and data export, below `/api/`."""

from django.urls import path

from notifications.api.absences import EmailPreviewView, NotesView, ReachView
from notifications.api.calendar_file import CalendarView
from notifications.api.contact_log import ContactLogView
from notifications.api.failed_messages import FailedMessagesView
from notifications.api.feeds import FeedContentView, FeedsView, FeedView
from notifications.api.personal_data import CloseAccountView, MyDataView
from notifications.api.preferences import MessagePreferencesView
from notifications.api.readable_data import ReadableDataView
from notifications.api.sms_reports import InboundView, StatusView, TwilioInboundView, TwilioStatusView
from notifications.api.spoken_booking import SpokenBookingView
from notifications.api.staff_notices import StaffNoticesView

urlpatterns = [
    path("users/me/staff-notices/", StaffNoticesView.as_view(), name="my-staff-notices"),
    path("users/me/export/", MyDataView.as_view(), name="my-data"),
    path("users/me/export/readable/", ReadableDataView.as_view(), name="my-readable-data"),
    path("users/me/message-preferences/", MessagePreferencesView.as_view(), name="my-message-preferences"),
    path("users/me/close/", CloseAccountView.as_view(), name="close-account"),
    path(
        "appointments/bookings/<uuid:booking_id>/calendar.ics",
        CalendarView.as_view(),
        name="booking-calendar",
    ),
    path(
        "portal/bookings/<uuid:booking_id>/messages/",
        ContactLogView.as_view(),
        name="portal-booking-messages",
    ),
    path(
        "portal/bookings/<uuid:booking_id>/spoken/", SpokenBookingView.as_view(), name="portal-spoken-booking"
    ),
    path("portal/absences/reach/", ReachView.as_view(), name="reach-of-absence"),
    path("portal/absences/messages/", NotesView.as_view(), name="write-to-patients"),
    path("portal/absences/email/", EmailPreviewView.as_view(), name="preview-absence-email"),
    path("appointments/feeds/", FeedsView.as_view(), name="calendar-feeds"),
    path("appointments/feeds/<uuid:feed_id>/", FeedView.as_view(), name="one-calendar-feed"),
    path("portal/failed-messages/", FailedMessagesView.as_view(), name="portal-failed-messages"),
    path("text-messages/status/", StatusView.as_view(), name="text-status"),
    path("text-messages/inbound/", InboundView.as_view(), name="text-inbound"),
    path(
        "text-messages/twilio/status/<uuid:text_id>/",
        TwilioStatusView.as_view(),
        name="twilio-text-status",
    ),
    path("text-messages/twilio/inbound/", TwilioInboundView.as_view(), name="twilio-text-inbound"),
    path("appointments/feeds/<str:token>.ics", FeedContentView.as_view(), name="calendar-feed"),
]
