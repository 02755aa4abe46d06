"""A version is offered for signature: checked whole, frozen, numbered; or taken back to be mended."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, ContractVersionKind, ContractVersionState, Pricing
from procurement.contract_workflow import CONTRACT, CONTRACT_VERSION
from procurement.domain.calls.gaps import Gap, NotReady
from procurement.domain.calls.steps import require_reason
from procurement.domain.contracts.contents import content_of, funding_of
from procurement.domain.contracts.drafting import LINE, TERMS, held_draft
from procurement.domain.contracts.floors import line_faults, sum_fault
from procurement.domain.contracts.making import require_award
from procurement.domain.contracts.papers import issue_contract_code
from procurement.domain.contracts.steps import lock_contract, move, official_actor
from procurement.models import BudgetLine, Contract, ContractFunding, ContractLine, ContractVersion
from registry.domain.bookkeeping import take_serial
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

COPIED: Final = (*TERMS, "template", "sections", "funding", "sum")
# a year beyond these is a slip of the pen, and its reports would have no end
YEARS: Final = range(2000, 2101)
WHY: Final = ("ground", "citation", "reason", "effective_on")


def gaps_before_offer(contract: Contract, version: ContractVersion) -> list[Gap]:
    """Return everything that keeps the version from being offered, at once, each with the page and field it is on."""
    lines = list(version.lines.order_by("number"))
    return [
        *_term_gaps(version),
        *_line_gaps(contract, version, lines),
        *_funding_gaps(contract, version),
        *([] if version.sections else [Gap("text", "", _("The contract has no text: choose a template."))]),
        *(_why_gaps(version) if version.kind == ContractVersionKind.AMENDMENT else _first_gaps(contract, version)),
    ]


@transaction.atomic
def offer(*, version_id: int, user: User, now: datetime) -> ContractVersion:
    """Freeze the version and offer it to the provider; the first text gives the contract its number.

    A second press finds it offered. Raises `NotReady` with all that is missing.
    """
    known = ContractVersion.objects.select_related("contract").get(pk=version_id)
    if known.state == ContractVersionState.OFFERED:
        official_actor(known.contract, user)
        return known
    contract, version = held_draft(version_id, user)
    actor = official_actor(contract, user)
    found = gaps_before_offer(contract, version)
    if found:
        raise NotReady(found)
    if contract.number is None:
        contract.number = _number(now)
        contract.save(update_fields=["number"])
    _freeze(contract, version, now)
    payload = {"version": version.number, "digest": version.digest, "sum": str(version.sum)}
    fields = ["content", "digest", "offered_at", "code"]
    version.log_seq = move(
        version,
        "offer",
        flow=CONTRACT_VERSION,
        actor=actor,
        now=now,
        contract=contract,
        payload=payload,
        fields=fields,
    )
    version.save(update_fields=["log_seq"])
    if contract.state == ContractState.DRAFT:
        move(contract, "offer", flow=CONTRACT, actor=actor, now=now, contract=contract, payload=payload)
    return version


@transaction.atomic
def take_back(*, version_id: int, user: User, reason: str, now: datetime) -> ContractVersion:
    """Take an offered version back: it stays readable as withdrawn, a draft with the same words takes its place."""
    contract, version, actor = held_version(version_id, user)
    if version.state != ContractVersionState.OFFERED:
        raise StepRefused(_("Only what waits for signatures can be taken back."))
    withdraw(contract, version, actor=actor, reason=require_reason(reason), now=now)
    made = copy_version(contract, version, kind=version.kind, user=user, now=now)
    for name in WHY:
        setattr(made, name, getattr(version, name))
    made.save()
    if contract.state == ContractState.OFFERED:
        payload = {"version": version.number}
        move(
            contract,
            "take_back",
            flow=CONTRACT,
            actor=actor,
            now=now,
            contract=contract,
            comment=reason,
            payload=payload,
        )
    return made


def held_version(version_id: int, user: User) -> tuple[Contract, ContractVersion, Actor]:
    """Return the contract and its version, held, and the official who acts."""
    contract_id = ContractVersion.objects.values_list("contract_id", flat=True).get(pk=version_id)
    contract = lock_contract(contract_id)
    actor = official_actor(contract, user)
    version = ContractVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    version.contract = contract
    return contract, version, actor


def withdraw(contract: Contract, version: ContractVersion, *, actor: Actor, reason: str, now: datetime) -> None:
    """Withdraw an open version of a held contract, whoever of the two has signed it."""
    payload = {"version": version.number}
    move(
        version,
        "withdraw",
        flow=CONTRACT_VERSION,
        actor=actor,
        now=now,
        contract=contract,
        comment=reason,
        payload=payload,
    )


def copy_version(
    contract: Contract, version: ContractVersion, *, kind: str, user: User, now: datetime
) -> ContractVersion:
    """Make the next draft with all that a version says; numbers of services stay."""
    last = contract.versions.aggregate(last=Max("number"))["last"] or 0
    made = ContractVersion.objects.create(
        contract=contract,
        number=last + 1,
        kind=kind,
        created_at=now,
        created_by=user,
        saved_at=now,
        **{name: getattr(version, name) for name in COPIED},
    )
    names = (*LINE, "number", "lot")
    ContractLine.objects.bulk_create(
        ContractLine(version=made, **{name: getattr(line, name) for name in names})
        for line in version.lines.select_related("service_type", "group", "lot")
    )
    return made


def _number(now: datetime) -> str:
    on = day_of(now)
    return f"{on.year}-D{take_serial(f'D{on:%y}'):05d}"


def _freeze(contract: Contract, version: ContractVersion, now: datetime) -> None:
    version.content = content_of(version, contract)
    version.digest = audit.digest_of(version.content)
    version.offered_at = now
    version.code = issue_contract_code(contract=contract, version=version, now=now)


def _term_gaps(version: ContractVersion) -> list[Gap]:
    told = [
        ("title", version.title.strip(), _("The contract has no title.")),
        ("service_from", version.service_from, _("It is not said from when the service is given.")),
        ("service_to", version.service_to, _("It is not said until when the service is given.")),
        ("report_period", version.report_period, _("It is not said how often the provider reports.")),
    ]
    found = [Gap("terms", field, words) for field, value, words in told if not value]
    found += [
        Gap("terms", field, _("Check the year."))
        for field, on in (("service_from", version.service_from), ("service_to", version.service_to))
        if on is not None and on.year not in YEARS
    ]
    pairs = (
        ("report_unit", version.report_days, version.report_unit),
        ("payment_unit", version.payment_days, version.payment_unit),
    )
    return found + [
        Gap("terms", field, _("Say in what days the term is counted."))
        for field, days, unit in pairs
        if days and not unit
    ]


def _line_gaps(contract: Contract, version: ContractVersion, lines: list[ContractLine]) -> list[Gap]:
    if not lines:
        return [Gap("lines", "", _("The contract has no service."))]
    bare = [
        line
        for line in lines
        if line.pricing == Pricing.UNIT and (line.volume is None or line.tariff is None or not line.unit)
    ]
    words = _("Service %(number)d: give its volume, unit and tariff.")
    return [
        *(Gap("lines", str(line.number), words % {"number": line.number}) for line in bare),
        *(Gap("lines", str(number), fault) for number, fault in line_faults(contract, version)),
    ]


def _funding_gaps(contract: Contract, version: ContractVersion) -> list[Gap]:
    """Compare with the sum, with what each line has left, with what is paid; binding itself checks once more."""
    sums = funding_of(version)
    total = sum(sums.values(), Decimal(0))
    if version.sum and not sums:
        return [Gap("funding", "", _("It is not said which budget line pays."))]
    below = sum_fault(contract, version)
    found = [Gap("funding", "", below)] if below else []
    if total > version.sum:
        found.append(Gap("funding", "", _("Budget lines give more than the sum of the contract.")))
    bound = {row.line_id: row for row in ContractFunding.objects.filter(contract=contract)}
    for row in BudgetLine.objects.filter(pk__in={*sums, *bound}).order_by("pk"):
        own = bound.get(row.pk)
        amount = sums.get(row.pk, Decimal(0))
        words = {"code": row.code, "year": row.year}
        if amount > row.free + (own.committed if own else 0):
            found.append(Gap("funding", "", _("The budget line %(code)s of %(year)d has not so much left.") % words))
        if own is not None and amount < own.paid:
            found.append(
                Gap("funding", "", _("More is paid already from the budget line %(code)s of %(year)d.") % words)
            )
    return found


def _why_gaps(version: ContractVersion) -> list[Gap]:
    told = [
        ("ground", version.ground_id, _("Choose the ground of the amendment.")),
        ("citation", version.citation.strip(), _("Name the act and its point, or the point of the contract.")),
        ("reason", version.reason.strip(), _("Say in words why the contract is amended.")),
    ]
    return [Gap("why", field, words) for field, value, words in told if not value]


def _first_gaps(contract: Contract, version: ContractVersion) -> list[Gap]:
    """Judge what the contract rests on: an award that stands and its sum, or the ground of another channel."""
    if contract.award is None:
        return [] if contract.ground_text.strip() else [Gap("terms", "ground_text", _("The ground is not told."))]
    found = []
    try:
        require_award(contract.award)
    except StepRefused as refusal:
        found.append(Gap("terms", "", str(refusal.reason)))
    if contract.award.amount is not None and version.sum > contract.award.amount:
        found.append(Gap("lines", "", _("The sum is larger than what was awarded.")))
    return found
