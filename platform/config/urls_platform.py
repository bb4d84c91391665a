"""What the base domain serves: the platform, never a patient."""

from django.urls import path

from console.pages import directory
from console.sites import console

handler400 = "config.failures.bad_request"
handler403 = "config.failures.forbidden"
handler404 = "config.failures.not_found"
handler500 = "config.failures.broken"

urlpatterns = [
    path("", directory, name="directory"),
    path("console/", console.urls),
]
