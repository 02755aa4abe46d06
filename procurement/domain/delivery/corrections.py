"""Corrections of accepted acts: another act with the differences; what was accepted stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement import contract_rules
from procurement.contract_enums import ActKind, ActState
from procurement.domain.contracts.steps import contractor_actor, official_actor, record, require_contract_state
from procurement.domain.delivery.act_limits import require_claimable
from procurement.domain.delivery.act_making import ActFacts, LineFacts, next_number, priced
from procurement.domain.delivery.acts import made_before
from procurement.domain.delivery.held import CONCLUDED, lock_with_contract
from procurement.domain.delivery.sums import add_up, require_keepable
from procurement.models import AcceptanceAct, ActLine, Contract
from procurement.models.specification import KOPIIKA
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def make_correction(
    *,
    act_id: int,
    user: User,
    lines: Sequence[LineFacts],
    reason: str,
    facts: ActFacts | None = None,
    key: UUID,
    now: datetime,
) -> AcceptanceAct:
    """Begin the correction of an accepted act, by either side; the provider claims it, the commissioner accepts it.

    `lines` are differences: units, counted with the tariff of the corrected act, or a sum alone; below zero takes back.
    """
    act, contract = lock_with_contract(AcceptanceAct, act_id)
    actor = _either_side(contract, user)
    if (before := made_before(key, contract)) is not None:
        return before
    require_contract_state(contract, *CONCLUDED)
    _require_correctable(act, reason)
    correction = AcceptanceAct.objects.create(
        contract=contract,
        number=next_number(contract),
        kind=ActKind.CORRECTION,
        corrects=act,
        contract_version=act.contract_version,
        period_from=act.period_from,
        period_to=act.period_to,
        reason=reason.strip(),
        created_at=now,
        key=key,
        **_fields(facts or ActFacts()),
    )
    _write(correction, act, lines)
    require_claimable(correction)
    payload = {"act": correction.number, "corrects": act.number, "claimed": str(correction.claimed)}
    record(correction, "make", actor=actor, now=now, contract=contract, payload=payload)
    return correction


def _fields(facts: ActFacts) -> dict[str, Any]:
    return {"own_number": facts.own_number.strip(), "act_on": facts.act_on, "note": facts.note.strip()}


def _either_side(contract: Contract, user: User) -> Actor:
    if contract_rules.can_run_contract(user, contract):
        return official_actor(contract, user)
    return contractor_actor(contract, user)


def _require_correctable(act: AcceptanceAct, reason: str) -> None:
    if act.state != ActState.ACCEPTED:
        raise StepRefused(_("Only an accepted act is corrected; this one may still be changed itself."))
    if act.kind == ActKind.CORRECTION:
        raise StepRefused(_("Correct the act itself once more, not its correction."))
    if not reason.strip():
        raise StepRefused(_("Say what is corrected and why."))
    if act.corrections.exclude(state__in=ActState.terminal).exists():
        raise StepRefused(_("Another correction of this act is not decided yet."))


def _write(correction: AcceptanceAct, act: AcceptanceAct, lines: Sequence[LineFacts]) -> None:
    known = {line.line: line for line in act.lines.all()}
    rows = []
    for facts in lines:
        if facts.line not in known:
            raise StepRefused(_("The act has no such service: what it lacks is claimed by an act of its own."))
        tariff = known[facts.line].tariff
        if facts.units is not None and tariff is None:
            raise StepRefused(_("Service %(number)d has a price for the whole: say the sum.") % {"number": facts.line})
        amount = priced(facts.units, tariff) if facts.units is not None and tariff is not None else facts.amount
        if amount:
            money = require_keepable(amount.quantize(KOPIIKA, ROUND_HALF_UP))
            units = facts.units if tariff is not None else None
            rows.append(ActLine(act=correction, line=facts.line, units=units, tariff=tariff, amount=money))
    if not rows:
        raise StepRefused(_("The correction changes nothing yet: say the differences."))
    ActLine.objects.bulk_create(rows)
    correction.claimed = require_keepable(add_up(row.amount for row in rows))
    correction.save(update_fields=["claimed"])


def differences(act: AcceptanceAct) -> dict[int, Decimal]:
    """Return by line what accepted corrections changed of the act, UAH."""
    found: dict[int, Decimal] = {}
    for row in ActLine.objects.filter(act__corrects=act, act__state=ActState.ACCEPTED):
        found[row.line] = found.get(row.line, Decimal(0)) + row.amount
    return found
