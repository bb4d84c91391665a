"""How a domain is proven to be a clinic's: a word of ours is where only the domain's owner can put it.

Which of these are asked, and others, is the setting DOMAIN_PROOFS.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from tenants.names import text_records
from tenants.outbound import NotFetched, fetch

RECORD = "_clinic-proof"
FILE = "/.well-known/clinic-proof.txt"

Proof = Callable[[str, str], bool]


def is_proven(domain: str, word: str) -> bool:
    """Whether any of the ways in use finds `word` at `domain`."""
    ways: list[Proof] = [import_string(way) for way in settings.DOMAIN_PROOFS]
    return any(way(domain, word) for way in ways)


def dns_record(domain: str, word: str) -> bool:
    """A TXT record at `_clinic-proof.<domain>`."""
    return word in [text.strip() for text in text_records(f"{RECORD}.{domain}")]


def well_known_file(domain: str, word: str) -> bool:
    """A file that the domain serves at `/.well-known/clinic-proof.txt`."""
    for scheme in ("https", "http"):
        try:
            said = fetch(f"{scheme}://{domain}{FILE}")
        except NotFetched:
            continue
        if word in said.decode("utf-8", "replace").split():
            return True
    return False
