"""What the clock does about open data: the snapshot of the day, at night."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import due
from portal.site.opendata.kept import publish_due


@due.handles("snapshot")
def publish_snapshot(now: datetime) -> str:
    done = publish_due(now)
    return f"snapshot published: {done.files} files, {done.size} bytes" if done else ""
