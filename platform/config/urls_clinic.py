"""URLs of a clinic's host."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from clinics.pages.brand import brand_css
from config.api_docs import clinic_documentation
from notifications.calendar_links import CALENDAR_LINKS
from notifications.pages.attendance import cancel_page, confirm_page
from notifications.pages.calendar_file import calendar_file, online_calendar
from notifications.pages.move import move_page
from notifications.pages.my_data import my_data_page
from notifications.pages.preferences import message_preferences
from notifications.pages.questions import questions_page

handler400 = "config.error_pages.bad_request"
handler403 = "config.error_pages.forbidden"
handler404 = "config.error_pages.not_found"
handler500 = "config.error_pages.server_error"

api: list[URLPattern | URLResolver] = [
    path("", include("scheduling.urls")),  # first, because most requests are for the schedule
    path("", include("tenants.accounts.urls")),
    path("", include("clinics.urls")),
    path("", include("notifications.urls")),
    path("", include(clinic_documentation)),
]

urlpatterns = [
    path("api/", include(api)),
    path("admin/", admin.site.urls),
    path("brand.css", brand_css, name="brand-css"),
    # Links in messages. Without a slash at the end, which some mail programs would not take as a part of it.
    path("visit/confirm/<str:token>", confirm_page, name="link-confirm"),
    path("visit/cancel/<str:token>", cancel_page, name="link-cancel"),
    path("visit/move/<str:token>", move_page, name="link-move"),
    path("visit/questions/<str:token>", questions_page, name="link-questions"),
    path("message-preferences/<str:token>", message_preferences, name="message-preferences"),
    path("appointments/<uuid:booking_id>/calendar.ics", calendar_file, name="calendar-file-page"),
    *(
        path(f"appointments/<uuid:booking_id>/calendar/{name}", online_calendar, {"calendar": name})
        for name in CALENDAR_LINKS
    ),
    path("profile/data", my_data_page, name="my-data-page"),
    # The pages of the web app, which work without JavaScript.
    path("", include("scheduling.page_urls")),
    path("", include("clinics.page_urls")),
    path("", include("tenants.accounts.page_urls")),
]
