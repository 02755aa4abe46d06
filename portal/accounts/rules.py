"""Who may act for an organisation and who decides about that; every surface asks these predicates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import rules
from django.utils import timezone

from portal.accounts import cards
from portal.accounts.enums import ClaimState, MandateScope, Role
from portal.accounts.models import Claim, Mandate, Organisation

if TYPE_CHECKING:
    from portal.accounts.models import User

# the kind under which proofs of a right to speak for an organisation are kept
EVIDENCE: Final = "claim-evidence"
DECIDE: Final = frozenset({Role.ADMINISTRATOR, Role.REGISTRAR})


def mandates_of(user: Any, on: date) -> Any:
    """Return the mandates by which the person may act on the day."""
    if not user.is_authenticated or not user.is_active:
        return Mandate.objects.none()
    return Mandate.objects.active(on).filter(person=user)


def _holds(user: Any, organisation: Organisation, scopes: tuple[str, ...]) -> bool:
    today = timezone.localdate()
    return mandates_of(user, today).filter(organisation=organisation, scope__in=scopes).exists()


@rules.predicate
def can_manage_people(user: User, organisation: Organisation) -> bool:
    return _holds(user, organisation, (MandateScope.REPRESENTATIVE,))


@rules.predicate
def can_edit_for(user: User, organisation: Organisation) -> bool:
    """Say whether the person may prepare what the organisation says: any active mandate will do."""
    return _holds(user, organisation, tuple(MandateScope.values))


@rules.predicate
def can_sign_for(user: User, organisation: Organisation) -> bool:
    """Say whether the person may submit in the organisation's name."""
    return _holds(user, organisation, MandateScope.signing)


def _has_made(user: Any, organisation: Organisation, scopes: tuple[str, ...]) -> bool:
    """Say whether a waiting claim of these scopes is all there is of the organisation: no card, no mandate."""
    if not user.is_authenticated or not user.is_active:
        return False
    made = Claim.objects.filter(
        person=user, organisation=organisation, state=ClaimState.PENDING, made_organisation=True, scope__in=scopes
    )
    return made.exists() and not organisation.mandates.exists() and cards.card_of(organisation) is None


@rules.predicate
def has_made_organisation(user: User, organisation: Organisation) -> bool:
    """Say whether this person's waiting claim is all there is of the organisation; it opens nobody else's draft."""
    return _has_made(user, organisation, tuple(MandateScope.values))


@rules.predicate
def has_made_to_sign(user: User, organisation: Organisation) -> bool:
    """Say the same of a claim to sign: who asks to be an editor submits nothing before the mandate either."""
    return _has_made(user, organisation, MandateScope.signing)


can_draft_for = can_edit_for | has_made_organisation


@rules.predicate
def can_decide_claims(user: User) -> bool:
    """Say whether the account may decide on claims; whose territory it is, the desk knows."""
    return user.is_authenticated and user.is_active and bool(user.roles & DECIDE)
