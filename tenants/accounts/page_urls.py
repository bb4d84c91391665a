"""URLs of the pages of accounts."""

from django.urls import path

from tenants.accounts.pages.sign_in import sign_in_page, sign_out_page

urlpatterns = [
    path("sign-in", sign_in_page, name="sign-in-page"),
    path("sign-out", sign_out_page, name="sign-out-page"),
]
