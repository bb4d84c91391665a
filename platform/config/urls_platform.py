"""The URLs of the base domain: the list of clinics, sign-up and the console."""

from django.urls import path

from console.pages import directory
from console.sign_up_pages import asked, confirm, sign_up
from console.sites import console

handler400 = "config.failures.bad_request"
handler403 = "config.failures.forbidden"
handler404 = "config.failures.not_found"
handler500 = "config.failures.broken"

urlpatterns = [
    path("", directory, name="directory"),
    path("sign-up/", sign_up, name="sign-up"),
    path("sign-up/check-your-email/", asked, name="sign-up-asked"),
    path("sign-up/<str:token>/", confirm, name="sign-up-confirm"),
    path("console/", console.urls),
]
