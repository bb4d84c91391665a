"""Where sign-in is, below `/api/`."""

from django.urls import path

from tenants.accounts.api.passwords import PasswordChangeView, PasswordResetConfirmView, PasswordResetView
from tenants.accounts.api.views import LoginView, LogoutView, RefreshView

urlpatterns = [
    path("auth/login/", LoginView.as_view(), name="login"),
    path("auth/refresh/", RefreshView.as_view(), name="refresh"),
    path("auth/logout/", LogoutView.as_view(), name="logout"),
    path("auth/password/change/", PasswordChangeView.as_view(), name="password-change"),
    path("auth/password/reset/", PasswordResetView.as_view(), name="password-reset"),
    path("auth/password/reset/confirm/", PasswordResetConfirmView.as_view(), name="password-reset-confirm"),
]
