"""Template tags for search engines: the canonical address of a page, and what it is about (JSON-LD)."""

import json
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tenants.base.locales import language_of
from tenants.current import current_clinic
from tenants.routing.languages import LANGUAGE_PARAMETER
from tenants.routing.public_urls import clinic_url

register = template.Library()
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def canonical_link(context: Context) -> SafeString:
    """Write the page's address at the clinic's primary domain, in each language, and the clinic's name.

    The address without a language is that of the clinic's default language.
    """
    path, clinic = context["page"].path, current_clinic()
    addresses = {
        code: clinic_url(
            clinic, path if code == clinic.default_language else f"{path}?{LANGUAGE_PARAMETER}={code}"
        )
        for code in clinic.patient_languages
    }
    default = addresses[clinic.default_language]
    links = [("canonical", addresses.get(language_of(get_language()), default), "")]
    if len(addresses) > 1:
        alternates = {**addresses, "x-default": default}
        links += [
            ("alternate", address, format_html(' hreflang="{}"', code))
            for code, address in alternates.items()
        ]
    return format_html(
        '{}\n<meta property="og:site_name" content="{}">',
        format_html_join("\n", '<link rel="{}" href="{}"{}>', links),
        clinic.name,
    )


@register.simple_tag
def structured_data(data: dict[str, Any]) -> SafeString:
    """Write a description in JSON-LD. Browsers do not run it, so the content security policy allows it."""
    content = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(content))  # noqa: S308
