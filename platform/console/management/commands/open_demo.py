"""`manage.py open_demo`: open the demo clinics. Requires `DEMO=1`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from console.create_demo import ensure_demo_clinic, ensure_operator
from console.demo_data import DEMO_CLINICS
from tenants.routing.public_urls import origin_url


class Command(BaseCommand):
    """Opens the demo clinics that do not exist yet. Running it again changes nothing."""

    help = "Open the demo clinics with their well-known passwords (only with DEMO=1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the argument for the output file."""
        parser.add_argument(
            "--json", type=Path, required=True, help="the file to write URLs and passwords to"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the clinics and write the file."""
        if not settings.DEMO:
            raise CommandError(
                "The passwords of the demo clinics are public. Set DEMO=1 to allow demo clinics."
            )
        summary = {
            "console_url": origin_url(settings.BASE_DOMAIN) + "/console/",
            "operator": ensure_operator(settings.DEMO_OPERATOR_PASSWORD),
            "clinics": [ensure_demo_clinic(demo, with_data=settings.DEMO_DATA) for demo in DEMO_CLINICS],
        }
        path: Path = options["json"]
        path.touch(mode=0o600)
        path.write_text(json.dumps(summary, indent=2))
        self.stdout.write(f"{len(summary['clinics'])} demo clinics are open.")
