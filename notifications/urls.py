"""Messages and calendar files, below `/api/`."""

from django.urls import path

from notifications.api.my_data import CloseAccountView, MyDataView
from notifications.api.views import CalendarView

urlpatterns = [
    path("users/me/export/", MyDataView.as_view(), name="my-data"),
    path("users/me/close/", CloseAccountView.as_view(), name="close-account"),
    path(
        "appointments/bookings/<uuid:booking_id>/calendar.ics",
        CalendarView.as_view(),
        name="booking-calendar",
    ),
]
