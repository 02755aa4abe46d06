"""A reader of the feed: it follows by the cursor alone and keeps what it was told."""

from typing import Any

from django.test import Client
from django.utils import timezone

from portal.site.opendata.objects import KINDS, objects_of


class Reader:
    """Keeps the objects by kind and key; `limit` is the size of its pages."""

    def __init__(self, limit: int = 100, query: str = "") -> None:
        self.limit, self.query = limit, query
        self.cursor = ""
        self.objects: dict[tuple[str, str], Any] = {}
        self.told: list[dict[str, Any]] = []

    def follow(self, pages: int = 1_000) -> list[dict[str, Any]]:
        """Read until there is no more, or so many pages, and return the changes of this time."""
        news: list[dict[str, Any]] = []
        more = True
        while more and pages:
            pages -= 1
            page = Client().get(f"/api/v1/changes?cursor={self.cursor}&limit={self.limit}{self.query}").json()
            news += page["changes"]
            self.cursor, more = page["next"], page["more"]
        for change in news:
            at = (change["kind"], change["id"])
            if change["removed"]:
                self.objects.pop(at, None)
            else:
                self.objects[at] = change["object"]
        self.told += news
        return news


def everything() -> dict[tuple[str, str], Any]:
    """Return all that is public now, by kind and key."""
    today = timezone.localdate()
    return {(name, key): one for name, kind in KINDS.items() for key, one in objects_of(kind, kind.keys(), today=today)}
