"""The desk of the official who follows contracts: what is due, overdue, unusual; by contract and by provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from portal.accounts.models import Organisation
from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement import contract_rules, rules
from procurement.interfaces.contract_desk import by_contract, waiting_in
from procurement.interfaces.contract_items import LISTED
from procurement.interfaces.contract_unusual import cards_in, provider_rows, providers_in, unusual_in
from procurement.models import Contract, RiskCard
from procurement.queries.commissioning import hromadas_seen_by
from procurement.queries.contracts.risks import cards_for_official
from procurement.views.closed_doors import closed_door, signed_in
from registry.models import Territory
from registry.views.paging import Pages, page_number

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

DUE, OVERDUE, UNUSUAL, CONTRACT, PROVIDER = "due", "overdue", "unusual", "contract", "provider"
TABS: Final[dict[str, str | Promise]] = {
    DUE: pgettext_lazy("contracts", "To do"),
    OVERDUE: pgettext_lazy("contracts", "Overdue"),
    UNUSUAL: pgettext_lazy("contracts", "Unusual"),
    CONTRACT: pgettext_lazy("contracts", "By contract"),
    PROVIDER: pgettext_lazy("contracts", "By provider"),
}
PAGE: Final = 25
LONGEST_KEY: Final = 9

contracting_page = closed_door(thing="contracting:contract", home="contracting:home")


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    label: str | Promise
    query: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose contracts the desk shows: of all hromadas of the official, or of one; of all providers, or of one."""

    contracts: QuerySet[Contract]
    cards: QuerySet[RiskCard]
    place: Territory | None
    provider: Organisation | None

    def query(self, **other: object) -> str:
        known = {
            "hromada": self.place.code if self.place else "",
            "provider": self.provider.pk if self.provider else "",
        }
        return urlencode({name: value for name, value in {**known, **other}.items() if value})


@contracting_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits in the contracts of the official's hromadas; an auditor looks on."""
    user = signed_in(request)
    if not rules.is_commissioning_official(user):
        raise Http404
    scope = _scope(request)
    asked = request.GET.get("tab", DUE)
    tab = asked if asked in TABS else DUE
    told = _told(request, tab, scope, day_of(clock.moment()))
    several = hromadas_seen_by(user).filter(contracts__isnull=False).distinct().order_by()[:2]
    context = {**told, "tab": tab, "scope": scope, "has_several": len(several) > 1}
    context["may_act"] = rules.hromadas_of(user).exists()
    return render(request, "contract_desks/official.html", context)


def _scope(request: HttpRequest) -> Scope:
    """Read which hromada and which provider are asked for; what nobody can mean is left aside."""
    user = signed_in(request)
    contracts, cards = contract_rules.contracts_of_official(user), cards_for_official(user)
    code = request.GET.get("hromada", "").replace("\x00", "")
    place = hromadas_seen_by(user).filter(code=code).first() if code else None
    if place is not None:
        contracts = contracts.filter(hromada=place)
        cards = cards.filter(Q(contract__hromada=place) | Q(competition__hromada=place))
    key = request.GET.get("provider", "")
    known = key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY
    provider = Organisation.objects.filter(pk=int(key), contracts__in=contracts).first() if known else None
    if provider is not None:
        contracts, cards = contracts.filter(contractor=provider), cards.filter(contract__contractor=provider)
    return Scope(contracts, cards, place, provider)


def _told(request: HttpRequest, tab: str, scope: Scope, today: date) -> dict[str, Any]:
    """Return what the tab shows, with the counts of all tabs that are lists of things to do."""
    items = waiting_in(scope.contracts, today)
    late = [one for one in items if one.is_late]
    due = [one for one in items if not one.is_late]
    lines, unusual = cards_in(scope.cards), unusual_in(scope.contracts)
    counts = {DUE: len(due), OVERDUE: len(late), UNUSUAL: len(lines) + len(unusual)}
    tabs = [Tab(code, label, scope.query(tab=code), code == tab, counts.get(code)) for code, label in TABS.items()]
    told: dict[str, Any] = {"tabs": tabs, "items": {DUE: due, OVERDUE: late, UNUSUAL: unusual}.get(tab, [])}
    told["capped"] = LISTED if max(len(items), len(lines), len(unusual)) >= LISTED else 0
    if tab == UNUSUAL:
        told["cards"] = lines
    if tab == CONTRACT:
        told["groups"] = by_contract(items)
    if tab == PROVIDER:
        totals = providers_in(scope.contracts)
        number = page_number(request.GET.get("page", ""))
        pages = Pages(totals.count(), number, PAGE, lambda page: scope.query(tab=PROVIDER, page=page))
        rows = list(totals[pages.start : pages.stop])
        told |= {"pages": pages, "providers": provider_rows(scope.contracts, rows, today)}
    return told
