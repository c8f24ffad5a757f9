"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milkrun.config.settings")

application = get_wsgi_application()
# Load every page's code now, so that the first visitor does not wait for it.
_ = get_resolver().url_patterns
