"""What `clinics/page.html`, the template of all pages, needs: the clinic, the visitor and the web app's files.

A page extends that template and is rendered with Django's `render`; `page_context` is a context processor.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject, cached_property

from clinics.api.clinic_description import clinic_data
from tenants.accounts.models import User
from tenants.accounts.pages.visitor import visitor


@cache
def web_app_files() -> dict[str, Any]:
    """Return the URLs of the web app's scripts and style sheets, from Vite's manifest."""
    manifest = json.loads((Path(settings.WEB_DIST) / ".vite" / "manifest.json").read_text())
    entry = next(item for item in manifest.values() if item.get("isEntry"))
    home = manifest.get("src/features/home/home-page.tsx", {})
    return {
        "home_scripts": [static(f"app/{home['file']}")] if home else [],
        "home_styles": [static(f"app/{name}") for name in home.get("css", [])],
        "script": static(f"app/{entry['file']}"),
        "styles": [static(f"app/{name}") for name in entry.get("css", [])],
    }


class Frame:
    """The parts of a page around its content. Each is computed when a template first uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def clinic(self) -> dict[str, Any]:
        """The clinic as the API describes it."""
        return clinic_data()

    @cached_property
    def user(self) -> User | None:
        """The signed-in user; None for a visitor who is not signed in."""
        return visitor(self._request)

    @property
    def files(self) -> dict[str, Any]:
        """The URLs of the web app's files."""
        return web_app_files()

    @property
    def path(self) -> str:
        """The page's path, to mark the current item of the menu."""
        return self._request.path

    @property
    def boot(self) -> dict[str, Any]:
        """The data that the web app would otherwise request first, and who is signed in."""
        return {"clinic": self.clinic, **({"user": str(self.user.pk)} if self.user else {})}


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return the variable `page` of templates. It costs nothing for templates that do not use it."""
    return {"page": SimpleLazyObject(lambda: Frame(request))}
