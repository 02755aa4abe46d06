"""`make run`: a portal for one machine, safe to switch on and to throw away."""

from portal.settings import environment
from portal.settings.base import *
from portal.settings.base import VAR


def _local_secret() -> str:
    """Return this machine's own key, made on first use so that none is committed."""
    from django.core.management.utils import get_random_secret_key

    VAR.mkdir(parents=True, exist_ok=True)
    file = VAR / "secret_key"
    if not file.exists():
        file.write_text(get_random_secret_key())
        file.chmod(0o600)
    return file.read_text()


SECRET_KEY = _local_secret()
PORTAL_DEMO_ACCOUNTS = True
PORTAL_MAKES_KEYS = True
PORTAL_DEMO_PROVIDERS = environment.number("PORTAL_DEMO_PROVIDERS", 600)
WEBHOOKS_TO_LOCALHOST = True
