"""Atom (RFC 4287) whose bytes depend on its entries alone, and tags (RFC 4151) that outlive the portal's address."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

# what a feed without entries says of its last change
_NEVER: Final = datetime(2026, 1, 1, tzinfo=UTC)


class SteadyFeed(Atom1Feed):
    """Atom that was last changed when its latest entry was, and not when it is read."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_NEVER)


def tag(began: date, name: str) -> str:
    """Return the tag of something that has borne this name since that day."""
    host = urlsplit(settings.PORTAL_BASE_URL).hostname or "localhost"
    return f"tag:{host},{began.isoformat()}:{name}"
