"""Claims: a person says to speak for an organisation, an official confirms it by a mandate or refuses with a ground."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts import cards, notifications, rules
from portal.accounts.domain import log
from portal.accounts.domain.mandates import give_mandate
from portal.accounts.enums import ClaimState, LegalForm, PersonType
from portal.accounts.models import Claim, Mandate, Organisation, User
from portal.kernel.calendar import day_of
from portal.kernel.identifiers import clean_edrpou, clean_rnokpp
from portal.kernel.workflow import StepRefused

if TYPE_CHECKING:
    from portal.kernel.models import StoredDocument


class NameNeeded(StepRefused):
    """Nobody knows the organisation yet, so the claim has to name it."""

    def __init__(self) -> None:
        super().__init__(_("The portal does not know this organisation yet. Write its full name."))


@transaction.atomic
def claim_organisation(
    *,
    user: User,
    code: str,
    name: str,
    scope: str,
    statement: str,
    evidence: StoredDocument | None,
    now: datetime,
    person_type: str = PersonType.LEGAL_ENTITY,
    rnokpp: str = "",
) -> Claim:
    """Write that the person says to speak for the organisation with the code; one nobody knows is written down with it.

    A legal entity is named by ЄДРПОУ, a sole proprietor or a natural person by РНОКПП; `InvalidIdentifier` when the
    code cannot be one. The claim alone shows and changes nothing of an organisation that is known.
    """
    if not user.is_active or not statement.strip():
        raise StepRefused(_("Say by what right you speak for the organisation."))
    # the row of the person orders the claims of one person, and so their number
    User.objects.select_for_update().get(pk=user.pk)
    if Claim.objects.pending().filter(person=user).count() >= settings.PENDING_CLAIMS_AT_MOST:
        raise StepRefused(_("Too many of your claims wait for a decision. Wait for it or take one back."))
    if Claim.objects.filter(person=user, at__gt=now - timedelta(days=1)).count() >= settings.CLAIMS_A_DAY:
        raise StepRefused(_("You have made many claims today. Go on tomorrow."))
    organisation, made = _find_or_make(code=code, rnokpp=rnokpp, person_type=person_type, name=name.strip())
    _refuse_repeated(user, organisation, scope, now)
    claim = Claim.objects.create(
        person=user,
        organisation=organisation,
        scope=scope,
        statement=statement.strip(),
        evidence=evidence,
        made_organisation=made,
        at=now,
    )
    _note("made", claim, role=log.CLAIMANT, now=now, made_organisation=made)
    notifications.claim_made(claim, now)
    return claim


def confirm_claim(*, claim_id: int, by: User, role: str, ground: str, now: datetime) -> Mandate:
    """Turn a waiting claim into a mandate from today on; nobody confirms the own one."""

    def give(claim: Claim) -> Mandate:
        mandate = give_mandate(
            person=claim.person,
            organisation=claim.organisation,
            scope=claim.scope,
            valid_to=None,
            granted_by=by,
            now=now,
        )
        _note("confirmed", claim, role=role, now=now, mandate=mandate.pk)
        notifications.claim_confirmed(claim, now)
        return mandate

    return _decide(claim_id, by, ClaimState.CONFIRMED, ground, now, give)


def refuse_claim(*, claim_id: int, by: User, role: str, ground: str, now: datetime) -> Claim:
    """Refuse a waiting claim; the person is told the ground."""
    if not ground.strip():
        raise StepRefused(_("A refusal names its ground."))

    def tell(claim: Claim) -> Claim:
        _note("refused", claim, role=role, now=now)
        notifications.claim_refused(claim)
        return claim

    return _decide(claim_id, by, ClaimState.REFUSED, ground, now, tell)


@transaction.atomic
def withdraw_claim(*, claim_id: int, user: User, now: datetime) -> Claim:
    """Take back one's own waiting claim."""
    claim = _lock(claim_id)
    if claim.person_id != user.pk:
        raise StepRefused(_("Only the person who made a claim takes it back."))
    _settle(claim, user, ClaimState.WITHDRAWN, "", now)
    _note("withdrawn", claim, role=log.CLAIMANT, now=now)
    notifications.claim_withdrawn(claim)
    return claim


@transaction.atomic
def _decide(
    claim_id: int, by: User, state: ClaimState, ground: str, now: datetime, then: Callable[[Claim], Any]
) -> Any:
    claim = _lock(claim_id)
    if not rules.can_decide_claims(by):
        raise StepRefused(_("Only a registrar decides on claims."))
    if claim.person_id == by.pk:
        raise StepRefused(_("Nobody decides on the own claim."))
    _settle(claim, by, state, ground.strip(), now)
    return then(claim)


def _settle(claim: Claim, by: User, state: ClaimState, ground: str, now: datetime) -> None:
    if claim.state != ClaimState.PENDING:
        raise StepRefused(_("This claim is decided already."))
    claim.state, claim.decided_by, claim.decided_at, claim.ground = state, by, now, ground
    claim.save(update_fields=["state", "decided_by", "decided_at", "ground"])


def _lock(claim_id: int) -> Claim:
    claims = Claim.objects.select_for_update(of=("self",)).select_related("person", "organisation")
    return claims.get(pk=claim_id)


def _find_or_make(*, code: str, rnokpp: str, person_type: str, name: str) -> tuple[Organisation, bool]:
    """Return the organisation, and whether nobody but this claim knows it."""
    key = {"code": clean_edrpou(code)} if person_type == PersonType.LEGAL_ENTITY else {"rnokpp": clean_rnokpp(rnokpp)}
    known = Organisation.objects.select_for_update().filter(**key).first()
    # of a person the name is asked always: whether a taxpayer number is known here is told to nobody
    if person_type != PersonType.LEGAL_ENTITY and not name:
        raise NameNeeded
    if known is not None:
        return known, _is_left_behind(known) and _rename(known, name)
    if not name:
        raise NameNeeded
    form = LegalForm.SOLE_PROPRIETOR if person_type == PersonType.SOLE_PROPRIETOR else LegalForm.OTHER
    organisation, made = Organisation.objects.get_or_create(
        **key, defaults={"name": name, "person_type": person_type, "legal_form": form}
    )
    return organisation, made


def _is_left_behind(organisation: Organisation) -> bool:
    """Say whether all there is of the organisation is a claim that came to nothing."""
    claims = Claim.objects.filter(organisation=organisation)
    return (
        claims.filter(made_organisation=True).exists()
        and not claims.filter(state__in=(ClaimState.PENDING, ClaimState.CONFIRMED)).exists()
        and not organisation.mandates.exists()
        and cards.card_of(organisation) is None
    )


def _rename(organisation: Organisation, name: str) -> bool:
    if name:
        organisation.name = name
        organisation.save(update_fields=["name"])
    return True


def _refuse_repeated(user: User, organisation: Organisation, scope: str, now: datetime) -> None:
    if Claim.objects.pending().filter(person=user, organisation=organisation).exists():
        raise StepRefused(_("You have claimed this organisation already; the claim waits for a decision."))
    held = Mandate.objects.standing(day_of(now)).filter(person=user, organisation=organisation, scope=scope)
    if held.exists():
        raise StepRefused(_("You have such a mandate already."))


def _note(tag: str, claim: Claim, *, role: str, now: datetime, **payload: Any) -> None:
    log.note(
        f"claim:{tag}",
        claim,
        claim.person.email,
        role=role,
        now=now,
        organisation=claim.organisation_id,
        scope=claim.scope,
        **payload,
    )
