"""URLs of the base domain: the platform, without any patient data."""

from django.urls import include, path
from django.views.generic import RedirectView

from config.api_docs import platform_documentation
from console.admin_site import console
from console.directory_page import directory
from console.sign_up_pages import check_email, confirm, sign_up
from notifications.email_webhooks.views import email_reports

handler400 = "config.error_pages.bad_request"
handler403 = "config.error_pages.forbidden"
handler404 = "config.error_pages.not_found"
handler500 = "config.error_pages.server_error"

urlpatterns = [
    path("", directory, name="directory"),
    path("sign-up/", sign_up, name="sign-up"),
    path("sign-up/check-your-email/", check_email, name="sign-up-asked"),
    path("sign-up/<str:token>/", confirm, name="sign-up-confirm"),
    path("hooks/email/<slug:service>/", email_reports, name="email-reports"),
    path("console/", console.urls),
    # Operators look for Django's admin here.
    path("admin/", RedirectView.as_view(url="/console/", http_method_names=["get", "head"])),
    path("api/", include(platform_documentation)),
]
