"""The right of reply: what the official and the provider say about a risk card stands beside it for good."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import rules as accounts
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from procurement import contract_rules
from procurement.contract_enums import Side
from procurement.domain.contracts import steps
from procurement.domain.risks.recording import record_of_competition
from procurement.enums import AwardState, ProposalState
from procurement.models import Award, Competition, RiskCard, RiskReply
from procurement.rules import can_commission
from registry.domain.desk import actor_for
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User


def party_of(card: RiskCard) -> Organisation | None:
    """Return the provider that a card is about; a competition with several applicants and no one winner has none."""
    if card.contract is not None:
        return card.contract.contractor
    awards = Award.objects.filter(
        decision__competition=card.competition_id,
        decision__superseded_by__isnull=True,
        state__in=AwardState.standing,
    )
    winners = list(Organisation.objects.filter(proposals__awards__in=awards).distinct()[:2])
    if not winners:
        opened = {"proposals__competition": card.competition_id, "proposals__state": ProposalState.OPENED}
        winners = list(Organisation.objects.filter(**opened).distinct()[:2])
    return winners[0] if len(winners) == 1 else None


def may_reply(user: User, card: RiskCard, side: str) -> bool:
    """Say whether the person may speak about the card for that side; nobody speaks for both."""
    party = party_of(card)
    if side == Side.CONTRACTOR:
        return party is not None and bool(accounts.can_sign_for(user, party))
    if card.contract is not None:
        return bool(contract_rules.can_run_contract(user, card.contract))
    competition = card.competition
    if competition is None or not can_commission(user, competition.hromada):
        return False
    return party is None or not accounts.can_edit_for(user, party)


@transaction.atomic
def reply_to_card(*, card_id: int, user: User, side: str, text: str, key: UUID, now: datetime) -> RiskReply:
    """Publish a side's words beside the card; the same key again changes nothing.

    A card that no longer holds is replied to as well: it stays readable. Raises `PermissionDenied`, `StepRefused`.
    """
    rows = RiskCard.objects.select_for_update(of=("self",)).select_related(
        "rule", "contract__contractor", "contract__hromada", "competition__hromada"
    )
    card = rows.get(pk=card_id)
    if not may_reply(user, card, side):
        raise PermissionDenied
    known = RiskReply.objects.filter(key=key).first()
    if known is not None and known.card_id != card.pk:
        raise StepRefused(_("This form was already sent. Open it anew."))
    if known is not None:
        return known
    words = text.strip()
    if not words:
        raise StepRefused(_("Write the reply."))
    reply = RiskReply.objects.create(card=card, side=side, text=words, at=now, by=user, key=key)
    reply.log_seq = _record(card, user, side, reply, now)
    reply.save(update_fields=["log_seq"])
    return reply


def _record(card: RiskCard, user: User, side: str, reply: RiskReply, now: datetime) -> int:
    actor = actor_for(user, Role.COMMISSIONER) if side == Side.COMMISSIONER else Actor(user, steps.CONTRACTOR)
    payload = {"rule": card.rule.slug, "side": str(side), "text": audit.digest_of({"text": reply.text})}
    if card.contract is not None:
        return steps.record(card, "reply", actor=actor, now=now, contract=card.contract, payload=payload, clause="")
    competition = card.competition
    assert isinstance(competition, Competition)
    return record_of_competition(card, competition, "reply", actor=actor, now=now, payload=payload)
