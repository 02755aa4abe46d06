"""What the clock does about decisions on the social order."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import due
from procurement.domain.planning.reminders import send_order_reminders


@due.handles("order-reminders")
def remind_of_orders(now: datetime) -> str:
    return f"letters about decisions on the social order: {send_order_reminders(now=now)}"
