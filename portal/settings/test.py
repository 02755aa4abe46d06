"""`make test`: nothing leaves the process, nothing is slow on purpose."""

import tempfile
from pathlib import Path

from portal.settings import environment
from portal.settings.base import *

SECRET_KEY = "test-key-that-guards-nothing"  # noqa: S105 the tests need some key
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# a folder named here is kept, and with it the migrated database of the tests; --create-db makes that anew
_SCRATCH = Path(environment.text("PORTAL_TEST_SCRATCH") or tempfile.mkdtemp(prefix="poruch-test-"))
VAR = _SCRATCH
MEDIA_ROOT = _SCRATCH / "media"
# files that ship with the code are found where they lie: nothing is collected for a test
STATIC_ROOT = _SCRATCH / "static"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
PRIVATE_ROOT = _SCRATCH / "private"
SEALING_KEY_FILE = _SCRATCH / "keys" / "sealing.key"
DRAFT_KEY_FILE = _SCRATCH / "keys" / "drafts.key"
# tests live at moments of their own; those about the guard itself put it on whole
GUARD_CLOSING_BY_CLOCK = False
# a test that searches says with what
SEARCH_ENGINE = "none"
SEARCH_DIR = _SCRATCH / "search"
# a test that publishes says where
SNAPSHOTS_DIR, SNAPSHOTS_KEPT = _SCRATCH / "snapshots", 0
DATABASES = {"default": environment.database("PORTAL_DATABASE", _SCRATCH / "portal.sqlite3")}
DATABASES["default"].setdefault("TEST", {})
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"]["NAME"] = str(_SCRATCH / "test.sqlite3")
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL;PRAGMA foreign_keys=ON;PRAGMA synchronous=OFF;"
    )
else:
    DATABASES["default"]["OPTIONS"] = {}
API_REQUESTS_A_MINUTE = 0
WEBHOOKS_TO_LOCALHOST = True
