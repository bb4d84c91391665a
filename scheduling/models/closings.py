"""That somebody has closed their account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.base.models import BaseModel


class Closing(BaseModel):
    """Where to confirm that an account is closed. It goes when that is done; nothing else keeps it."""

    email = models.EmailField(_("email address"))

    class Meta:
        verbose_name = _("closed account")
        verbose_name_plural = _("closed accounts")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return str(self.pk)
