"""A code that was requested by email, to sign in or register with."""

from django.db import models

from tenants.base.locales import Language
from tenants.base.models import BaseModel


class EmailCode(BaseModel):
    """A request for a code. The code is not stored: it is derived from the id (`email_code/services.py`).

    The browser that requested it has the signed id in a cookie, and only there the code can be used.
    """

    email = models.EmailField()
    """As entered, in lower case. Whether there is an account is not looked up before the code is entered."""
    language = models.CharField(max_length=2, choices=Language.choices, blank=True, db_default="")
    """The language of the page on which it was requested."""
    expires_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    """How often a code was entered."""
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["expires_at"]

    def __str__(self) -> str:
        return f"{self.pk} until {self.expires_at}"
