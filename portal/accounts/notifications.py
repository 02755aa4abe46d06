"""What is said to whom about claims, invitations and mandates; letters go out after the decision is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.enums import MandateScope
from portal.accounts.letters import Action, Letter, absolute, post
from portal.accounts.models import Claim, Invitation, Mandate, Organisation
from portal.kernel.calendar import day_of
from portal.kernel.norms import MOMENT_FORMAT


def claim_made(claim: Claim, now: datetime) -> None:
    """Tell the claimant that the claim waits, and those who speak for the organisation that somebody else wants to."""
    post(
        f"accounts:claim:{claim.pk}:made",
        claim.person.email,
        Letter(
            _("Your claim is received"),
            (
                _("You asked to speak for “%(name)s” as %(scope)s.") % _told(claim),
                _("A registrar looks at it and decides. We will write to you."),
            ),
            _cabinet(),
        ),
    )
    warning = _("Somebody has asked to speak for “%(name)s” as %(scope)s. A registrar will decide.") % _of(claim)
    for pk, address in _representatives(claim.organisation, now, but=claim.person_id):
        letter = Letter(
            _("Somebody claims your organisation"),
            (warning, _("If you do not know of it, tell the registrar.")),
            _people(claim.organisation),
        )
        post(f"accounts:claim:{claim.pk}:made:{pk}", address, letter)


def claim_confirmed(claim: Claim, now: datetime) -> None:
    text = _("You may now act for “%(name)s” as %(scope)s.") % _of(claim)
    post(
        f"accounts:claim:{claim.pk}:decided",
        claim.person.email,
        Letter(_("Your mandate is confirmed"), (text,), _cabinet()),
    )
    news = _("%(person)s may now act for “%(name)s” as %(scope)s.") % {**_of(claim), "person": claim.person}
    for pk, address in _representatives(claim.organisation, now, but=claim.person_id):
        letter = Letter(_("A new person acts for your organisation"), (news,), _people(claim.organisation))
        post(f"accounts:claim:{claim.pk}:decided:{pk}", address, letter)


def claim_refused(claim: Claim) -> None:
    letter = Letter(
        _("Your claim is refused"),
        (
            _("The claim to speak for “%(name)s” was refused.") % _told(claim),
            _("Ground: %(ground)s") % {"ground": claim.ground},
            _("You may claim again with other proof."),
        ),
        _cabinet(),
    )
    post(f"accounts:claim:{claim.pk}:decided", claim.person.email, letter)


def claim_withdrawn(claim: Claim) -> None:
    text = _("You have taken back the claim to speak for “%(name)s”.") % _told(claim)
    post(f"accounts:claim:{claim.pk}:decided", claim.person.email, Letter(_("Your claim is taken back"), (text,)))


def invited(invitation: Invitation, token: str) -> None:
    """Send the key: it stands in this letter alone, which the worker's cleaning removes from the outbox."""
    until = date_format(timezone.localtime(invitation.expires_at), MOMENT_FORMAT)
    letter = Letter(
        _("You are invited to act for “%(name)s”") % _of(invitation),
        (
            _("%(person)s invites you to act for “%(name)s” as %(scope)s.")
            % {**_of(invitation), "person": invitation.invited_by},
            _("If you have no account yet, create one with this very address, then open the link again."),
        ),
        Action(_("Look at the invitation"), absolute(reverse("accounts:invitation", args=[token]))),
        (_("The link works once, until %(until)s.") % {"until": until},),
    )
    post(f"account:invitation:{invitation.pk}", invitation.email, letter)


def invitation_accepted(invitation: Invitation) -> None:
    text = _("%(person)s has accepted the invitation to act for “%(name)s” as %(scope)s.") % {
        **_of(invitation),
        "person": invitation.accepted_by,
    }
    post(
        f"accounts:invitation:{invitation.pk}:accepted",
        invitation.invited_by.email,
        Letter(_("Your invitation is accepted"), (text,), _people(invitation.organisation)),
    )


def invitation_revoked(invitation: Invitation) -> None:
    text = _("The invitation to act for “%(name)s” was taken back; its link does not work any more.") % _of(invitation)
    post(
        f"accounts:invitation:{invitation.pk}:revoked",
        invitation.email,
        Letter(_("The invitation is taken back"), (text,)),
    )


def mandate_revoked(mandate: Mandate, now: datetime) -> None:
    """Tell the person with the ground, and those who manage the organisation's people without it."""
    letter = Letter(
        _("Your mandate is revoked"),
        (
            _("You may not act for “%(name)s” as %(scope)s any more.") % _of(mandate),
            _("Ground: %(ground)s") % {"ground": mandate.ground},
        ),
    )
    post(f"accounts:mandate:{mandate.pk}:revoked", mandate.person.email, letter)
    news = _("%(person)s may not act for “%(name)s” as %(scope)s any more.") % {
        **_of(mandate),
        "person": mandate.person,
    }
    for pk, address in _representatives(mandate.organisation, now, but=mandate.person_id):
        told = Letter(_("A mandate in your organisation is revoked"), (news,), _people(mandate.organisation))
        post(f"accounts:mandate:{mandate.pk}:revoked:{pk}", address, told)


def _of(row: Claim | Invitation | Mandate) -> dict[str, object]:
    return {"name": row.organisation, "scope": MandateScope(row.scope).label}


def _told(claim: Claim) -> dict[str, object]:
    """Return the same as the claimant may read it."""
    return {**_of(claim), "name": claim.told}


def _representatives(organisation: Organisation, now: datetime, *, but: int) -> Iterable[tuple[int, str]]:
    held = Mandate.objects.active(day_of(now)).filter(organisation=organisation, scope=MandateScope.REPRESENTATIVE)
    return held.exclude(person=but).order_by("person").values_list("person", "person__email").distinct()


def _cabinet() -> Action:
    return Action(_("Open the cabinet"), absolute("/cabinet/"))


def _people(organisation: Organisation) -> Action:
    return Action(_("Look at the people"), absolute(reverse("accounts:people", args=[organisation.pk])))
