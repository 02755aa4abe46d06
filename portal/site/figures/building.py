"""All charts of the public figures, and each of them by its name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from portal.site.figures.asked import Asked
from portal.site.figures.call_charts import bidders_chart, competitions_chart, orders_chart
from portal.site.figures.charts import Chart
from portal.site.figures.course_charts import findings_chart, time_chart
from portal.site.figures.money_charts import hromadas_chart, ownership_chart, services_chart
from procurement.queries.figures_contracts import contracts_of, sums_of

NAMES: Final = ("orders", "competitions", "services", "ownership", "hromadas", "bidders", "time", "findings")


def chart(name: str, asked: Asked, now: datetime, today: date) -> Chart:
    """Return one chart, whole, as its file hands it out."""
    if name in ("services", "ownership", "hromadas"):
        sums = sums_of(contracts_of(asked.year, asked.oblast))
        if name == "hromadas":
            return hromadas_chart(asked, sums, whole=True)
        return services_chart(asked, sums) if name == "services" else ownership_chart(asked, sums)
    if name == "orders":
        return orders_chart(asked, today)
    if name == "competitions":
        return competitions_chart(asked, now)
    return {"bidders": bidders_chart, "time": time_chart, "findings": findings_chart}[name](asked)


def charts(asked: Asked, now: datetime, today: date) -> list[Chart]:
    """Return all charts of the page, in the order of `NAMES`."""
    sums = sums_of(contracts_of(asked.year, asked.oblast))
    return [
        orders_chart(asked, today),
        competitions_chart(asked, now),
        services_chart(asked, sums),
        ownership_chart(asked, sums),
        hromadas_chart(asked, sums),
        bidders_chart(asked),
        time_chart(asked),
        findings_chart(asked),
    ]
