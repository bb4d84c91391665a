"""The page of Django Admin and of the console on which staff change their own password."""

from typing import Any

from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError

from tenants.accounts.attempt_limits import limited_password_check
from tenants.accounts.credentials.services import set_password
from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.requests import rate_limit_address


class LimitedPasswordChangeForm(AdminPasswordChangeForm):
    """Django's form. Wrong old passwords are limited, and a new password ends all other sessions."""

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address = address

    def clean_old_password(self) -> str:
        """Check the old password.

        :raises ValidationError: it is wrong, or too many were wrong
        """
        try:
            with limited_password_check(user=self.user, address=self._address, now=now()):
                return str(super().clean_old_password())
        except TooManyAttempts as error:
            raise ValidationError(str(error.user_message), code=error.code) from error

    def save(self, commit: bool = True) -> User:
        """Set the password."""
        return set_password(user=self.user, password=self.cleaned_data["new_password1"], now=now())


class LimitedPasswordChangeView(PasswordChangeView):
    """Django's page with the form above."""

    form_class = LimitedPasswordChangeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add the client address, by which attempts are counted too."""
        return {**super().get_form_kwargs(), "address": rate_limit_address(self.request)}
