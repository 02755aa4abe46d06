"""All lawful steps with claims, invitations and mandates, for the layers above."""

from portal.accounts.domain.claims import NameNeeded, claim_organisation, confirm_claim, refuse_claim, withdraw_claim
from portal.accounts.domain.invitations import (
    ForAnotherAddress,
    accept_invitation,
    find_invitation,
    invite_person,
    revoke_invitation,
)
from portal.accounts.domain.mandates import is_last_representative, revoke_mandate

__all__ = [
    "ForAnotherAddress",
    "NameNeeded",
    "accept_invitation",
    "claim_organisation",
    "confirm_claim",
    "find_invitation",
    "invite_person",
    "is_last_representative",
    "refuse_claim",
    "revoke_invitation",
    "revoke_mandate",
    "withdraw_claim",
]
