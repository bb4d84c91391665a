"""The set-up data of an authenticator app: an `otpauth:` URI, and its QR code."""

from io import BytesIO
from urllib.parse import quote, urlencode

import segno
from django.conf import settings

from tenants.accounts.models.authenticator import Authenticator
from tenants.current import current_clinic_or_none


def otpauth_uri(device: Authenticator) -> str:
    """Return the `otpauth:` URI of a device, with the name of the clinic or the platform as issuer."""
    clinic = current_clinic_or_none()
    issuer = (clinic.name if clinic else settings.BASE_DOMAIN).replace(":", " ")
    query = {"secret": device.secret, "issuer": issuer}
    return f"otpauth://totp/{quote(issuer)}:{quote(device.user.email)}?{urlencode(query, quote_via=quote)}"


def qr_svg(text: str, *, is_scalable: bool = False) -> str:
    """Return `text` as a QR code in SVG, without inline styles, which our content security policy forbids.

    :param is_scalable: without a size of its own, for a page whose style sheet says how large it is
    """
    output = BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(
        output,
        kind="svg",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        light="#fff",
        scale=5,
        omitsize=is_scalable,
    )
    return output.getvalue().decode().strip()
