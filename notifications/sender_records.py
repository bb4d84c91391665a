"""The DNS records with which a clinic lets the platform send emails from its domain, and their check."""

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.conf import settings

from notifications.models import EmailSender
from tenants.domains.dns import txt_records

_KEY_BITS = 2048
"""RFC 8301 asks for at least 1024 bits and recommends 2048."""
Record = EmailSender.Record


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """A TXT record to publish."""

    label: str
    name: str
    value: str
    is_required: bool


def new_key() -> tuple[str, str]:
    """Return a new RSA key for DKIM: the private key as PEM, and the public key as in a DNS record."""
    key = rsa.generate_private_key(65537, _KEY_BITS)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), base64.b64encode(public).decode()


def dns_records(sender: EmailSender) -> list[DnsRecord]:
    """Return the records to publish for the sender's domain; none without a domain."""
    domain = sender.domain
    if not domain:
        return []
    return [
        DnsRecord("DKIM", _dkim_name(sender), f"v=DKIM1; k=rsa; p={sender.public_key}", is_required=True),
        DnsRecord("SPF", domain, f"v=spf1 {_spf_term()} ~all", is_required=True),
        DnsRecord("DMARC", f"_dmarc.{domain}", "v=DMARC1; p=none", is_required=False),
    ]


def missing_records(sender: EmailSender) -> list[EmailSender.Record]:
    """Query DNS; return the required records that are not there. Takes at most ten seconds."""
    missing = []
    if not any(_has_key(text, sender.public_key) for text in txt_records(_dkim_name(sender))):
        missing.append(Record.DKIM)
    # Mail servers ignore all SPF records if there are several (RFC 7208, section 4.5).
    policies = [text.lower().split() for text in txt_records(sender.domain) if _is_spf(text)]
    if len(policies) != 1 or not {_spf_term(), f"+{_spf_term()}"} & set(policies[0]):
        missing.append(Record.SPF)
    return missing


def _dkim_name(sender: EmailSender) -> str:
    return f"{sender.selector}._domainkey.{sender.domain}"


def _spf_term() -> str:
    return f"include:{settings.EMAIL_SPF_DOMAIN}".lower()


def _is_spf(text: str) -> bool:
    return text.lower().split(" ", 1)[0] == "v=spf1"


def _has_key(text: str, public_key: str) -> bool:
    """Return whether a DKIM record has this key. Spaces in it have no meaning."""
    tags = dict(tag.partition("=")[::2] for tag in "".join(text.split()).split(";"))
    return bool(public_key) and tags.get("p") == public_key
