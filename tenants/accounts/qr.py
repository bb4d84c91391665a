"""A secret as authenticator apps take it over: an address, and that address as a picture."""

from io import BytesIO
from urllib.parse import quote, urlencode

import segno
from django.conf import settings

from tenants.accounts.authenticator import Authenticator
from tenants.door import current_clinic_or_none


def enrolment_address(device: Authenticator) -> str:
    """The `otpauth:` address of a device, under the name of the clinic or the platform."""
    clinic = current_clinic_or_none()
    issuer = (clinic.name if clinic else settings.BASE_DOMAIN).replace(":", " ")
    words = {"secret": device.secret, "issuer": issuer}
    return f"otpauth://totp/{quote(issuer)}:{quote(device.user.email)}?{urlencode(words, quote_via=quote)}"


def qr_svg(text: str) -> str:
    """`text` as a QR code, drawn with attributes alone, as the content security policy wants it."""
    drawn = BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(drawn, kind="svg", xmldecl=False, svgclass=None, lineclass=None, light="#fff", scale=5)
    return drawn.getvalue().decode().strip()
