"""Settings of text messages, and the numbers that have stopped them."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.base.models import BaseModel, TimestampedModel

_PLACEHOLDERS = ("{to}", "{text}")


def check_body_template(value: str) -> None:
    """Check the body of a request to a provider: JSON that contains the number and the text.

    :raises ValidationError: it is not
    """
    try:
        texts = json.dumps(json.loads(value), ensure_ascii=False)
    except ValueError as error:
        raise ValidationError(_("This is not valid JSON."), code="json") from error
    if missing := [name for name in _PLACEHOLDERS if name not in texts]:
        raise ValidationError(
            _("Add %(placeholder)s as a text."), code="placeholder", params={"placeholder": missing[0]}
        )


def check_headers(value: Any) -> None:
    """Check that HTTP headers are an object of texts, each on one line.

    :raises ValidationError: they are not
    """
    if not isinstance(value, dict) or not all(
        isinstance(text, str) and text.isprintable() and text.isascii() and name.replace("-", "").isalnum()
        for name, text in value.items()
    ):
        raise ValidationError(_("Enter an object of names and texts, each on one line."), code="headers")


def default_headers() -> dict[str, str]:
    """Return the usual way to send an API key."""
    return {"Authorization": "Bearer {secret}"}


class SmsSettings(TimestampedModel):
    """The one row of settings for text messages. Without a row they are off. Secrets are stored encrypted."""

    class Provider(models.TextChoices):
        """The API over which text messages are sent."""

        TWILIO = "twilio", "Twilio"
        GENERIC = "generic", _("another provider (HTTP)")

    class Method(models.TextChoices):
        """The HTTP method of a request to another provider."""

        POST = "POST", "POST"
        PUT = "PUT", "PUT"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_on = models.BooleanField(
        _("send text messages"),
        default=False,
        help_text=_("Patients get them if they have agreed to it and have given a mobile number."),
    )
    for_reminders = models.BooleanField(_("reminders"), default=True)
    for_cancellations = models.BooleanField(_("appointment cancelled"), default=True)
    for_reschedules = models.BooleanField(_("appointment rescheduled"), default=True)
    for_offers = models.BooleanField(_("waiting list offers"), default=True)
    short_name = models.CharField(
        _("short name of the clinic"),
        max_length=20,
        blank=True,
        help_text=_("Used in text messages. If it is empty, the clinic's name is shortened to fit."),
    )
    provider = models.CharField(
        _("provider"), max_length=8, choices=Provider.choices, default=Provider.TWILIO
    )
    sender = models.CharField(
        _("sender"),
        max_length=40,
        blank=True,
        help_text=_("The number or name that patients see or, for Twilio, the id of a messaging service."),
    )
    account = models.CharField(
        _("Twilio account SID"),
        max_length=34,
        blank=True,
        validators=[RegexValidator(r"^AC[0-9a-fA-F]{32}\Z", _("It begins with AC, and has 34 characters."))],
    )
    stored_secret = models.TextField(blank=True, editable=False)
    """Twilio's auth token, or the API key of another provider, encrypted (`encrypt_secret`)."""
    url = models.CharField(
        _("URL"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https"])],  # the request contains the API key
        help_text=_("Of another provider's API. It begins with https://."),
    )
    method = models.CharField(_("HTTP method"), max_length=4, default=Method.POST, choices=Method.choices)
    headers = models.JSONField(
        _("HTTP headers"),
        default=default_headers,
        blank=True,
        validators=[check_headers],
        help_text=_("{secret} stands for the API key."),
    )
    body = models.TextField(
        _("JSON body"),
        default='{"to": "{to}", "from": "{from}", "text": "{text}", "reference": "{reference}"}',
        blank=True,
        validators=[check_body_template],
        help_text=_("{to}, {from}, {text} and {reference} stand for the values of a message."),
    )
    id_field = models.CharField(
        _("message id in the answer"),
        max_length=40,
        default="id",
        blank=True,
        help_text=_("The field of the JSON answer, such as id or message.id."),
    )
    stored_webhook_secret = models.TextField(blank=True, editable=False)
    """The secret with which another provider signs its reports, encrypted."""
    monthly_limit = models.PositiveIntegerField(
        _("text messages a month, at most"),
        default=1000,
        validators=[MinValueValidator(1)],
        help_text=_("Further ones wait until staff release them. Admins are warned at 80 %."),
    )
    segment_price = models.DecimalField(
        _("price of a text message"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Used for the costs if the provider does not report a price."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="GBP",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Enter a code such as GBP."))],
    )

    class Meta:
        verbose_name = _("text message settings")
        verbose_name_plural = _("text message settings")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="smssettings_is_one_row")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class StoppedNumber(BaseModel):
    """A number whose owner has stopped the clinic's text messages by answering STOP. START removes it.

    Only a keyed hash of the number is stored, so that the row can stay when the patient is erased.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)

    def __str__(self) -> str:
        return str(self.pk)
