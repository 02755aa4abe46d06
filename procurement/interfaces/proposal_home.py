"""A person's proposals on the first page of the cabinet, and the invitations that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from portal.accounts.rules import mandates_of
from portal.kernel.calendar import day_of
from procurement.enums import CoApplicantState, CompetitionState, ProposalState
from procurement.interfaces.moments import left_words
from procurement.interfaces.proposal_status import COLOURS, is_over, next_step
from procurement.models import CoApplicant, Proposal

if TYPE_CHECKING:
    from portal.accounts.models import User

# how many of those that are over the page remembers
REMEMBERED: Final = 20


@dataclass(slots=True)
class ProposalLine:
    """A proposal in a list: what is to be done, how long there is for it."""

    proposal: Proposal
    next_step: str
    colour: str
    left: str
    is_urgent: bool


@dataclass(slots=True)
class ProposalPanel:
    """`invitations` are those that the person's organisations have not answered."""

    open: list[ProposalLine] = field(default_factory=list)
    over: list[ProposalLine] = field(default_factory=list)
    invitations: list[CoApplicant] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.open or self.over or self.invitations)


def panel_of(user: User, now: datetime) -> ProposalPanel:
    """Return what the panel shows, in three queries however many there are; nothing of what proposals say."""
    organisations = list(mandates_of(user, day_of(now)).values_list("organisation", flat=True).distinct())
    if not organisations:
        return ProposalPanel()
    panel = ProposalPanel()
    for proposal in _proposals(organisations):
        over = is_over(proposal.competition, now) or proposal.state in ProposalState.ended
        (panel.over if over else panel.open).append(_line(proposal, now, over=over))
    panel.open.sort(key=lambda line: (line.proposal.competition.closes_at or now, str(line.proposal.pk)))
    panel.over = panel.over[:REMEMBERED]
    panel.invitations = list(
        CoApplicant.objects.filter(organisation__in=organisations, state=CoApplicantState.INVITED)
        .filter(proposal__state__in=(ProposalState.DRAFT, ProposalState.WITHDRAWN))
        .filter(proposal__competition__state=CompetitionState.PUBLISHED)
        .select_related("organisation", "proposal__organisation", "proposal__competition")
    )
    return panel


def _proposals(organisations: Iterable[int]) -> list[Proposal]:
    helped = CoApplicant.objects.filter(organisation__in=organisations, state=CoApplicantState.ACCEPTED)
    own = Q(organisation__in=organisations) | Q(pk__in=helped.values("proposal"))
    rows = Proposal.objects.filter(own).select_related("competition", "organisation").defer("draft", "content")
    return list(rows.order_by("-competition__closes_at", "pk"))


def _line(proposal: Proposal, now: datetime, *, over: bool) -> ProposalLine:
    closes = proposal.competition.closes_at
    return ProposalLine(
        proposal,
        str(next_step(proposal, is_open=not over)),
        COLOURS[ProposalState(proposal.state)],
        left_words(closes, now) if closes and not over else "",
        not over and proposal.state in (ProposalState.DRAFT, ProposalState.UNCONFIRMED),
    )
