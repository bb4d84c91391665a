"""Send a text message through a provider's HTTP API."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlencode

from django.conf import settings as django_settings

from clinics.models import SmsSettings
from notifications.errors import PermanentFailure, TemporaryFailure
from notifications.models import Message
from tenants.current import current_clinic
from tenants.domains.outbound import Answer, FetchError, post
from tenants.routing.public_urls import clinic_url
from tenants.services.encryption import SecretUnreadable, decrypt_secret

_MAX_ID = 200
_MAX_ANSWER = 200
_BAD_NUMBER = {21211, 21214, 21217, 21219, 21401, 21407, 21421, 21614}
"""Twilio's error codes for a `To` that is no number, or none that can get text messages."""
STOPPED = 21610
"""Twilio's error code for a recipient who has answered STOP."""
_TO_RETRY = {
    # The clinic's credentials or address are wrong: staff can correct them before the message is outdated.
    HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS,
}  # fmt: skip
"""Refusals after which the same message may be accepted."""


_SECONDS = re.compile(r"\d{1,6}", re.ASCII)
_PLACEHOLDER = re.compile(r"\{[a-z]+\}")


class NumberStopped(PermanentFailure):
    """The provider knows that the recipient has answered STOP."""


class SmsGateway(Protocol):
    """A provider of text messages."""

    def send(self, *, to: str, text: str, reference: str) -> str:
        """Send a text and return the provider's id of it.

        :param to: the number (E.164)
        :param reference: our id of the text, which the provider's reports repeat
        :raises PermanentFailure: the provider refuses it for good
        :raises TemporaryFailure: the provider refuses it for now
        :raises OSError: there was no answer in time; the provider may have accepted it
        """


def gateway_of(settings: SmsSettings) -> SmsGateway:
    """Return the clinic's provider.

    :raises TemporaryFailure: its secret has to be entered again, as the clinic was restored from an export
    """
    try:
        secret = decrypt_secret(settings.stored_secret) if settings.stored_secret else ""
    except SecretUnreadable as error:
        raise TemporaryFailure("the secret has to be entered again") from error
    if settings.provider == SmsSettings.Provider.TWILIO:
        return TwilioGateway(account=settings.account, token=secret, sender=settings.sender)
    return GenericGateway(settings=settings, secret=secret)


@dataclass(frozen=True, slots=True)
class TwilioGateway:
    """Twilio's Messages API (2010-04-01)."""

    account: str
    token: str
    sender: str

    def send(self, *, to: str, text: str, reference: str) -> str:
        """Send a text, as `SmsGateway.send`."""
        sender = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        report = clinic_url(current_clinic(), f"/api/text-messages/twilio/status/{reference}/")
        form = {"To": to, sender: self.sender, "Body": text, "StatusCallback": report}
        credentials = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        url = f"{django_settings.TWILIO_API_URL}/2010-04-01/Accounts/{self.account}/Messages.json"
        answer = _post(url, body=urlencode(form).encode(), headers=headers)
        content = _json(answer)
        if answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}:
            return _text(content.get("sid"))
        code = content.get("code")
        if code == STOPPED:
            raise NumberStopped(Message.Parked.REFUSED, f"{answer.status}: {code}")
        if code in _BAD_NUMBER:
            raise PermanentFailure(Message.Parked.BAD_ADDRESS, f"{answer.status}: {code}")
        raise _refusal(answer, str(code or ""))


@dataclass(frozen=True, slots=True)
class GenericGateway:
    """A provider whose request is described by the clinic's settings."""

    settings: SmsSettings
    secret: str

    def send(self, *, to: str, text: str, reference: str) -> str:
        """Send a text, as `SmsGateway.send`."""
        values = {"{to}": to, "{from}": self.settings.sender, "{text}": text, "{reference}": reference}
        body = json.dumps(_filled(json.loads(self.settings.body), values))
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            **_filled(self.settings.headers, {"{secret}": self.secret}),
        }
        answer = _post(self.settings.url, body=body.encode(), headers=headers, method=self.settings.method)
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return _text(_at(_json(answer), self.settings.id_field))
        raise _refusal(answer)


def _post(url: str, *, body: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
    """Post to a provider.

    :raises OSError: there was no answer in time
    """
    try:
        return post(url, body=body, headers=headers, method=method)
    except FetchError as error:
        raise OSError(str(error)) from error


def _refusal(answer: Answer, code: str = "") -> PermanentFailure | TemporaryFailure:
    """Return the error for a refusal: for now if the server has a problem or is too busy, else for good."""
    reason = f"{answer.status}: {code}" if code else str(answer.status)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in _TO_RETRY:
        seconds = int(answer.retry_after) if _SECONDS.fullmatch(answer.retry_after) else 0
        return TemporaryFailure(reason, retry_after=timedelta(seconds=seconds))
    return PermanentFailure(Message.Parked.REFUSED, reason[:_MAX_ANSWER])


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    """Replace the placeholders in every text of a JSON value, so that no value can change its structure."""
    if isinstance(template, str):
        return _replaced(template, values)
    if isinstance(template, list):
        return [_filled(item, values) for item in template]
    if isinstance(template, dict):
        return {name: _filled(item, values) for name, item in template.items()}
    return template


def _replaced(template: str, values: Mapping[str, str]) -> str:
    """Replace every placeholder once: one that is part of a value stays."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[0], found[0]), template)


def _json(answer: Answer) -> dict[str, Any]:
    """Return the JSON object in an answer; an empty one if there is none."""
    try:
        content = json.loads(answer.body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _at(content: Any, path: str) -> Any:
    """Return the value at a path such as `message.id`; None if there is none."""
    for name in path.split("."):
        content = content.get(name) if isinstance(content, dict) else None
    return content


def _text(value: Any) -> str:
    """Return an id as text."""
    return str(value)[:_MAX_ID] if isinstance(value, str | int) else ""
