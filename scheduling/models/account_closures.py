"""The email addresses of closed accounts that still have to get the confirmation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.base.locales import Language
from tenants.base.models import BaseModel


class Closing(BaseModel):
    """The email address that gets the confirmation of a closed account. Deleted once the mail is sent."""

    email = models.EmailField(_("email address"))
    language = models.CharField(max_length=2, choices=Language.choices, blank=True, db_default="")
    """The language that the user had chosen for messages."""

    class Meta:
        verbose_name = _("closed account")
        verbose_name_plural = _("closed accounts")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return str(self.pk)
