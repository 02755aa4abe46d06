"""The first services of a contract: copied from what was announced and offered, or from what a decision ordered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from procurement.contract_enums import Pricing
from procurement.models import Award, ContractLine, ContractVersion, Lot, OrderItem
from registry.models import ServiceType, VulnerableGroup

# where in the form of a proposal the offer of a lot stands
OFFER: Final = "offer/lots/{lot}/{name}"


def line_of_award(award: Award, version: ContractVersion) -> ContractLine:
    """Copy the specification as it was announced, and the offer of the proposal over it."""
    told: Mapping[str, Any] = award.lot.snapshot or {}
    offer = offer_of(award)
    line = ContractLine(
        version=version,
        number=1,
        lot=award.lot,
        title=told.get("title") or award.lot.title,
        service_type=ServiceType.objects.filter(slug=told.get("service_slug") or "").first(),
        group=VulnerableGroup.objects.filter(slug=told.get("group_slug") or "").first(),
        categories=told.get("categories") or "",
        content=told.get("content") or "",
        quality=told.get("quality") or "",
        standard=told.get("standard") or "",
        recipients=int(offer["recipients"]) if offer["recipients"] else told.get("recipients"),
        volume=offer["volume"],
        unit=told.get("unit") or "",
        tariff=offer["tariff"],
        tariff_act=told.get("tariff_act") or "",
    )
    _price(line, award.amount)
    return line


def offer_of(award: Award) -> dict[str, Decimal | None]:
    """Return how many people, what volume and tariff the winner offered for the lot, where its form asked for them."""
    content = (award.proposal.content or {}).get("content") or {}
    lot: Lot = award.lot
    names = ("recipients", "volume", "tariff")
    return {name: _decimal(content.get(OFFER.format(lot=lot.number, name=name))) for name in names}


def _price(line: ContractLine, amount: Decimal | None) -> None:
    """Price by units where they make up the sum that was awarded, else as a sum for the whole."""
    computed = line.computed_sum
    if computed is not None and (amount is None or computed == amount):
        line.sum = computed
        return
    if amount is not None:
        line.pricing, line.sum = Pricing.LUMP, amount


def line_of_item(item: OrderItem, version: ContractVersion) -> ContractLine:
    """Take over what the decision ordered, priced as a whole: it has no tariff."""
    return ContractLine(
        version=version,
        number=1,
        title=item.service_type.name_uk[:300],
        service_type=item.service_type,
        group=item.group,
        recipients=item.recipients,
        pricing=Pricing.LUMP,
        sum=item.amount or Decimal(0),
    )


def _decimal(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text)) if text not in (None, "") else None
    except InvalidOperation:
        return None
