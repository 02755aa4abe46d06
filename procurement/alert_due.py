"""What becomes due by the clock for those who asked for news: what was not confirmed is forgotten."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import due
from procurement.domain.news.alerts import forget_alerts


@due.handles("alerts")
def forget_old_alerts(now: datetime) -> str:
    return f"alerts forgotten: {forget_alerts(now=now)}"
