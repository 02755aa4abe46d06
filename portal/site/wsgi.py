"""The portal as a WSGI application, for granian."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

application = get_wsgi_application()


def _warm() -> None:
    """Read the words of the search before anybody asks, beside the first pages."""
    from search.warming import warm  # noqa: PLC0415 needs the application above

    warm()


threading.Thread(target=_warm, name="warm", daemon=True).start()
