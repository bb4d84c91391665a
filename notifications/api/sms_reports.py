"""`text-messages/`: reports of providers of text messages. Only their signatures authorise them."""

import base64
import hmac
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from standardwebhooks import Webhook, WebhookVerificationError

from clinics.models import SmsSettings
from clinics.selectors import sms_settings
from notifications.errors import SignatureInvalid
from notifications.services.sms_reports import DeliveryReport, find_text, receive_text, record_delivery
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.fields import LineField
from tenants.base.operations import operation
from tenants.current import current_clinic
from tenants.phone_numbers import parse_phone
from tenants.routing.public_urls import clinic_url, origin_url
from tenants.services.encryption import SecretUnreadable, decrypt_secret

_NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""TwiML that sends no answer: Twilio itself confirms STOP and START."""
_ID = re.compile(r"[\w.:=+/-]{1,200}", re.ASCII)
_FAILED = {"failed", "undelivered"}
_FOR_GOOD = {"30004", "30005", "30006", "21610", "21614"}
"""Twilio's error codes for numbers that block messages, do not exist, or are landlines."""
_FORM = {"application/x-www-form-urlencoded": OpenApiTypes.OBJECT}
_XML = {(200, "text/xml"): OpenApiTypes.STR}
_REPLIES = {
    "stop": _("You will get no more text messages from us. Send START to get them again."),
    "start": _("You will get text messages from us again. Send STOP to stop them."),
}


class _ReportView(APIView):
    """A view that anybody can reach, and that acts only on signed requests."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class TwilioView(_ReportView):
    """A view for requests of Twilio, which are signed with the account's auth token."""

    parser_classes = (FormParser,)

    def signed_form(self, request: Request) -> Mapping[str, str]:
        """Return the parameters of a request of Twilio.

        :raises SignatureInvalid: it is not signed with the clinic's auth token
        """
        token = _secret_of(SmsSettings.Provider.TWILIO)
        form = request.data
        given = request.headers.get("X-Twilio-Signature", "").encode()
        hosts = (clinic_url(current_clinic(), ""), origin_url(request.get_host()))
        urls = [host + request.get_full_path() for host in hosts]
        if not isinstance(form, QueryDict) or not any(
            hmac.compare_digest(twilio_signature(token, url, form).encode(), given) for url in urls
        ):
            raise SignatureInvalid
        return {name: str(form[name]) for name in form}


def twilio_signature(token: str, url: str, form: QueryDict) -> str:
    """Return the signature that Twilio sends: HMAC-SHA1 of the URL and the sorted parameters, in Base64."""
    pairs = [name + value for name in sorted(form) for value in sorted(set(form.getlist(name)))]
    signed = (url + "".join(pairs)).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.digest(token.encode(), signed, "sha1")).decode()


class TwilioStatusView(TwilioView):
    """Twilio reports whether a text was delivered."""

    @operation(
        summary="Report the delivery of a text message (Twilio)",
        request=_FORM,
        responses=_XML,
        errors=[SignatureInvalid, NotFound],
    )
    def post(self, request: Request, text_id: uuid.UUID) -> HttpResponse:
        """For Twilio, as `StatusCallback`. A number that can get no text messages gets no further ones."""
        form = self.signed_form(request)
        status, error = form.get("MessageStatus", ""), form.get("ErrorCode", "")
        report = DeliveryReport(
            is_delivered=status in {"delivered", "read"},
            is_failed=status in _FAILED,
            is_for_good=error in _FOR_GOOD,
            error=error[:80] if error.isdecimal() else status,
            price=_price(form.get("Price")),
            currency=_currency(form.get("PriceUnit")),
        )
        record_delivery(text=find_text(reference=str(text_id)), report=report, now=now())
        return HttpResponse(_NO_ANSWER, content_type="text/xml")


class TwilioInboundView(TwilioView):
    """Twilio passes on what patients answer."""

    @operation(
        summary="Receive a text message from a patient (Twilio)",
        request=_FORM,
        responses=_XML,
        errors=[SignatureInvalid],
    )
    def post(self, request: Request) -> HttpResponse:
        """For Twilio. STOP switches text messages off for every account with the number, START on."""
        form = self.signed_form(request)
        receive_text(
            provider_id=_id(form.get("MessageSid"), "MessageSid"),
            number=_number(form.get("From"), "From"),
            text=form.get("OptOutType") or form.get("Body", ""),
            at_twilio=True,
            now=now(),
        )
        return HttpResponse(_NO_ANSWER, content_type="text/xml")


class SignedView(_ReportView):
    """A view for requests of another provider, signed as Standard Webhooks describe."""

    parser_classes = (JSONParser,)

    def check_signature(self, request: Request) -> None:
        """Check the signature, and that the request is at most five minutes old.

        :raises SignatureInvalid: it is not signed with the clinic's secret, or too old
        """
        try:
            secret = Webhook(_secret_of(SmsSettings.Provider.GENERIC))
            secret.verify(request.body, dict(request.headers), json_parse=False)
        except (WebhookVerificationError, ValueError) as error:
            raise SignatureInvalid from error


class DeliveryReportInput(serializers.Serializer[Any]):
    """A report about one text message."""

    reference = serializers.UUIDField(required=False, help_text="Our reference, as it was sent.")
    id = LineField(max_length=200, required=False, help_text="Or the provider's id of the message.")
    status = serializers.ChoiceField(
        choices=["delivered", "failed", "undeliverable"],
        help_text="`undeliverable`: no text message can ever reach the number.",
    )
    error = LineField(max_length=80, required=False, default="", allow_blank=True, help_text="Error code.")
    price = serializers.DecimalField(
        max_digits=10, decimal_places=5, required=False, min_value=Decimal(0), help_text="Of the message."
    )
    currency = serializers.RegexField(
        r"^[A-Z]{3}\Z", required=False, default="", help_text="ISO 4217 code of the price."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require one of the ids.

        :raises ValidationError: there is none
        """
        if not attrs.get("reference") and not attrs.get("id"):
            raise serializers.ValidationError({"reference": [_("Send the reference or the id.")]})
        return attrs


class StatusView(SignedView):
    """Another provider reports whether a text was delivered."""

    @operation(
        summary="Report the delivery of a text message",
        request=DeliveryReportInput,
        responses={200: None},
        errors=[SignatureInvalid, NotFound],
        success=_("The report was recorded."),
    )
    def post(self, request: Request) -> Response:
        """For the clinic's provider, signed as in Standard Webhooks. A repeated report changes nothing."""
        self.check_signature(request)
        serializer = DeliveryReportInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        sent = serializer.validated_data
        is_delivered = sent["status"] == "delivered"
        report = DeliveryReport(
            is_delivered=is_delivered,
            is_failed=not is_delivered,
            is_for_good=sent["status"] == "undeliverable",
            error="" if is_delivered else sent["error"] or sent["status"],
            price=sent.get("price"),
            currency=sent["currency"],
        )
        text = find_text(reference=str(sent.get("reference") or ""), provider_id=sent.get("id", ""))
        record_delivery(text=text, report=report, now=now())
        return Response(None)


class InboundInput(serializers.Serializer[Any]):
    """A text message from a patient."""

    id = LineField(max_length=200, help_text="The provider's id of the message.")
    sender = LineField(max_length=32, help_text="The patient's number (E.164).")
    text = serializers.CharField(max_length=2000, allow_blank=True, help_text="The whole text.")


class InboundOutput(serializers.Serializer[Any]):
    """What the provider has to answer to the patient."""

    reply = serializers.CharField(help_text="A text to send to the patient. Empty: send nothing.")


class InboundView(SignedView):
    """Another provider passes on what patients answer."""

    @operation(
        summary="Receive a text message from a patient",
        request=InboundInput,
        responses=InboundOutput,
        errors=[SignatureInvalid],
        success=_("The text message was received."),
    )
    def post(self, request: Request) -> Response:
        """For the clinic's provider, signed as in Standard Webhooks.

        STOP switches text messages off for every account with the number, START on.
        """
        self.check_signature(request)
        serializer = InboundInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        sent = serializer.validated_data
        action = receive_text(
            provider_id=_id(sent["id"], "id"),
            number=_number(sent["sender"], "sender"),
            text=sent["text"],
            at_twilio=False,
            now=now(),
        )
        return Response({"reply": str(_REPLIES.get(action, ""))})


def _secret_of(provider: SmsSettings.Provider) -> str:
    """Return the secret with which the clinic's provider signs.

    :raises SignatureInvalid: the clinic has another provider, or no secret
    """
    settings = sms_settings()
    is_twilio = provider == SmsSettings.Provider.TWILIO
    stored = settings.stored_secret if is_twilio else settings.stored_webhook_secret
    if settings.provider != provider or not stored:
        raise SignatureInvalid
    try:
        return decrypt_secret(stored)
    except SecretUnreadable as error:
        raise SignatureInvalid from error


def _id(value: str | None, field: str) -> str:
    """Return a provider's id.

    :raises InvalidInput: it is none
    """
    if not value or not _ID.fullmatch(value):
        raise InvalidInput(errors={field: [_("This is not a valid id.")]})
    return value


def _number(value: str | None, field: str) -> str:
    """Return the sender's number (E.164).

    :raises InvalidInput: it is none
    """
    number = parse_phone(value or "")
    if number is None:
        raise InvalidInput(errors={field: [_("This is not a valid telephone number.")]})
    return number


def _price(value: str | None) -> Decimal | None:
    """Return a price. Twilio reports it as a negative number."""
    try:
        price = abs(Decimal(value or "")).quantize(Decimal("0.00001"))
    except InvalidOperation:
        return None
    return price if price.is_finite() and price < Decimal(10**4) else None


def _currency(value: str | None) -> str:
    """Return a currency code in capitals; empty if it is none."""
    code = (value or "").upper()
    return code if re.fullmatch(r"[A-Z]{3}", code, re.ASCII) else ""
