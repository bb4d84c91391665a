"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What is loaded now stays until the process ends: looking through it for garbage takes time from requests.
gc.collect()
gc.freeze()
gc.set_threshold(10_000)
