"""Charts of how it went: the time from a decision to a contract, and what became of the findings of visits."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.site.figures.asked import Asked
from portal.site.figures.chart_words import place_column, rows_by_place, total_row
from portal.site.figures.charts import Chart, Column, at, percent
from procurement.queries.figures_contracts import (
    Found,
    Waits,
    contracts_of,
    findings_by_place,
    together,
    waits_from_award,
    waits_from_order,
)


def time_chart(asked: Asked) -> Chart:
    """Return how many days it took from decisions to contracts, by place."""
    rows_of = contracts_of(asked.year, asked.oblast)
    orders, awards = waits_from_order(rows_of, asked.oblast), waits_from_award(rows_of, asked.oblast)
    nothing = Waits({})

    counted = {key: (orders.get(key, nothing), awards.get(key, nothing)) for key in {*orders, *awards}}

    def figures(waits: tuple[Waits, Waits]) -> tuple[int | Decimal | None, ...]:
        order, award = waits
        return (order.median, order.number, award.median, award.number)

    return Chart(
        "time",
        _("From the decision to the contract"),
        _("Contracts concluded in the year of which it is known on what decision they rest; the middle one counts."),
        place_column(asked),
        (
            Column("median_days_from_order", pgettext("figure", "From the order, median"), "days"),
            Column("contracts_from_order", pgettext("figure", "Contracts")),
            Column("median_days_from_award", pgettext("figure", "From the winner, median"), "days"),
            Column("contracts_from_award", pgettext("figure", "Contracts with a winner")),
        ),
        rows_by_place(
            "contracts", asked, counted, figures, lambda waits: waits[0].invented or waits[1].invented, year=asked.year
        ),
        ((at(0), pgettext("figure", "days from the decision on the social order")),),
        total_row("contracts", asked, figures((together(orders.values()), together(awards.values()))), year=asked.year),
    )


def findings_chart(asked: Asked) -> Chart:
    """Return what became of the findings of monitoring visits, by place."""
    counted = findings_by_place(contracts_of(asked.year, asked.oblast), asked.oblast)

    def figures(one: Found) -> tuple[int | Decimal | None, ...]:
        return (one.found, one.eliminated, one.unsolved, one.other, percent(one.eliminated, one.found))

    return Chart(
        "findings",
        _("Findings of monitoring"),
        _("Findings of concluded visits to contracts concluded in the year."),
        place_column(asked),
        (
            Column("findings", pgettext("figure", "Findings")),
            Column("eliminated", pgettext("figure", "Eliminated")),
            Column("unsolved", pgettext("figure", "Not solved yet")),
            Column("closed_otherwise", pgettext("figure", "Closed otherwise")),
            Column("share_eliminated", pgettext("figure", "Share eliminated"), "share"),
        ),
        rows_by_place("contracts", asked, counted, figures, lambda one: one.invented, year=asked.year),
        (
            (at(1), pgettext("figure", "eliminated")),
            (at(2), pgettext("figure", "not solved yet")),
            (at(3), pgettext("figure", "closed otherwise")),
        ),
        total_row("contracts", asked, figures(sum(counted.values(), Found())), year=asked.year),
    )
