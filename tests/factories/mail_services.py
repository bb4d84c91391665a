"""Reports of mail services, as they send them. The contents are those of django-anymail's tests."""

import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.factories.fake_network import WebServer, web_server

MAILGUN_KEY = "TEST_WEBHOOK_SIGNING_KEY"
SNS_HOST = "sns.us-east-1.amazonaws.com"
CERTIFICATE_PATH = "/SimpleNotificationService-12345abcde.pem"


def mailgun_report(email: str, metadata: Any, **event: Any) -> dict[str, Any]:
    """A permanent failure, signed as Mailgun does."""
    token, timestamp = event.pop("token", "651869375b9df3c98fc15c4889b102119add1235c38fc92824"), "1534108637"
    signature = hmac.new(MAILGUN_KEY.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": timestamp, "token": token, "signature": signature},
        "event-data": {
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "recipient": email,
            "timestamp": 1534110422.389832,
            "log-level": "error",
            "user-variables": metadata,
            "message": {
                "headers": {
                    "to": email,
                    "message-id": "20180812214658.1.0DF563D0B3597700@example.org",
                    "from": "Test Sender ",
                },
            },
            "delivery-status": {
                "tls": True,
                "mx-host": "aspmx.l.example.org",
                "attempt-no": 1,
                "description": "",
                "session-seconds": 2.952177047729492,
                "utf8": True,
                "code": 550,
                "message": "5.1.1 The email account that you tried to reach does not exist.",
                "certificate-verified": True,
            },
            **event,
        },
    }


def postmark_report(email: str, metadata: Any, **fields: Any) -> dict[str, Any]:
    """A hard bounce."""
    return {
        "RecordType": "Bounce",
        "ID": 901542550,
        "Type": "HardBounce",
        "TypeCode": 1,
        "ServerID": 23,
        "Name": "Hard bounce",
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
        "Metadata": metadata,
        "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": email,
        "From": "sender@example.com",
        "BouncedAt": "2016-04-27T16:28:50.3963933-04:00",
        "DumpAvailable": True,
        "Inactive": True,
        "CanActivate": True,
        "Subject": "Postmark event test",
        "Content": "...",
        **fields,
    }


def amazon_event(email: str, metadata: Any, **event: Any) -> dict[str, Any]:
    """A permanent bounce, as Amazon SES describes it."""
    return {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "reportingMTA": "dns; email.example.com",
            "bouncedRecipients": [
                {
                    "emailAddress": email,
                    "status": "5.1.1",
                    "action": "failed",
                    "diagnosticCode": "smtp; 550 5.1.1 <jane@example.com>... User unknown",
                }
            ],
            "bounceSubType": "General",
            "timestamp": "2016-01-27T14:59:44.101Z",
            "feedbackId": "00000138111222aa-44455566-cccc-cccc-cccc-ddddaaaa068a-000000",
            "remoteMtaIp": "127.0.2.0",
        },
        "mail": {
            "timestamp": "2016-01-27T14:59:38.237Z",
            "source": "john@example.com",
            "messageId": "00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa0680-000000",
            "destination": [email],
            "headersTruncated": False,
            "headers": [
                {"name": "From", "value": '"John Doe" <john@example.com>'},
                {"name": "X-Tag", "value": "tag 1"},
                {"name": "X-Metadata", "value": json.dumps(metadata)},
            ],
        },
        **event,
    }


class Sns:
    """Amazon SNS: signs notifications, and publishes its certificate at its host."""

    def __init__(self, web: WebServer) -> None:
        self.web = web
        self.key = rsa.generate_private_key(65537, 2048)
        self.web.pages[SNS_HOST, CERTIFICATE_PATH] = self.certificate().public_bytes(Encoding.PEM)

    def certificate(self) -> x509.Certificate:
        """Return a certificate of SNS' host, which is its own authority."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SNS_HOST)])
        today = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
            .not_valid_before(today - timedelta(days=1))
            .not_valid_after(today + timedelta(days=365))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(SNS_HOST)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        )
        return builder.sign(self.key, SHA256())

    def notification(self, event: Any, *, version: str = "1", **fields: Any) -> dict[str, str]:
        """Return a signed notification of an event."""
        message = {
            "Type": "Notification",
            "MessageId": "19ba9823-d7f2-53c1-860e-cb10e0d13dfc",
            "TopicArn": "arn:aws:sns:us-east-1:1234567890:SES_Events",
            "Subject": "Amazon SES Email Event Notification",
            "Message": json.dumps(event) + "\n",
            "Timestamp": "2018-03-26T17:58:59.675Z",
            "SignatureVersion": version,
            "SigningCertURL": f"https://{SNS_HOST}{CERTIFICATE_PATH}",
            **fields,
        }
        return {**message, "Signature": self.signature(message)}

    def signature(self, message: dict[str, str]) -> str:
        """Return the signature of a message, as Amazon describes it."""
        names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        signed = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        algorithm = SHA1() if message["SignatureVersion"] == "1" else SHA256()
        return base64.b64encode(self.key.sign(signed.encode(), padding.PKCS1v15(), algorithm)).decode()


@contextmanager
def amazon_sns(folder: Path) -> Iterator[tuple[Sns, Path]]:
    """Run SNS' web server over TLS during the block. Yield it with the file of its authority."""
    with web_server() as web:
        sns = Sns(web)
        pem = sns.web.pages[SNS_HOST, CERTIFICATE_PATH]
        authority, chain = folder / "authority.pem", folder / "server.pem"
        authority.write_bytes(pem)
        key = sns.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        chain.write_bytes(key + pem)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(chain)
        web.socket = context.wrap_socket(web.socket, server_side=True)
        yield sns, authority
