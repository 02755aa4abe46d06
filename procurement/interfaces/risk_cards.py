"""Risk cards on a page: what each says, from what data, with which thresholds, and what both sides say about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from procurement.contract_enums import RiskState, Side
from procurement.enums import Channel
from procurement.interfaces.moments import in_words
from procurement.models import RiskCard, RiskReply, RiskRule
from procurement.queries.contracts.people import without_few
from registry.models import ServiceType, Territory
from registry.templatetags.register import money

Fact = tuple[str, str]

_ABOVE: Final = gettext_lazy("greater by more than")
_THRESHOLDS: Final[dict[str, str | Promise]] = {
    "most": gettext_lazy("applicants for a lot, at most"),
    "contracts": gettext_lazy("contracts, at least"),
    "years": gettext_lazy("years looked at"),
    "channels": gettext_lazy("ways of ordering that are counted"),
    "share": _ABOVE,
    "median_share": gettext_lazy("greater than the median by more than"),
    "fewest": gettext_lazy("contracts for a median, at least"),
    "reports": gettext_lazy("late reports, at least"),
    "members": gettext_lazy("members who scored, at least"),
    "cells": gettext_lazy("compared scores, at least"),
    "spread": gettext_lazy("greatest difference, as a part of the most points"),
}
# where the same name means something else
_OF_RULE: Final[dict[tuple[str, str], str | Promise]] = {
    ("clustered-scores", "share"): gettext_lazy("hardly different scores, at least"),
    ("capacity-below", "share"): gettext_lazy("people to places, more than"),
}


@dataclass(slots=True)
class RiskLine:
    """A card as it is shown; `facts` are the data in pairs, `head` and `rows` the data as a table."""

    card: RiskCard
    facts: list[Fact]
    head: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()

    @property
    def rule(self) -> RiskRule:
        return self.card.rule

    @property
    def is_open(self) -> bool:
        return self.card.state == RiskState.OPEN

    @property
    def hromada(self) -> Territory | None:
        about = self.card.contract or self.card.competition
        return about.hromada if about else None

    @property
    def about(self) -> str:
        """Which contract or competition it is about."""
        if self.card.contract is not None:
            return _("Contract № %(number)s") % {"number": self.card.contract.number}
        return _("Competition № %(number)s") % {"number": getattr(self.card.competition, "number", "")}

    @property
    def title(self) -> str:
        about = self.card.contract or self.card.competition
        return about.title if about else ""

    @property
    def url(self) -> str:
        if self.card.contract is not None:
            return reverse("procurement:contract", args=[self.card.contract.number])
        return reverse("procurement:competition", args=[getattr(self.card.competition, "number", "")])

    @property
    def ground(self) -> str:
        """The act and point that the card rests on, as far as they are known."""
        return ", ".join(one for one in (self.rule.act, self.rule.point) if one)

    @property
    def thresholds(self) -> list[Fact]:
        slug = self.rule.slug
        return [
            (str(_OF_RULE.get((slug, name)) or _THRESHOLDS.get(name, name)), _value(name, value))
            for name, value in self.card.parameters.items()
        ]

    @property
    def replies(self) -> list[RiskReply]:
        return list(self.card.replies.all())

    @property
    def awaits(self) -> list[str]:
        """The sides that have said nothing yet."""
        said = {reply.side for reply in self.replies}
        return [str(side.label) for side in Side if side.value not in said]


def risk_lines(cards: Iterable[RiskCard]) -> list[RiskLine]:
    """Return the cards as they are shown, in their order."""
    found = list(cards)
    named = _services({slug for card in found for slug in _slugs(card.data)})
    return [_line(card, named) for card in found]


def _slugs(data: Mapping[str, Any]) -> list[str]:
    return [row["service"] for row in data.get("services", ()) if "service" in row]


def _services(slugs: set[str]) -> dict[str, str]:
    rows = ServiceType.objects.filter(slug__in=slugs) if slugs else ()
    return {one.slug: one.name for one in rows}


def _line(card: RiskCard, named: Mapping[str, str]) -> RiskLine:
    write = _WRITERS.get(card.rule.slug)
    if write is None:
        return RiskLine(card, [(name, str(value)) for name, value in sorted(card.data.items())])
    return write(card, named)


# --- the data of each indicator in words -----------------------------------------------------------------------------


def _single(card: RiskCard, _named: Mapping[str, str]) -> RiskLine:
    rows = [(str(row["lot"]), row["title"], str(row["applicants"])) for row in card.data["lots"]]
    return RiskLine(card, [], (_("Lot"), _("Title"), _("Proposals")), rows)


def _repeated(card: RiskCard, _named: Mapping[str, str]) -> RiskLine:
    data = card.data
    facts = [
        (_("Contracts"), str(data["count"])),
        (_("Since"), _day(data["since"])),
        (_("Sum of all"), _money(data["sum"])),
    ]
    rows = [(row["number"], _day(row["concluded_on"]), _money(row["sum"])) for row in data["contracts"]]
    return RiskLine(card, facts, (_("Contract"), _("Concluded on"), _("Sum")), rows)


def _price(card: RiskCard, _named: Mapping[str, str]) -> RiskLine:
    head = (_("Service"), _("Tariff of the contract"), _("Compared with"), _("Above by"))
    rows = [
        (f"{row['line']}. {row['title']}", _money(row["tariff"]), _base(row), _per_cent(row["above"]))
        for row in card.data["lines"]
    ]
    return RiskLine(card, [], head, rows)


def _base(row: Mapping[str, Any]) -> str:
    words = {"sum": _money(row["base"]), "count": row.get("of", 0)}
    if row["compared_with"] == "median":
        return _("%(sum)s, the median of %(count)s contracts") % words
    return _("%(sum)s, the tariff of the specification") % words


def _raised(card: RiskCard, _named: Mapping[str, str]) -> RiskLine:
    data = card.data
    first = _("Sum of the award") if data["compared_with"] == "award" else _("Sum of the first version")
    facts = [
        (first, _money(data["base"])),
        (_("Sum now"), _money(data["sum"])),
        (_("Raised by"), f"{_money(data['raised'])} ({_per_cent(data['above'])})"),
    ]
    return RiskLine(card, facts)


def _late(card: RiskCard, _named: Mapping[str, str]) -> RiskLine:
    data = card.data
    words = _("%(late)s of %(due)s") % {"late": data["count"], "due": data["due"]}
    rows = [
        (str(row["number"]), _day(row["due_on"]), _day(row["filed_on"]) if row["filed_on"] else _("not filed"))
        for row in data["late"]
    ]
    return RiskLine(card, [(_("Late reports"), words)], (_("Report"), _("Until when"), _("First filed")), rows)


def _clustered(card: RiskCard, _named: Mapping[str, str]) -> RiskLine:
    data = card.data
    facts = [
        (_("Compared scores"), str(data["scores"])),
        (_("Hardly different"), f"{data['close']} ({_per_cent(data['share'])})"),
        (_("Members who scored"), str(data["members"])),
    ]
    return RiskLine(card, facts)


def _capacity(card: RiskCard, named: Mapping[str, str]) -> RiskLine:
    head = (_("Service"), _("Places in the register"), _("People in contracts"), _("Contracts"))
    rows = [
        (
            named.get(row["service"], row["service"]),
            _("%(places)s on %(day)s") % {"places": row["places"], "day": _day(row["places_on"])},
            _people(row["recipients"]),
            ", ".join(f"№ {one['number']}: {_people(one['recipients'])}" for one in row["contracts"]),
        )
        for row in map(without_few, card.data["services"])
    ]
    return RiskLine(card, [], head, rows)


def _people(number: int | None) -> str:
    """Write a number of people that may be read; few, and a sum of few, may not."""
    return pgettext("number of people", "not shown") if number is None else str(number)


_WRITERS: Final = {
    "single-applicant": _single,
    "repeated-winner": _repeated,
    "price-above-tariff": _price,
    "value-raised": _raised,
    "late-reports": _late,
    "clustered-scores": _clustered,
    "capacity-below": _capacity,
}


def _money(text: str) -> str:
    return money(Decimal(text))


def _day(text: str) -> str:
    return in_words(date.fromisoformat(text)) if text else ""


def _per_cent(text: str) -> str:
    return f"{number_format(Decimal(text.removesuffix('.0')))} %"


def _value(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(Channel(one).label) if one in Channel.values else str(one) for one in value)
    if name in ("share", "median_share", "spread"):
        return _per_cent(format((Decimal(str(value)) * 100).normalize(), "f"))
    return str(value)
