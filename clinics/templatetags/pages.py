"""Template tags of the pages: the frame, links, and dates and times in the words of the web app."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from clinics.visit_facts import visit_facts as facts_of_visit
from tenants.base import words
from tenants.base.locales import language_of
from tenants.base.paths import with_query
from tenants.routing.languages import LANGUAGE_PARAMETER

register = template.Library()
for _words in (
    words.clock_time,
    words.day_and_time,
    words.duration,
    words.end_time,
    words.full_date,
    words.full_date_time,
    words.language_names,
    words.long_date,
    words.repeated_hour_note,
    words.short_date,
    words.short_date_time,
    words.start_time,
):
    register.filter(_words.__name__, _words)
register.simple_tag(with_query)


@register.simple_tag(takes_context=True)
def boot_data(context: Context) -> SafeString:
    """Write the data for the web app. A view adds to it with the variable `boot`."""
    return json_script({**context["page"].boot, **(context.get("boot") or {})}, "boot")


@register.simple_tag(takes_context=True)
def menu_item(context: Context, path: str, label: str) -> SafeString:
    """Write an item of the menu. The item of the current page and of the pages below it is marked."""
    here = context["page"].path
    is_current = here == path or here.startswith(f"{path}/")
    mark = format_html(' aria-current="{}"', "page") if is_current else ""
    return format_html('<a class="menu-item{}" href="{}"{}>{}</a>', " active" * is_current, path, mark, label)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> SafeString:
    """Write links to this page in each of the clinic's languages, named in the language itself."""
    query, current = context["request"].META.get("QUERY_STRING", ""), language_of(get_language())
    address = f"?{query}&" if query else "?"
    links = []
    for language in context["page"].clinic["patient_languages"]:
        code = language["code"]
        mark = format_html(' aria-current="{}"', "true") if code == current else ""
        links.append((f"{address}{LANGUAGE_PARAMETER}={code}", code, mark, language["name"]))
    return format_html_join(" ", '<a href="{}" lang="{}"{}>{}</a>', links)


@register.filter
def phone_link(number: str) -> SafeString:
    """Return a telephone number as a link that calls it."""
    dialled = re.sub(r"[^+\d]", "", number)
    return format_html('<a dir="ltr" class="text-nowrap" href="tel:{}">{}</a>', dialled, number)


@register.filter
def email_link(address: str) -> SafeString:
    """Return an email address as a link."""
    return format_html('<a href="mailto:{0}">{0}</a>', address)


@register.filter
def visit_facts(visit: Mapping[str, Any]) -> str:
    """Return “30 minutes · By video · £45.00” for a visit type of the API."""
    return facts_of_visit(
        minutes=visit.get("duration_minutes"),
        mode=visit["mode"],
        amount=None if visit["price"] is None else Decimal(visit["price"]),
        currency=visit["currency"],
    )


@register.filter
def specialty_names(specialties: Iterable[Mapping[str, str]]) -> str:
    """Return the names of specialties of the API, separated by commas."""
    return ", ".join(specialty["name"] for specialty in specialties)


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    parts = name.split()
    return "".join(word[0].upper() for word in (parts[:1] + parts[1:][-1:]))


@register.simple_tag
def day_name(day: date) -> SafeString:
    """Write “Tuesday 24 November” in two parts, shown on two lines where the days are columns.

    The comma before what follows is only for screen readers.
    """
    weekday, _space, rest = words.long_date(day).partition(" ")
    comma = '<span class="visually-hidden">,</span>'
    html = f'<span class="day-part">{{}}</span> <span class="day-part">{{}}{comma}</span>'
    return format_html(html, weekday, rest)


@register.filter
def weekday_names(numbers: Iterable[int]) -> str:
    """Return the names of weekdays (0 is Monday), in the order of the active locale."""
    chosen = set(numbers)
    return ", ".join(name for number, name in words.weekdays() if number in chosen)
