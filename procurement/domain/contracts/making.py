"""A contract is made: of an award that the winner accepted, or entered for another channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.accounts import rules as accounts
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.kernel.calendar import day_of
from portal.kernel.models import RuleProfile
from portal.kernel.models.reference import in_force_on
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.contract_enums import ContractState, ContractVersionKind
from procurement.domain.contracts.copying import line_of_award, line_of_item
from procurement.domain.contracts.steps import record
from procurement.domain.contracts.templates import first_template, words_of
from procurement.domain.contracts.terms import signing_due
from procurement.domain.evaluation.appeals import stopping, to_be_corrected
from procurement.domain.evaluation.steps import policy_of
from procurement.enums import AwardState, Channel
from procurement.models import Award, Commissioner, Contract, ContractVersion, OrderItem
from procurement.queries.contracts.awarded import contract_instead_of, without_contract
from registry.domain.desk import actor_for
from registry.domain.providers import Actor
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User

# what is entered directly; an award makes contracts of its own
DIRECT = (Channel.PROCUREMENT, Channel.PARTNERSHIP, Channel.OWN_PROVIDER, Channel.PROJECT_COMPETITION)


@dataclass(frozen=True, slots=True)
class Ground:
    """How a contract of another channel came about."""

    text: str
    identifier: str = ""
    identifier_url: str = ""
    order_item_id: int | None = None


def awards_waiting(hromada: Territory) -> QuerySet[Award]:
    """Return the accepted awards in force of the hromada of which no contract is made, or only ones that failed."""
    made = Contract.objects.filter(award__isnull=False).exclude(state=ContractState.NOT_CONCLUDED).values("award")
    rows = Award.objects.filter(
        decision__competition__hromada=hromada,
        decision__superseded_by__isnull=True,
        state=AwardState.ACCEPTED,
    ).exclude(pk__in=made)
    related = ("decision__competition", "lot", "proposal__organisation")
    return without_contract(rows).select_related(*related).order_by("decision__competition__contract_on", "pk")


@transaction.atomic
def make_from_award(*, award_id: int, user: User, key: UUID, now: datetime) -> Contract:
    """Make the draft of a contract of an accepted award: what the competition and the proposal said is copied.

    A second press, or another official's, leads to the same contract. Raises `StepRefused`.
    """
    related = (
        "decision__competition__commissioner__organisation",
        "decision__minutes",
        "lot",
        "proposal__organisation",
    )
    award = Award.objects.select_for_update(of=("self",)).select_related(*related).get(pk=award_id)
    competition = award.decision.competition
    actor = _official(user, competition.hromada, award.proposal.organisation)
    known = Contract.objects.filter(award=award).exclude(state=ContractState.NOT_CONCLUDED).first()
    if known is not None:
        return known
    require_award(award)
    bought = contract_instead_of(award)
    if bought is not None:
        raise StepRefused(_("The lot is contracted already: № %(number)s.") % {"number": bought.number})
    contract = _awarded(award, user, key, now)
    contract.sign_by, contract.sign_by_words = signing_due(contract, award.decision.at)
    snapshot = award.lot.snapshot or {}
    begins = _date(snapshot.get("service_from")) or competition.service_from
    version = _first_version(contract, begins, _date(snapshot.get("service_to")) or competition.service_to, now)
    line = line_of_award(award, version)
    line.save()
    _sum_up(contract, version, line.sum)
    record(contract, "make", actor=actor, now=now, contract=contract, payload=_made_of(contract, award))
    return contract


@transaction.atomic
def make_direct(
    *,
    commissioner_id: int,
    contractor_id: int,
    channel: str,
    title: str,
    ground: Ground,
    user: User,
    key: UUID,
    now: datetime,
) -> Contract:
    """Enter a contract of another channel: a procurement with its identifier, a partnership, an own provider.

    Raises `StepRefused` where its ground is not told.
    """
    known = Contract.objects.filter(key=key).first()
    if known is not None:
        return _same(known, user)
    body = Commissioner.objects.select_related("hromada", "organisation").get(pk=commissioner_id)
    provider = Organisation.objects.get(pk=contractor_id)
    actor = _official(user, body.hromada, provider)
    _require_ground(channel, title, ground)
    ordered = OrderItem.objects.filter(decision__hromada=body.hromada)
    item = ordered.filter(pk=ground.order_item_id).first() if ground.order_item_id is not None else None
    contract = _entered(body, provider, channel, title, ground, item)
    contract.created_at = contract.changed_at = now
    contract.created_by, contract.key = user, key
    contract.profile = _profile(channel, body, now)
    version = _first_version(contract, None, None, now)
    if item is not None:
        line = line_of_item(item, version)
        line.save()
        _sum_up(contract, version, line.sum)
    record(contract, "make", actor=actor, now=now, contract=contract, payload={"channel": channel})
    return contract


def require_award(award: Award) -> None:
    """Raise `StepRefused` unless the award was accepted, its decision is in force and no appeal stops it."""
    if award.state != AwardState.ACCEPTED:
        raise StepRefused(_("The winner has not accepted the award, or it does not stand any more."))
    if hasattr(award.decision, "superseded_by"):
        raise StepRefused(_("The decision that gave this award is not in force any more."))
    appeal = stopping(award.decision.competition) or to_be_corrected(award.decision)
    if appeal is not None:
        raise StepRefused(_("Appeal № %(number)d stops the contract.") % {"number": appeal.number})


def _awarded(award: Award, user: User, key: UUID, now: datetime) -> Contract:
    competition, item = award.decision.competition, award.lot.specification
    return Contract(
        hromada=competition.hromada,
        commissioner=competition.commissioner,
        contractor=award.proposal.organisation,
        title=award.lot.title,
        profile=competition.profile,
        channel=policy_of(competition).get("channel") or Channel.SOCIAL_ORDER,
        award=award,
        competition=competition,
        order_item=item.order_item if item else None,
        created_at=now,
        created_by=user,
        key=key,
        changed_at=now,
        is_demo=competition.is_demo,
    )


def _entered(
    body: Commissioner, provider: Organisation, channel: str, title: str, ground: Ground, item: OrderItem | None
) -> Contract:
    return Contract(
        hromada=body.hromada,
        commissioner=body,
        contractor=provider,
        title=title.strip(),
        channel=channel,
        order_item=item,
        ground_text=ground.text.strip(),
        identifier=ground.identifier.strip(),
        identifier_url=ground.identifier_url.strip(),
        is_demo=provider.is_demo,
    )


def _official(user: User, hromada: Territory, provider: Organisation) -> Actor:
    """Return who acts; an official with a mandate of the provider makes no contract with it."""
    if not rules.can_commission(user, hromada) or accounts.can_edit_for(user, provider):
        raise PermissionDenied
    return actor_for(user, Role.COMMISSIONER)


def _same(known: Contract, user: User) -> Contract:
    if known.created_by_id != user.pk:
        raise StepRefused(_("This form was already sent. Open it anew."))
    return known


def _require_ground(channel: str, title: str, ground: Ground) -> None:
    if channel not in DIRECT:
        raise StepRefused(_("A contract of the social order is made of an award."))
    if not title.strip():
        raise StepRefused(_("Say what the contract is about."))
    if channel == Channel.PROCUREMENT and not ground.identifier.strip():
        raise StepRefused(_("Give the identifier of the procurement."))
    if not ground.text.strip():
        raise StepRefused(_("Say on what ground the contract is concluded."))


def _profile(channel: str, body: Commissioner, now: datetime) -> RuleProfile | None:
    """Return the rules of the procedure that the channel has in the table; terms of others are not set there."""
    procedure = {Channel.PROJECT_COMPETITION: "social-project"}.get(Channel(channel), "social-order")
    rows = RuleProfile.objects.filter(in_force_on(day_of(now), "valid_from", "valid_to"), procedure=procedure)
    nearness = [body.hromada.code, body.organisation.code, ""]
    found = [one for one in rows.order_by("-valid_from") if one.authority in nearness]
    return min(found, key=lambda one: nearness.index(one.authority), default=None)


def _first_version(contract: Contract, begins: date | None, ends: date | None, now: datetime) -> ContractVersion:
    """Save the contract with its first version, in the words of the template that fits the channel."""
    contract.service_from, contract.service_to = begins, ends
    contract.save(force_insert=True)
    template = first_template(contract.hromada, contract.channel)
    return ContractVersion.objects.create(
        contract=contract,
        number=1,
        kind=ContractVersionKind.FIRST,
        template=template,
        sections=words_of(template) if template else [],
        title=contract.title,
        service_from=begins,
        service_to=ends,
        created_at=now,
        created_by=contract.created_by,
        saved_at=now,
    )


def _sum_up(contract: Contract, version: ContractVersion, total: Decimal) -> None:
    version.sum = contract.sum = total
    version.save(update_fields=["sum"])
    contract.save(update_fields=["sum"])


def _made_of(contract: Contract, award: Award) -> dict[str, Any]:
    competition = award.decision.competition
    return {
        "channel": contract.channel,
        "competition": competition.number,
        "lot": award.lot.number,
        "proposal": award.proposal.number,
        "sum": str(contract.sum),
    }


def _date(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
