"""Charts of decisions on the social order and of competitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.site.figures.asked import Asked
from portal.site.figures.chart_words import place_column, rows_by_place, total_row
from portal.site.figures.charts import Chart, Column, at, percent
from procurement.interfaces.competition_lists import held_after_answers
from procurement.queries.figures_competitions import (
    COLUMNS,
    Bidders,
    Standing,
    bidders_by_place,
    competitions_by_place,
)
from procurement.queries.figures_orders import INVENTED, decisions_by_place
from procurement.queries.orders import NOT_ORDER, OrderState

_DECIDED: Final = ("opened", "awarded", "unawarded")


def orders_chart(asked: Asked, today: date) -> Chart:
    """Return how many decisions of the year were due, taken in time, late or missed, by place."""
    counted = decisions_by_place(asked.year, asked.oblast, today)
    known = (OrderState.OVERDUE, OrderState.LATE, OrderState.IN_TIME, OrderState.DUE)

    def figures(told: Mapping[str, int]) -> tuple[int, ...]:
        told = {**dict.fromkeys((*OrderState.values, NOT_ORDER), 0), **told}
        rest = told[OrderState.WITHOUT_TERM] + told[OrderState.DECIDED]
        every = sum(told[state] for state in OrderState.values)
        return (every, *(told[state] for state in known), rest, told[NOT_ORDER])

    rows = rows_by_place("orders", asked, counted, figures, lambda told: told[INVENTED], year=asked.year)
    if asked.oblast:
        # a hromada has a page of its own
        rows = [replace(row, url=reverse("procurement:hromada_orders", args=[row.key])) for row in rows]
    whole = {name: sum(told.get(name, 0) for told in counted.values()) for name in (*OrderState.values, NOT_ORDER)}
    return Chart(
        "orders",
        _("Decisions on the social order"),
        _("Budget acts entered by hromadas, each with the day its decision is due by the rule kept with it."),
        place_column(asked),
        (
            Column("budget_acts", _("Budget acts")),
            Column("overdue", pgettext("figure", "Missed, not published")),
            Column("late", pgettext("figure", "Decided late")),
            Column("in_time", pgettext("figure", "Decided in time")),
            Column("due", pgettext("figure", "Still to be decided")),
            Column("without_term", pgettext("figure", "No term in the table")),
            Column("not_to_order", pgettext("figure", "Decided not to order")),
        ),
        rows,
        (
            (at(1), pgettext("figure", "missed")),
            (at(2), pgettext("figure", "late")),
            (at(3), pgettext("figure", "in time")),
            (at(4), pgettext("figure", "still to be decided")),
        ),
        total_row("orders", asked, figures(whole), year=asked.year),
        note=_("A decision on the adopted budget is due by 1 March, on an amendment by a day of its own."),
    )


def competitions_chart(asked: Asked, now: datetime) -> Chart:
    """Return where the competitions stand at this moment, by place."""
    counted = competitions_by_place(asked.oblast, now, held_after_answers(now))

    def figures(one: Standing) -> tuple[int | Decimal, ...]:
        return (one.open, one.open_sum, one.judged, one.awarded, one.unawarded, one.ended)

    whole = Standing()
    for one in counted.values():
        for name in (*COLUMNS, "open_sum"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
    return Chart(
        "competitions",
        _("Competitions"),
        _("All announced competitions, of every year, as they stand at this moment by the clock."),
        place_column(asked),
        (
            Column("open", pgettext("figure", "Open")),
            Column("open_uah", pgettext("figure", "Open, sum"), "money"),
            Column("being_evaluated", pgettext("figure", "Being evaluated")),
            Column("awarded", pgettext("figure", "With a winner")),
            Column("without_winner", pgettext("figure", "Without a winner")),
            Column("cancelled_or_not_held", pgettext("figure", "Cancelled or not held")),
        ),
        rows_by_place("competitions", asked, counted, figures, lambda one: one.invented),
        (
            (at(0), pgettext("figure", "open")),
            (at(2), pgettext("figure", "being evaluated")),
            (at(3), pgettext("figure", "with a winner")),
            (lambda row: (row.values[4] or 0) + (row.values[5] or 0), pgettext("figure", "without one")),
        ),
        total_row("competitions", asked, figures(whole)),
    )


def bidders_chart(asked: Asked) -> Chart:
    """Return for how many lots one provider alone applied, by place."""
    counted = bidders_by_place(asked.oblast)

    def figures(one: Bidders) -> tuple[int | Decimal | None, ...]:
        return (one.contested, one.one, one.more, percent(one.one, one.contested), one.none)

    whole = sum(counted.values(), Bidders())
    return Chart(
        "bidders",
        _("Lots with a single applicant"),
        _("Lots of competitions of every year whose proposals are opened. A sign to look closer, not a breach."),
        place_column(asked),
        (
            Column("lots", pgettext("figure", "Lots with applicants")),
            Column("one_applicant", pgettext("figure", "One applicant")),
            Column("several_applicants", pgettext("figure", "Several applicants")),
            Column("share_of_one", pgettext("figure", "Share with one"), "share"),
            Column("no_applicant", pgettext("figure", "No applicant")),
        ),
        rows_by_place("competitions", asked, counted, figures, lambda one: one.invented, phase=_DECIDED),
        ((at(1), pgettext("figure", "one applicant")), (at(2), pgettext("figure", "several applicants"))),
        total_row("competitions", asked, figures(whole), phase=_DECIDED),
    )
