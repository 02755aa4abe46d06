"""Letters of these tests are kept in memory."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _letters_leave_at_once(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
