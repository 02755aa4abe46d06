"""Specifications of what is ordered: made from a group, a service and a form of delivery, priced by volume and tariff.

A specification is a draft of the official who orders; it becomes public as the snapshot that a published lot keeps, and
from then on it is not edited but copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement.domain.acting import commissioner_role
from procurement.enums import CompetitionState
from procurement.models import Lot, OrderItem, ServiceSpecification
from procurement.models.specification import KOPIIKA
from registry.enums import PriceUnit
from registry.models import DeliveryForm, ServiceType, Territory, VulnerableGroup

if TYPE_CHECKING:
    from portal.accounts.models import User

FIELDS: Final = frozenset(
    {
        "title",
        "group",
        "service_type",
        "delivery_form",
        "content",
        "categories",
        "recipients",
        "volume",
        "unit",
        "place",
        "service_from",
        "service_to",
        "standard",
        "standard_url",
        "standard_is_draft",
        "quality",
        "tariff",
        "tariff_act",
        "ceiling",
    }
)
LONGEST_TITLE: Final = 300
# what the column of sums does not hold
TOO_LARGE: Final = Decimal(10) ** 12


class CeilingTooHigh(StepRefused):
    """The typed ceiling is above volume × tariff; `most` is the sum that it may not exceed."""

    def __init__(self, reason: str, most: Decimal) -> None:
        super().__init__(reason)
        self.most = most


def starting_values(
    group: VulnerableGroup | None,
    service: ServiceType,
    form: DeliveryForm | None,
    item: OrderItem | None = None,
) -> dict[str, Any]:
    """Return what a new specification says before anybody writes: what the catalogue and the decision's item know."""
    parts = [group.name_uk if group else "", form.name_uk.lower() if form else ""]
    detail = ", ".join(part for part in parts if part)
    values: dict[str, Any] = {
        "title": f"{service.name_uk}: {detail}"[:LONGEST_TITLE] if detail else service.name_uk,
        "group": group,
        "service_type": service,
        "delivery_form": form,
        "categories": group.name_uk if group else "",
        "standard": service.state_standard,
    }
    if item is not None:
        values |= {"recipients": item.recipients, "volume": item.volume, "unit": _unit_of(item)}
    return values


def _unit_of(item: OrderItem) -> str:
    """Return the unit of a decision's item where it is one that tariffs are set for; other words are not guessed at."""
    known = {str(unit.label).casefold(): unit.value for unit in PriceUnit}
    return known.get(item.unit.strip().casefold(), "")


@transaction.atomic
def create_specification(
    *, user: User, hromada_id: int, values: Mapping[str, Any], now: datetime, order_item_id: int | None = None
) -> ServiceSpecification:
    """Make a specification for the hromada; the item, when one is given, must be of a decision of the same hromada."""
    hromada = Territory.objects.get(pk=hromada_id)
    commissioner_role(user, hromada)
    item = OrderItem.objects.get(pk=order_item_id, decision__hromada=hromada) if order_item_id else None
    made = ServiceSpecification(hromada=hromada, order_item=item, created_by=user, created_at=now, saved_at=now)
    _fill(made, values)
    made.save(force_insert=True)
    return made


@transaction.atomic
def save_specification(
    *, specification_id: int, user: User, values: Mapping[str, Any], now: datetime
) -> ServiceSpecification:
    """Set fields; raises `CeilingTooHigh`, and `StepRefused` once an announced competition uses it."""
    found = _lock(specification_id, user)
    if is_used(found):
        raise StepRefused(_("An announced competition uses this specification. Copy it, and the copy may be changed."))
    _fill(found, values)
    found.saved_at = now
    found.save()
    return found


@transaction.atomic
def copy_specification(*, specification_id: int, user: User, now: datetime) -> ServiceSpecification:
    """Make another one with the same content, free to be changed."""
    found = _lock(specification_id, user)
    found.pk = None
    found.title = _("%(title)s (copy)") % {"title": found.title[: LONGEST_TITLE - 20]}
    found.created_by, found.created_at, found.saved_at = user, now, now
    found._state.adding = True  # noqa: SLF001 the way Django copies a row
    found.save(force_insert=True)
    return found


@transaction.atomic
def remove_specification(*, specification_id: int, user: User) -> None:
    """Throw away one that no lot uses, not even of a draft."""
    found = _lock(specification_id, user)
    if found.lots.exists():
        raise StepRefused(_("A lot uses this specification. Take it out of the lot first."))
    found.delete()


def is_used(specification: ServiceSpecification) -> bool:
    """Say whether a competition that is announced or was announced uses it."""
    return Lot.objects.filter(specification=specification).exclude(competition__state=CompetitionState.DRAFT).exists()


def _lock(specification_id: int, user: User) -> ServiceSpecification:
    rows = ServiceSpecification.objects.select_for_update(of=("self",)).select_related("hromada")
    found = rows.get(pk=specification_id)
    commissioner_role(user, found.hromada)
    return found


def _fill(specification: ServiceSpecification, values: Mapping[str, Any]) -> None:
    if unknown := set(values) - FIELDS:
        raise KeyError(f"a specification has no {sorted(unknown)}")
    for name, value in values.items():
        setattr(specification, name, value)
    _settle_ceiling(specification)


def _settle_ceiling(specification: ServiceSpecification) -> None:
    """Put volume × tariff where no ceiling was typed; refuse one that is above it."""
    most = specification.computed_ceiling
    if most is not None and most >= TOO_LARGE:
        raise StepRefused(_("The volume times the tariff is too large a sum. Look whether one of them is mistyped."))
    if specification.ceiling is None:
        specification.ceiling = most
    elif most is not None and specification.ceiling > most:
        reason = _(
            "The ceiling of %(typed)s UAH is higher than the volume times the tariff: "
            "%(volume)s × %(tariff)s = %(most)s UAH."
        )
        known = {
            "typed": specification.ceiling.quantize(KOPIIKA),
            "volume": _plain(specification.volume),
            "tariff": _plain(specification.tariff),
            "most": most,
        }
        raise CeilingTooHigh(reason % known, most)


def _plain(number: Decimal | None) -> str:
    """Write a number as it was typed, without the zeros that the column adds."""
    text = format(number or Decimal(0), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
