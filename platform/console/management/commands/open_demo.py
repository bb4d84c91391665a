"""`manage.py open_demo`: the demo's clinics and people, where `DEMO=1` allows them."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from console.demo import DEMO_CLINICS
from console.demo_opening import ensure_demo_clinic, ensure_operator
from tenants.links import origin_of


class Command(BaseCommand):
    """Opens what is not open yet; running it again changes nothing."""

    help = "Open the demo clinics with their well-known sign-ins (only with DEMO=1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write how to sign in."""
        parser.add_argument(
            "--json", type=Path, required=True, help="file to write addresses and sign-ins to"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open and write."""
        if not settings.DEMO:
            raise CommandError(
                "The demo's sign-ins are known to everybody: they exist only where DEMO=1 is set."
            )
        facts = {
            "console_url": origin_of(settings.BASE_DOMAIN) + "/console/",
            "operator": ensure_operator(settings.DEMO_OPERATOR_PASSWORD),
            "clinics": [ensure_demo_clinic(demo) for demo in DEMO_CLINICS],
        }
        path: Path = options["json"]
        path.touch(mode=0o600)
        path.write_text(json.dumps(facts, indent=2))
        self.stdout.write(f"{len(facts['clinics'])} demo clinics are open.")
