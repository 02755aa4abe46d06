"""Proposals in competitions, written by their bidders with the forms as shipped."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile

from portal.accounts.models import Organisation, User
from portal.kernel import clock
from procurement.domain.proposals.drafts import Saved, attach_document, save_proposal, start_proposal
from procurement.domain.proposals.submitting import submit_proposal
from procurement.models import Competition, Proposal, ProposalRevision

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# everything that the form of the social order asks of a bidder alone, for one lot of 324 000
COMPLETE = {
    "about/title": "ГО «Турбота поруч»",
    "about/head": "Левченко Ірина, голова",
    "about/contact": "Левченко Ірина",
    "about/phone": "+380501112233",
    "about/email": "office@turbota.example",
    "about/jointly": "no",
    "criteria/services": "Догляд вдома",
    "criteria/standards": "Індивідуальний план для кожного отримувача, перегляд раз на пів року.",
    "criteria/base": "Офіс 40 м², два велосипеди, засоби догляду.",
    "criteria/tax_debt": "no",
    "criteria/income": "812 500,40",
    "criteria/sources": ["budget", "grants"],
    "experience/years": "6",
    "staff/people/1/position": "Соціальний робітник",
    "staff/people/1/number": "3,5",
    "staff/people/1/qualification": "Курси підвищення кваліфікації",
    "service/content": "Прибирання, приготування їжі, купівля ліків.",
    "service/place": "Диканська громада",
    "service/from": "01.06.2027",
    "service/quality": "Опитування щомісяця, журнал скарг.",
    "offer/lots/1/recipients": "20",
    "offer/lots/1/volume": "1800",
    "offer/lots/1/tariff": "175,50",
    "statements/true": "yes",
    "statements/conditions": "yes",
    "statements/publication": "yes",
}


def begin(competition: Competition, organisation: Organisation, user: User, *, now: datetime) -> Proposal:
    return start_proposal(user=user, competition_number=competition.number, organisation_id=organisation.pk, now=now)


def write(proposal: Proposal, user: User, values: dict[str, Any], *, now: datetime, base: int | None = None) -> Saved:
    """Save these fields, as read at the present version unless another one is given."""
    proposal.refresh_from_db()
    version = proposal.draft_version if base is None else base
    return save_proposal(proposal_id=proposal.pk, user=user, base_version=version, patch=dict(values), now=now)


def attach(
    proposal: Proposal, user: User, *, now: datetime, path: str = "documents/statute", name: str = "Статут.pdf"
) -> str:
    proposal.refresh_from_db()
    key, _saved = attach_document(
        proposal_id=proposal.pk,
        user=user,
        path=path,
        file=ContentFile(PDF, name),
        base_version=proposal.draft_version,
        now=now,
    )
    return key


def fill_proposal(proposal: Proposal, user: User, *, now: datetime, **values: Any) -> Proposal:
    """Write everything that is required, the statute and the certificate of no debt with it."""
    saved = write(proposal, user, {**COMPLETE, **values}, now=now)
    assert not saved.refused and not saved.conflicts, (saved.refused, saved.conflicts)
    attach(proposal, user, now=now)
    attach(proposal, user, now=now, path="documents/no_debt", name="Довідка.pdf")
    proposal.refresh_from_db()
    return proposal


def submit(proposal: Proposal, user: User, *, now: datetime) -> ProposalRevision:
    proposal.refresh_from_db()
    with clock.standing_at(now):
        return submit_proposal(proposal_id=proposal.pk, user=user, draft_version=proposal.draft_version, key=uuid4())


def make_submitted_proposal(
    competition: Competition, organisation: Organisation, user: User, *, now: datetime | None = None
) -> Proposal:
    """Return a whole proposal, submitted a day after the announcement unless `now` is given."""
    at = now or competition.published_at + timedelta(days=1)
    proposal = fill_proposal(begin(competition, organisation, user, now=at), user, now=at)
    submit(proposal, user, now=at)
    proposal.refresh_from_db()
    return proposal
