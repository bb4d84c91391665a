"""Verifies that a domain belongs to a clinic: the owner publishes a secret word at the domain.

The setting DOMAIN_PROOFS lists the methods to try.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from tenants.domains.dns import txt_records
from tenants.domains.outbound import FetchError, fetch

DNS_RECORD_PREFIX = "_clinic-proof"
WELL_KNOWN_PATH = "/.well-known/clinic-proof.txt"

_Method = Callable[[str, str], bool]


def is_verified(domain: str, word: str) -> bool:
    """Return whether any enabled method finds `word` at `domain`."""
    methods: list[_Method] = [import_string(method) for method in settings.DOMAIN_PROOFS]
    return any(method(domain, word) for method in methods)


def dns_record(domain: str, word: str) -> bool:
    """Look for `word` in a TXT record at `_clinic-proof.<domain>`."""
    return word in [text.strip() for text in txt_records(f"{DNS_RECORD_PREFIX}.{domain}")]


def well_known_file(domain: str, word: str) -> bool:
    """Look for `word` in the file `/.well-known/clinic-proof.txt` of the domain."""
    for scheme in ("https", "http"):
        try:
            content = fetch(f"{scheme}://{domain}{WELL_KNOWN_PATH}")
        except FetchError:
            continue
        if word in content.decode("utf-8", "replace").split():
            return True
    return False
