"""A version of a contract in preparation: its terms, services, funding and words, each saved by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, ContractVersionKind, ContractVersionState, Pricing
from procurement.domain.contracts.floors import line_fault
from procurement.domain.contracts.steps import lock_contract, official_actor
from procurement.domain.contracts.templates import section_faults, words_of
from procurement.domain.delivery.sums import require_keepable, taken_by_line
from procurement.models import BudgetLine, Contract, ContractLine, ContractTemplate, ContractVersion

if TYPE_CHECKING:
    from portal.accounts.models import User

TERMS: Final = (
    "title",
    "service_from",
    "service_to",
    "report_period",
    "report_days",
    "report_unit",
    "payment_days",
    "payment_unit",
)
# of the contract itself, while nothing is signed
ABOUT: Final = ("own_number", "ground_text", "identifier", "identifier_url")
WHY: Final = ("ground", "citation", "reason", "effective_on")
LINE: Final = (
    "title",
    "service_type",
    "group",
    "categories",
    "content",
    "quality",
    "standard",
    "recipients",
    "pricing",
    "volume",
    "unit",
    "tariff",
    "tariff_act",
    "sum",
)
MOST_LINES: Final = 60


def held_draft(version_id: int, user: User, base: str = "") -> tuple[Contract, ContractVersion]:
    """Return the contract and its draft version, held; raises `StepRefused` where it is not a draft any more.

    `base` is the moment of saving that the page was made from: what somebody else saved meanwhile is not overwritten.
    """
    contract_id = ContractVersion.objects.values_list("contract_id", flat=True).get(pk=version_id)
    contract = lock_contract(contract_id)
    official_actor(contract, user)
    rows = ContractVersion.objects.select_for_update(of=("self",)).select_related("template", "ground")
    version = rows.get(pk=version_id)
    if contract.state in ContractState.terminal:
        raise StepRefused(_("The contract has moved on: this is not possible any more, or not yet."))
    if version.state != ContractVersionState.DRAFT:
        raise StepRefused(_("This text is offered to the provider already: take it back to change it."))
    if base and base != version.saved_at.isoformat():
        raise StepRefused(
            _("Somebody else has saved meanwhile. Read what stands there now and enter your changes again.")
        )
    version.contract = contract
    return contract, version


@transaction.atomic
def save_draft(
    *, version_id: int, user: User, values: Mapping[str, Any], now: datetime, base: str = ""
) -> ContractVersion:
    """Save terms of the version (`TERMS`), of an amendment why (`WHY`), of a first text how it came about (`ABOUT`)."""
    contract, version = held_draft(version_id, user, base)
    is_first = version.kind == ContractVersionKind.FIRST
    known = {*TERMS, *(ABOUT if is_first else WHY)}
    for name in known & set(values):
        setattr(contract if name in ABOUT else version, name, values[name])
    if version.service_from and version.service_to and version.service_to < version.service_from:
        raise StepRefused(_("The end must not be earlier than the beginning."))
    return _saved(contract, version, now)


@transaction.atomic
def save_sections(
    *,
    version_id: int,
    user: User,
    sections: Sequence[dict[str, Any]],
    now: datetime,
    base: str = "",
) -> ContractVersion:
    """Save the words of the version, with places to be filled (`templates.PLACES`)."""
    contract, version = held_draft(version_id, user, base)
    faults = section_faults(sections)
    if faults:
        raise StepRefused(_("The text cannot be kept: %(faults)s.") % {"faults": "; ".join(faults)})
    version.sections = list(sections)
    return _saved(contract, version, now)


@transaction.atomic
def take_template(*, version_id: int, user: User, template_id: int, now: datetime) -> ContractVersion:
    """Begin the words anew from a template; what was written in their place is gone."""
    contract, version = held_draft(version_id, user)
    template = ContractTemplate.objects.get(pk=template_id)
    if template.hromada_id not in (None, contract.hromada_id):
        raise StepRefused(_("Choose a template from the list."))
    version.template, version.sections = template, words_of(template)
    return _saved(contract, version, now)


@transaction.atomic
def save_line(
    *, version_id: int, user: User, values: Mapping[str, Any], now: datetime, number: int | None = None, base: str = ""
) -> ContractLine:
    """Save one service; without a number it is a new one. The sum of units × tariff is computed, half a kopiika up.

    A line never goes below what acts have taken of it.
    """
    contract, version = held_draft(version_id, user, base)
    line = version.lines.filter(number=number).first() if number is not None else None
    if line is None:
        if number is not None:
            raise StepRefused(_("This service is not in the text any more."))
        line = ContractLine(version=version, number=next_line_number(contract))
    if line.number > MOST_LINES:
        raise StepRefused(_("There are too many services in one contract."))
    for name in set(LINE) & set(values):
        value = values[name]
        setattr(line, name, Decimal(0) if name == "sum" and value is None else value)
    _priced(line)
    fault = line_fault(line, taken_by_line(contract).get(line.number))
    if fault:
        raise StepRefused(fault)
    line.save()
    _saved(contract, version, now)
    return line


@transaction.atomic
def remove_line(*, version_id: int, user: User, number: int, now: datetime) -> ContractVersion:
    """Take a service out; one of which acts have taken anything stays."""
    contract, version = held_draft(version_id, user)
    if number in taken_by_line(contract):
        raise StepRefused(
            _("Acts have taken from this service: it stays, its volume can be lessened to what was taken.")
        )
    version.lines.filter(number=number).delete()
    return _saved(contract, version, now)


@transaction.atomic
def save_funding(
    *, version_id: int, user: User, funding: Mapping[int, Decimal], now: datetime, base: str = ""
) -> ContractVersion:
    """Say how much each budget line pays; nothing is bound before both sides have signed."""
    contract, version = held_draft(version_id, user, base)
    sums = {line: amount for line, amount in sorted(funding.items()) if amount}
    if any(amount < 0 for amount in sums.values()):
        raise StepRefused(_("A sum is not below zero."))
    if BudgetLine.objects.filter(pk__in=sums, hromada=contract.hromada).count() != len(sums):
        raise StepRefused(_("Choose budget lines of the hromada."))
    version.funding = [{"line": line, "amount": str(amount)} for line, amount in sums.items()]
    return _saved(contract, version, now)


def next_line_number(contract: Contract) -> int:
    """Return a number that no service of any version has had: acts name services by it."""
    rows = ContractLine.objects.filter(version__contract=contract)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _priced(line: ContractLine) -> None:
    """Compute the sum of a line by units; one for the whole has no tariff that would say otherwise."""
    if line.pricing == Pricing.UNIT:
        line.sum = line.computed_sum or Decimal(0)
    require_keepable(line.sum)
    if line.sum < 0:
        raise StepRefused(_("A sum is not below zero."))


def _saved(contract: Contract, version: ContractVersion, now: datetime) -> ContractVersion:
    """Save the version with its sum; the contract repeats what its only version says while nothing is signed."""
    version.sum = require_keepable(version.lines.aggregate(total=Sum("sum"))["total"] or Decimal(0))
    version.saved_at = now
    version.save()
    contract.changed_at = now
    if version.kind == ContractVersionKind.FIRST:
        contract.title, contract.sum = version.title, version.sum
        contract.service_from, contract.service_to = version.service_from, version.service_to
    contract.save()
    return version
