"""Template tags for search engines: the canonical address of a page, and what it is about (JSON-LD)."""

import json
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url

register = template.Library()
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def canonical_link(context: Context) -> SafeString:
    """Write the page's address at the clinic's primary domain, and its description for links to it."""
    page, clinic = context["page"], current_clinic()
    link = format_html('<link rel="canonical" href="{}">', clinic_url(clinic, page.path))
    name = format_html('<meta property="og:site_name" content="{}">', clinic.name)
    return mark_safe(f"{link}\n{name}")  # noqa: S308  both are escaped


@register.simple_tag
def structured_data(data: dict[str, Any]) -> SafeString:
    """Write a description in JSON-LD. Browsers do not run it, so the content security policy allows it."""
    content = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(content))  # noqa: S308
