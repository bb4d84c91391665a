"""Messages and calendar files, below `/api/`."""

from django.urls import path

from notifications.api.views import CalendarView

urlpatterns = [
    path(
        "appointments/bookings/<uuid:booking_id>/calendar.ics",
        CalendarView.as_view(),
        name="booking-calendar",
    ),
]
