"""The layout of all emails: the clinic's brand, colours in light and dark mode, and styles inlined."""

import re
from functools import lru_cache
from typing import Any

import css_inline
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from clinics.models import ClinicSettings
from clinics.planning import lightened
from tenants.models import Clinic

LIGHT = {
    "page": "#f3f5f7",
    "card": "#ffffff",
    "panel": "#f3f5f7",
    "text": "#1c2430",
    "muted": "#4a5565",
    "line": "#d5dbe1",
}
DARK = {
    "page": "#10151b",
    "card": "#1a212b",
    "panel": "#27313e",
    "text": "#eef1f5",
    "muted": "#b4bfcc",
    "line": "#3a4656",
}
_PADDING: SafeString = mark_safe("&#847;&zwnj;&nbsp;" * 60)  # noqa: S308  a constant
"""Invisible characters after the preheader. Without them, mail programs add the first words of the text."""
# No remote style sheets: they would be fetched while the email is rendered.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True)


def layout_context(clinic: Clinic | str, brand: ClinicSettings) -> dict[str, Any]:
    """Return the part of the template context that the layout of every email needs.

    :param clinic: the clinic that writes, or the name of the platform
    """
    styles, kept_styles = _style_sheets(brand.primary_color, brand.accent_color)
    return {
        "clinic": clinic,
        "brand": brand,
        "styles": styles,
        "kept_styles": kept_styles,
        "phone_link": phone_link(brand.phone),
        "preheader_padding": _PADDING,
    }


def dark_colours(primary: str) -> dict[str, str]:
    """Return the colours of dark mode, with a lighter shade of the main colour as `brand`."""
    return {**DARK, "brand": lightened(primary, background=DARK["panel"])}


@lru_cache(maxsize=1024)
def _style_sheets(primary: str, accent: str) -> tuple[SafeString, SafeString]:
    """Return the style sheet to copy into style attributes and the one that stays, in a clinic's colours."""
    brand = ClinicSettings(primary_color=primary, accent_color=accent)
    context = {"brand": brand, "colours": LIGHT, "dark": dark_colours(primary)}
    return (
        render_to_string("notifications/email.css", context),
        render_to_string("notifications/email_dark.css", context),
    )


def phone_link(number: str) -> SafeString:
    """Return a telephone number as a link that calls it; the number alone if it has no digits."""
    dialled = re.sub(r"[^0-9+]", "", number)
    if not dialled:
        return format_html("{}", number)
    return format_html('<a href="tel:{}" class="tall" dir="ltr">{}</a>', dialled, number)


def render_parts(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """Return the plain text and the HTML of an email, from `notifications/{template}.txt` and `.html`.

    The styles of the layout are copied into style attributes, because many mail programs ignore style sheets.
    """
    text = render_to_string(f"notifications/{template}.txt", context)
    return text, inlined(render_to_string(f"notifications/{template}.html", context))


def inlined(html: str) -> str:
    """Return a page with the rules of its style sheet in style attributes. Rules for dark mode stay."""
    return _inliner.inline(html)
