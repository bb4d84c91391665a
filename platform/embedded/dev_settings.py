"""Settings of `make dev`: those of the product, with templates and static files read at every request.

Nothing else differs from the demo, so that a page looks and behaves the same in both.
"""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE

from config.settings import *  # noqa: F403
from config.settings import CONTENT_SECURITY_POLICY, TEMPLATES

# APP_DIRS caches templates for the life of the process; these loaders read the files at every request.
_engine: Any = TEMPLATES[0]
_engine["APP_DIRS"] = False
_engine["OPTIONS"]["loaders"] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]

# WhiteNoise serves files straight from the apps: there is no collectstatic step.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# Vite puts the web app's styles into <style> elements.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["style-src"] = [SELF, UNSAFE_INLINE]
