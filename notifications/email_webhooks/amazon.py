"""Reports of Amazon SES, which arrive through Amazon SNS. django-anymail does not check SNS' signature."""

import re
from base64 import b64decode
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView
from cachetools import TTLCache
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import Certificate, load_pem_x509_certificate
from django.http import HttpRequest

from tenants.base.clock import now
from tenants.domains.outbound import fetch

_HOST = re.compile(r"sns\.[a-z0-9-]{1,40}\.amazonaws\.com(\.cn)?")
_HASHES: dict[str, HashAlgorithm] = {"1": SHA1(), "2": SHA256()}  # noqa: S303  SNS' default is version 1
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
    "UnsubscribeConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
"""The signed fields of each type of notification, in the order in which they are signed."""
_certificates: TTLCache[str, Certificate] = TTLCache(maxsize=16, ttl=3600)


class SignedSnsView(AmazonSESTrackingWebhookView):  # type: ignore[misc]  # anymail has no types
    """Reads reports of Amazon SES after checking the signature of Amazon SNS."""

    def __init__(self, **kwargs: Any) -> None:
        # Not the method of the base class, which needs boto3 to confirm subscriptions.
        self.auto_confirm_enabled = True
        AnymailBaseWebhookView.__init__(self, **kwargs)

    def run_validators(self, request: HttpRequest) -> None:
        """Check our secret and the headers, and then SNS' signature, which costs more.

        :raises AnymailWebhookValidationFailure: one of them is missing or wrong
        :raises FetchError: Amazon cannot be reached
        """
        super().run_validators(request)
        check_sns_signature(self._parse_sns_message(request))

    def auto_confirm_sns_subscription(self, sns_message: dict[str, Any]) -> None:
        """Confirm a subscription by opening its link. The secret in our URL has proven that it is wanted.

        :raises FetchError: Amazon cannot be reached
        """
        fetch(_amazon_url(sns_message.get("SubscribeURL")))


def check_sns_signature(message: dict[str, Any]) -> None:
    """Check the signature of a notification with the certificate that Amazon publishes.

    :raises AnymailWebhookValidationFailure: it is missing or wrong
    :raises FetchError: Amazon cannot be reached
    """
    fields, algorithm = _SIGNED.get(message.get("Type", "")), _HASHES.get(message.get("SignatureVersion", ""))
    if fields is None or algorithm is None:
        raise AnymailWebhookValidationFailure("Unknown type of signature")
    signed = "".join(f"{name}\n{message[name]}\n" for name in fields if message.get(name) is not None)
    try:
        signature = b64decode(message.get("Signature", ""), validate=True)
        key = _certificate(_amazon_url(message.get("SigningCertURL"))).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise AnymailWebhookValidationFailure("Not an RSA key")
        key.verify(signature, signed.encode(), padding.PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise AnymailWebhookValidationFailure("Wrong signature") from error


def _amazon_url(url: Any) -> str:
    """Return a URL of Amazon SNS.

    :raises AnymailWebhookValidationFailure: it is at another host
    """
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        is_amazon = parts.scheme == "https" and _HOST.fullmatch(parts.netloc)
    except ValueError:
        is_amazon = None
    if not is_amazon:
        raise AnymailWebhookValidationFailure("Not a URL of Amazon SNS")
    return str(url)


def _certificate(url: str) -> Certificate:
    """Return the certificate at a URL of Amazon SNS.

    :raises AnymailWebhookValidationFailure: there is none, or it has expired
    :raises FetchError: Amazon cannot be reached
    """
    if url not in _certificates:
        _certificates[url] = load_pem_x509_certificate(fetch(url))
    certificate = _certificates[url]
    if certificate.not_valid_after_utc < now().astimezone(UTC):
        raise AnymailWebhookValidationFailure("The certificate has expired")
    return certificate
