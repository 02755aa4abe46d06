"""A hromada's server: PostgreSQL, https, everything required named when it is missing."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings import environment
from portal.settings.base import *

REQUIRED = (
    "PORTAL_SECRET_KEY",
    "PORTAL_HOSTS",
    "PORTAL_BASE_URL",
    "PORTAL_DATABASE",
    "PORTAL_MAIL_FROM",
    "PORTAL_SEALING_KEY",
    "PORTAL_DRAFT_KEY",
)
if _missing := [name for name in REQUIRED if not environment.text(name)]:
    raise ImproperlyConfigured("Set in the environment: " + ", ".join(_missing))

EMAIL_BACKEND = environment.text("PORTAL_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
SECURE_SSL_REDIRECT = environment.flag("PORTAL_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = environment.number("PORTAL_HSTS_SECONDS", 31_536_000)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
