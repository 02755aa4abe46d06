"""A person's proposals on the first page of the cabinet, and the invitations that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from portal.accounts.rules import mandates_of
from portal.kernel.calendar import day_of
from procurement.enums import ClarificationState, CoApplicantState, CompetitionState, ProposalState
from procurement.interfaces.moments import left_words
from procurement.interfaces.proposal_status import COLOURS, has_result, is_over, next_step
from procurement.models import Clarification, CoApplicant, Proposal

if TYPE_CHECKING:
    from portal.accounts.models import User

# how many of those that are over the page remembers
REMEMBERED: Final = 20


@dataclass(slots=True)
class ProposalLine:
    """A proposal in a list: what to do, how long there is for it; `state` is the competition's once that ended."""

    proposal: Proposal
    next_step: str
    state: str
    colour: str
    # until when, while a question holds the close too
    until: datetime | None
    left: str
    is_urgent: bool
    has_result: bool = False


@dataclass(slots=True)
class ProposalPanel:
    """`asked` are requests to clarify, `invitations` those that the person's organisations have not answered."""

    open: list[ProposalLine] = field(default_factory=list)
    over: list[ProposalLine] = field(default_factory=list)
    invitations: list[CoApplicant] = field(default_factory=list)
    asked: list[Clarification] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.open or self.over or self.invitations)


def panel_of(user: User, now: datetime) -> ProposalPanel:
    """Return what the panel shows, in four queries however many there are; nothing of what proposals say."""
    organisations = list(mandates_of(user, day_of(now)).values_list("organisation", flat=True).distinct())
    if not organisations:
        return ProposalPanel()
    panel = ProposalPanel()
    for proposal in _proposals(organisations):
        over = is_over(proposal.competition, now) or proposal.state in ProposalState.ended
        (panel.over if over else panel.open).append(_line(proposal, now, over=over))
    panel.open.sort(key=_first_to_be_done)
    panel.over = panel.over[:REMEMBERED]
    panel.invitations = list(
        CoApplicant.objects.filter(organisation__in=organisations, state=CoApplicantState.INVITED)
        .filter(proposal__state__in=(ProposalState.DRAFT, ProposalState.WITHDRAWN))
        .filter(proposal__competition__state=CompetitionState.PUBLISHED)
        .select_related("organisation", "proposal__organisation", "proposal__competition")
    )
    panel.asked = _asked(panel.over)
    return panel


def _asked(lines: Iterable[ProposalLine]) -> list[Clarification]:
    """Return the requests to clarify that wait for an answer, those due first."""
    opened = [line.proposal.pk for line in lines if line.proposal.state == ProposalState.OPENED]
    rows = Clarification.objects.filter(
        admission__proposal__in=opened,
        admission__proposal__competition__state=CompetitionState.OPENED,
        state=ClarificationState.ASKED,
    )
    return list(rows.select_related("admission__proposal__competition").order_by("due_at")) if opened else []


def _proposals(organisations: Iterable[int]) -> list[Proposal]:
    helped = CoApplicant.objects.filter(organisation__in=organisations, state=CoApplicantState.ACCEPTED)
    own = Q(organisation__in=organisations) | Q(pk__in=helped.values("proposal"))
    rows = Proposal.objects.filter(own).select_related("competition", "organisation").defer("draft", "content")
    return list(rows.order_by("-competition__closes_at", "pk"))


def _first_to_be_done(line: ProposalLine) -> tuple[bool, datetime, str]:
    """Put above everything what was submitted and will not count as it is."""
    proposal = line.proposal
    return proposal.state != ProposalState.UNCONFIRMED, line.until or proposal.created_at, str(proposal.pk)


def _line(proposal: Proposal, now: datetime, *, over: bool) -> ProposalLine:
    competition = proposal.competition
    closes = competition.closes_at
    until = competition.hold_until if closes is not None and closes <= now else closes
    has_ended = competition.state in CompetitionState.ended
    return ProposalLine(
        proposal,
        str(next_step(proposal, is_open=not over)),
        competition.get_state_display() if has_ended else proposal.get_state_display(),
        "bad" if has_ended else COLOURS[ProposalState(proposal.state)],
        until,
        left_words(until, now) if until and not over else "",
        not over and proposal.state in (ProposalState.DRAFT, ProposalState.UNCONFIRMED),
        has_result(proposal),
    )
