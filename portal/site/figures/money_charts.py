"""Charts of money: ordered, contracted, accepted and paid, by service, ownership form and hromada."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts.enums import OwnershipForm
from portal.site.figures.asked import Asked
from portal.site.figures.chart_words import list_address, total_row
from portal.site.figures.charts import Chart, Column, Row, at
from procurement.queries.figures_contracts import Money, Sums, contracts_of, money_by_hromada
from procurement.queries.figures_orders import Ordered, ordered_by_service
from registry.queries.alphabet import alphabetical
from registry.queries.register import vocabulary

SHOWN: Final = 20


def _money_columns() -> tuple[Column, ...]:
    return (
        Column("contracts", pgettext("figure", "Contracts")),
        Column("contracted_uah", pgettext("figure", "Contracted"), "money"),
        Column("accepted_uah", pgettext("figure", "Accepted by acts"), "money"),
        Column("paid_uah", pgettext("figure", "Paid"), "money"),
    )


def _sums(one: Money) -> tuple[int | Decimal, ...]:
    return (one.contracts, one.sum, one.accepted, one.paid)


def _paid_of(first: int) -> tuple[Any, ...]:
    """Return a bar of what is paid and what is agreed beyond it; figures of contracts begin at that place."""
    return (
        (at(first + 3), pgettext("figure", "paid")),
        (lambda row: (row.values[first + 1] or 0) - (row.values[first + 3] or 0), pgettext("figure", "still to pay")),
    )


def services_chart(asked: Asked, sums: Sums) -> Chart:
    """Return what is ordered, contracted, accepted and paid, by service."""
    ordered = ordered_by_service(asked.year, asked.oblast)
    without = sum(one.without_sum for one in ordered.values())
    note = _("A contract of several services stands in each of their rows; the last row counts every contract once.")
    if without:
        words = _("Items ordered without a sum in the decision, added up nowhere: %(number)s.") % {"number": without}
        note = f"{note} {words}"
    total = sum((one.amount for one in ordered.values()), Decimal(0))
    return Chart(
        "services",
        _("Money by service"),
        _("Ordered: decisions in force on budgets of the year. Contracted, accepted, paid: contracts concluded in it."),
        pgettext("column", "Service"),
        (Column("ordered_uah", pgettext("figure", "Ordered"), "money"), *_money_columns()),
        _service_rows(asked, sums, ordered),
        _paid_of(1),
        total_row("contracts", asked, (total, *_sums(sums.total)), year=asked.year),
        note=note,
    )


def _service_rows(asked: Asked, sums: Sums, ordered: Mapping[int, Ordered]) -> list[Row]:
    names = vocabulary().services
    told = {names[pk].slug: one for pk, one in ordered.items() if pk in names}
    labels = {kind.slug: kind.name for kind in names.values()}
    rows = []
    for slug in sorted({*told, *sums.by_service}, key=lambda one: alphabetical(labels.get(one, one))):
        money, items = sums.by_service.get(slug, Money()), told.get(slug)
        url = list_address("contracts", asked, service=slug, year=asked.year)
        if items and not money.contracts:
            url = f"{reverse('site:figures_ordered')}?{asked.query(service=slug)}"
        values = (_ordered_sum(items), *_sums(money))
        demo = bool(money.invented or (items and items.invented))
        rows.append(Row(slug, labels.get(slug, slug), values, url, is_demo=demo))
    return rows


def _ordered_sum(items: Ordered | None) -> Decimal | None:
    """Return what is ordered; nothing ordered is zero, ordered without any sum is not known."""
    if items is None:
        return Decimal(0)
    return items.amount if items.items > items.without_sum else None


def ownership_chart(asked: Asked, sums: Sums) -> Chart:
    """Return the same money by the ownership form of the provider."""
    rows = [
        Row(
            form.value,
            str(capfirst(form.label)),
            _sums(sums.by_ownership[form.value]),
            list_address("contracts", asked, ownership=form.value, year=asked.year),
            is_demo=bool(sums.by_ownership[form.value].invented),
        )
        for form in OwnershipForm
        if form.value in sums.by_ownership
    ]
    return Chart(
        "ownership",
        _("Money by ownership form of the provider"),
        _("Contracts concluded in the year; the ownership form is the one the register has now."),
        pgettext("column", "Ownership form"),
        _money_columns(),
        rows,
        _paid_of(0),
        total_row("contracts", asked, _sums(sums.total), year=asked.year),
    )


def hromadas_chart(asked: Asked, sums: Sums, *, whole: bool = False) -> Chart:
    """Return the same money by hromada: the largest, or for the file all of them."""
    told = money_by_hromada(contracts_of(asked.year, asked.oblast), None if whole else SHOWN)
    rows = [
        Row(
            one.code,
            one.label,
            _sums(one.money),
            list_address("contracts", asked, hromada=one.code, year=asked.year),
            "" if asked.oblast or one.oblast == one.label else one.oblast,
            bool(one.money.invented),
        )
        for one in told
    ]
    return Chart(
        "hromadas",
        _("Money by hromada"),
        _("Contracts concluded in the year, the largest sums first."),
        pgettext("column", "Hromada"),
        _money_columns(),
        rows,
        _paid_of(0),
        total_row("contracts", asked, _sums(sums.total), year=asked.year),
        note="" if whole else _("The table shows the first %(number)s; the file has all.") % {"number": SHOWN},
    )
