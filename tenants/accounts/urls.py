"""URLs of sign-in and accounts, below `/api/`."""

from django.urls import path

from tenants.accounts.email_change.api import (
    EmailChangeConfirmView,
    EmailChangeResendView,
    EmailChangeView,
    EmailResumeView,
)
from tenants.accounts.email_code.api import EmailCodeView
from tenants.accounts.email_verification.api import EmailVerifyRequestView, EmailVerifyView
from tenants.accounts.passwords.api import PasswordChangeView, PasswordResetConfirmView, PasswordResetView
from tenants.accounts.second_factor.api import (
    LoginSecondFactorView,
    RecoveryCodesView,
    SecondFactorView,
    SetUpConfirmView,
    SetUpView,
    SwitchOffView,
)
from tenants.accounts.sessions.api.active_sessions import (
    SessionActivityView,
    SessionsEndAllView,
    SessionsView,
    SessionView,
)
from tenants.accounts.sign_in.api import LoginView, LogoutView, RefreshView

urlpatterns = [
    path("auth/login/", LoginView.as_view(), name="login"),
    path("auth/login/second-factor/", LoginSecondFactorView.as_view(), name="login-second-factor"),
    path("auth/refresh/", RefreshView.as_view(), name="refresh"),
    path("auth/logout/", LogoutView.as_view(), name="logout"),
    path("auth/password/change/", PasswordChangeView.as_view(), name="password-change"),
    path("auth/password/reset/", PasswordResetView.as_view(), name="password-reset"),
    path("auth/password/reset/confirm/", PasswordResetConfirmView.as_view(), name="password-reset-confirm"),
    path("auth/second-factor/", SecondFactorView.as_view(), name="second-factor"),
    path("auth/second-factor/set-up/", SetUpView.as_view(), name="second-factor-set-up"),
    path("auth/second-factor/set-up/confirm/", SetUpConfirmView.as_view(), name="second-factor-confirm"),
    path("auth/second-factor/switch-off/", SwitchOffView.as_view(), name="second-factor-switch-off"),
    path("auth/second-factor/recovery-codes/", RecoveryCodesView.as_view(), name="recovery-codes"),
    path("auth/email-code/", EmailCodeView.as_view(), name="email-code"),
    path("auth/email/verify/", EmailVerifyView.as_view(), name="email-verify"),
    path("auth/email/verify/request/", EmailVerifyRequestView.as_view(), name="email-verify-request"),
    path("auth/email/change/", EmailChangeView.as_view(), name="email-change"),
    path("auth/email/change/resend/", EmailChangeResendView.as_view(), name="email-change-resend"),
    path("auth/email/change/confirm/", EmailChangeConfirmView.as_view(), name="email-change-confirm"),
    path("auth/email/resume/", EmailResumeView.as_view(), name="email-resume"),
    path("auth/sessions/", SessionsView.as_view(), name="sessions"),
    path("auth/sessions/activity/", SessionActivityView.as_view(), name="session-activity"),
    path("auth/sessions/end-all/", SessionsEndAllView.as_view(), name="sessions-end-all"),
    path("auth/sessions/<uuid:session_id>/", SessionView.as_view(), name="session"),
]
