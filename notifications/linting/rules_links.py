"""Rules about links."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from notifications.linting.text import Finding, MessageText, Severity
from notifications.linting.words import SHORTENERS, UNCLEAR_LINK_PHRASES, UNCLEAR_LINK_TEXTS, find_words

_ERROR, _ADVICE = Severity.ERROR, Severity.ADVICE
_EMAIL = re.compile(r"[^\s@/?&=]+@[^\s@/?&=]+\.[a-z]{2,}", re.IGNORECASE)
_BIRTH_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([-/.])\d\d?\1\d\d?|\d\d?([-/.])\d\d?\2(?:19|20)\d\d)(?!\d)"
)
_NAMED_FIELDS = frozenset(
    [
        "address",
        "birthday",
        "birthdate",
        "dateofbirth",
        "diagnosis",
        "dob",
        "email",
        "firstname",
        "fname",
        "fullname",
        "lastname",
        "lname",
        "mail",
        "mobile",
        "name",
        "nhs",
        "nhsno",
        "nhsnumber",
        "nhs_number",
        "patient",
        "patientname",
        "phone",
        "postcode",
        "reason",
        "surname",
        "tel",
        "telephone",
    ]
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_NHS_DIGITS = 10
_SHORTEST_NAME = 3
_MAX_LINKS = 5
_OPTIONAL = re.compile(
    r"/(?:unsubscribe|preferences|message-preferences)\b|calendar\.ics|/maps?\b|^https?://maps\."
)


def _personal_data(message: MessageText) -> Iterator[Finding]:
    for link in message.links:
        if link.lower().startswith(("tel:", "mailto:", "sms:", "#")):
            continue
        if found := _personal_in(link, message.personal):
            text = _("There is personal data in a link: %(found)s. Links are stored in logs and histories.")
            yield Finding("personal_data_in_link", _ERROR, text % {"found": found}, link)


def _personal_in(link: str, personal: tuple[str, ...]) -> str:
    """Return the personal data in a link's path, query or fragment; empty if there is none."""
    parts = urlsplit(link)
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if re.sub(r"[-_]", "", name.lower()) in _NAMED_FIELDS and value:
            return f"{name}={value}"
    texts = [unquote(part) for part in (parts.path, parts.query.replace("+", " "), parts.fragment)]
    text = _UUID.sub(" ", " ".join(texts))
    for pattern in (_EMAIL, _BIRTH_DATE):
        if match := pattern.search(text):
            return match.group()
    for digits in re.findall(r"(?<![\w])\+?\d[\d -]{7,}\d(?![\w])", text):
        if _is_number_of_person(re.sub(r"\D", "", digits)):
            return str(digits)
    return _name_in(text, personal)


def _name_in(text: str, personal: tuple[str, ...]) -> str:
    """Return the first of the recipient's data whose words are all words of `text`."""
    words = set(re.findall(r"[^\W_]+", text.lower()))
    for value in personal:
        own = re.findall(r"[^\W_]+", value.lower())
        if own and len("".join(own)) >= _SHORTEST_NAME and words.issuperset(own):
            return value
    return ""


def _is_number_of_person(digits: str) -> bool:
    """Return whether digits are a valid NHS number (modulus 11), or look like a telephone number."""
    if len(digits) == _NHS_DIGITS:
        total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
        if (11 - total % 11) % 11 == int(digits[-1]):
            return True
    return len(digits) in range(10, 14) and digits.startswith(("0", "44", "1"))


def _hosts(message: MessageText) -> Iterator[Finding]:
    for link in message.links:
        host = (urlsplit(link).hostname or "").lower()
        if host in SHORTENERS:
            text = _("A shortened link hides where it leads. Use the full address.")
            yield Finding("shortened_link", _ERROR, text, link)
        if _is_ip_address(host) or "xn--" in host or "@" in urlsplit(link).netloc:
            yield Finding("odd_link", _ERROR, _("The link does not look like the clinic's."), link)
        if not link or link.lower().startswith(("javascript:", "data:")):
            yield Finding("empty_link", _ERROR, _("A link leads nowhere."), link)


def _is_ip_address(host: str) -> bool:
    """Return whether a host is an IP address, other than this computer's, on which tests run."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return False


def _link_texts(message: MessageText) -> Iterator[Finding]:
    text = _("The text of a link has to say where it leads: not “%(found)s”.")
    for link in message.document.links:
        if link.words.lower().strip(" .:>") in UNCLEAR_LINK_TEXTS or not link.words:
            yield Finding("unclear_link_text", _ERROR, text % {"found": link.words}, link.words)
    for found in find_words(message.prose, UNCLEAR_LINK_PHRASES):
        yield Finding("unclear_link_text", _ERROR, text % {"found": found}, found)


def _one_call_to_action(message: MessageText) -> Iterator[Finding]:
    web = [link for link in message.links if link.lower().startswith("http") and not _OPTIONAL.search(link)]
    buttons = {link.address for link in message.document.links if link.is_button}
    text = _("There is more than one thing to do. Ask for one, or make the first stand out.")
    if len(buttons) > 1 or (message.is_sms and len(web) > 1):
        yield Finding("several_actions", _ERROR, text)
    elif len(web) > _MAX_LINKS:
        yield Finding("several_actions", _ADVICE, text)


LINK_RULES = (_personal_data, _hosts, _link_texts, _one_call_to_action)
