"""What `clinics/page.html`, the template of all pages, needs: clinic, visitor and files of the web app.

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
from django.utils.translation import get_language

from clinics.api.clinic_description import clinic_data
from tenants.accounts.models import User
from tenants.accounts.pages.visitor import visitor
from tenants.base.locales import Language, language_of, tag_of

CONTINUE = "continue"
"""The query parameter of a form that is sent with GET, to tell it from a page that is opened."""
_SOURCE_LOCALE = "en-GB"
"""The locale whose texts are in the web app's first script."""
_PAGES = {
    "home": ("features/home", "home-page.tsx"),
    "doctors": ("features/find-a-time", "doctors-page.tsx"),
    "doctor": ("features/find-a-time", "doctor-page.tsx"),
    "first_available": ("features/find-a-time", "first-available-page.tsx"),
}
"""The folders and modules of pages that the server's page preloads, with their texts."""
_KINDS = (
    "script",
    "styles",
    "text_scripts",
    *(f"{page}_{kind}" for page in _PAGES for kind in ("scripts", "styles")),
)


def web_app_files() -> dict[str, Any]:
    """Return the URLs of the web app's scripts and style sheets, and of its texts in the active language.

    There are none if it was not built.
    """
    path = Path(settings.WEB_DIST) / ".vite" / "manifest.json"
    if not path.exists():
        return dict.fromkeys(_KINDS, "")
    code = get_language() or settings.LANGUAGE_CODE
    return _files_in(path, tag_of(code) if language_of(code) == Language.ENGLISH else language_of(code))


@cache
def _files_in(manifest_path: Path, locale: str) -> dict[str, Any]:
    """Return the URLs of the files in Vite's manifest, with the texts of a locale."""
    manifest = json.loads(manifest_path.read_text())
    entry = next(item for item in manifest.values() if item.get("isEntry"))
    query = "" if locale == _SOURCE_LOCALE else "?complete"
    texts = []
    if query:
        texts = [
            *_with_imports(manifest, "src/shared/locale/other-locales.ts"),
            *_with_imports(manifest, f"src/locales/{locale}.po{query}"),
        ]
    files: dict[str, Any] = {
        "script": static(f"app/{entry['file']}"),
        "styles": [static(f"app/{name}") for name in entry.get("css", [])],
        "text_scripts": [static(f"app/{chunk['file']}") for chunk in texts],
    }
    for page, (folder, module) in _PAGES.items():
        names = (f"src/{folder}/{module}", f"src/{folder}/locales/{locale}.po{query}")
        chunks = [chunk for name in names for chunk in _with_imports(manifest, name)]
        # In order, and once: a page and its imports may share some.
        files[f"{page}_scripts"] = list(dict.fromkeys(static(f"app/{chunk['file']}") for chunk in chunks))
        files[f"{page}_styles"] = list(
            dict.fromkeys(static(f"app/{name}") for chunk in chunks for name in chunk.get("css", []))
        )
    return files


def _with_imports(manifest: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a chunk and those that it imports, without the first page's; none if it does not exist."""
    chunk = manifest.get(name)
    if chunk is None or chunk.get("isEntry"):
        return []
    return [chunk, *(found for other in chunk.get("imports", []) for found in _with_imports(manifest, other))]


class Frame:
    """The parts of a page around its content. Each is computed when a template first uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.about: dict[str, Any] | None = None
        """What the page is about, for search engines (`clinics.structured_data`). A view sets it."""
        self.has_app_page = True
        """Whether the web app has this page, too. A view sets it."""

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
    def loads_web_app(self) -> bool:
        """Whether the web app replaces the page.

        It cannot show the errors and values in the response to a form, so it does not replace that one.
        """
        is_response_to_form = self._request.method not in {"GET", "HEAD"} or CONTINUE in self._request.GET
        return self.has_app_page and not is_response_to_form

    @property
    def path(self) -> str:
        """The page's path, to mark the current item of the menu."""
        return self._request.path

    @property
    def boot(self) -> dict[str, Any]:
        """The data that the web app would otherwise request first, and who is signed in."""
        return {"clinic": self.clinic, **({"user": str(self.user.pk)} if self.user else {})}


def frame_of(request: HttpRequest) -> Frame:
    """Return the frame of a request's page: the same for its view and its template."""
    if not hasattr(request, "frame"):
        request.frame = Frame(request)  # type: ignore[attr-defined]
    frame: Frame = request.frame  # type: ignore[attr-defined]
    return frame


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return the variable `page` of templates. It costs nothing for templates that do not use it."""
    return {"page": SimpleLazyObject(lambda: frame_of(request))}
