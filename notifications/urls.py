"""URLs of calendar files, calendar feeds, message preferences and data export, below `/api/`."""

from django.urls import path

from notifications.api.calendar_file import CalendarView
from notifications.api.feeds import FeedContentView, FeedsView, FeedView
from notifications.api.personal_data import CloseAccountView, MyDataView
from notifications.api.preferences import MessagePreferencesView

urlpatterns = [
    path("users/me/export/", MyDataView.as_view(), name="my-data"),
    path("users/me/message-preferences/", MessagePreferencesView.as_view(), name="my-message-preferences"),
    path("users/me/close/", CloseAccountView.as_view(), name="close-account"),
    path(
        "appointments/bookings/<uuid:booking_id>/calendar.ics",
        CalendarView.as_view(),
        name="booking-calendar",
    ),
    path("appointments/feeds/", FeedsView.as_view(), name="calendar-feeds"),
    path("appointments/feeds/<uuid:feed_id>/", FeedView.as_view(), name="one-calendar-feed"),
    path("appointments/feeds/<str:token>.ics", FeedContentView.as_view(), name="calendar-feed"),
]
