"""The letters of an evaluation to the people of bidders, each about their own proposal alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts.letters import Action, Letter, absolute
from procurement.enums import AdmissionState, AwardState, ClarificationState, RankOutcome
from procurement.letters import (
    Fact,
    base_facts,
    day,
    decision_lines,
    moment,
    names,
    page_link,
    proposal_action,
    results_link,
)
from procurement.models import Admission, Award, AwardDecision, Clarification, Defence, Proposal


def own_facts(proposal: Proposal) -> tuple[Fact, ...]:
    """Return what competition and which proposal it is, for the people of its applicant."""
    return (
        *base_facts(proposal.competition),
        (_("Your proposal"), f"№ {proposal.number}, {proposal.organisation.name}"),
    )


def _page(proposal: Proposal, name: str, label: str) -> Action:
    return Action(label, absolute(reverse(f"proposals:{name}", args=[proposal.pk])))


# --- admission -------------------------------------------------------------------------------------------------------


def clarification_asked(clarification: Clarification, *, again: bool = False) -> Letter | None:
    """Bring the request with its end; said again shortly before it, unless it is answered by then."""
    if clarification.state != ClarificationState.ASKED:
        return None
    proposal = clarification.admission.proposal
    words = {**names(proposal.competition), "until": moment(clarification.due_at)}
    why = ((_("Why until then"), clarification.due_words),) if clarification.due_words else ()
    subject = _("Competition № %(number)s: clarify your proposal before %(until)s")
    return Letter(
        (_("Competition № %(number)s: your clarification is still awaited") if again else subject) % words,
        (
            _("The commission asks to clarify named fields of your proposal. This is done once."),
            _("The question: %(text)s") % {"text": clarification.text},
            _("Answer before %(until)s. Without an answer the proposal is judged as it was submitted.") % words,
        ),
        _page(proposal, "clarification", _("Answer")),
        (_("Only the named fields can be changed. The request and your answer are published with the results."),),
        facts=(*own_facts(proposal), *why),
    )


def clarification_received(clarification: Clarification) -> Letter:
    proposal = clarification.admission.proposal
    return Letter(
        _("Competition № %(number)s: your clarification is received") % names(proposal.competition),
        (_("Your answer is received and lies with your proposal. It cannot be changed any more."),),
        proposal_action(proposal),
        facts=(*own_facts(proposal), (_("Received at"), moment(clarification.answered_at))),
    )


def clarification_lapsed(clarification: Clarification) -> Letter:
    proposal = clarification.admission.proposal
    return Letter(
        _("Competition № %(number)s: the time to clarify has passed") % names(proposal.competition),
        (
            _("No answer came before %(until)s. The proposal is judged as it was submitted.")
            % {"until": moment(clarification.due_at)},
        ),
        proposal_action(proposal),
        facts=own_facts(proposal),
    )


def admission_decided(admission: Admission) -> Letter | None:
    """Say whether the proposal is let to scoring; while it is checked again, nothing is said twice."""
    proposal = admission.proposal
    words = names(proposal.competition)
    if admission.state == AdmissionState.ADMITTED:
        return Letter(
            _("Competition № %(number)s: your proposal is admitted") % words,
            (_("Your proposal is admitted and goes to scoring. You are written to when the decision is published."),),
            proposal_action(proposal),
            facts=own_facts(proposal),
        )
    if admission.state != AdmissionState.REJECTED:
        return None
    ground = [_("Ground: %(ground)s") % {"ground": admission.ground.text}] if admission.ground else []
    return Letter(
        _("Competition № %(number)s: your proposal is not admitted") % words,
        (
            _("Your proposal is not admitted to scoring."),
            *ground,
            _("Reason: %(reason)s") % {"reason": admission.reason},
            _("If you do not agree, you may appeal."),
        ),
        _page(proposal, "appeal", _("File an appeal")),
        facts=own_facts(proposal),
        links=(proposal_action(proposal),),
    )


def admission_reconsidered(admission: Admission) -> Letter:
    proposal = admission.proposal
    return Letter(
        _("Competition № %(number)s: the admission of your proposal is considered again") % names(proposal.competition),
        (_("What was said before about it is not in force. You are told of the new decision."),),
        proposal_action(proposal),
        facts=own_facts(proposal),
    )


def defence_appointed(defence: Defence) -> Letter:
    proposal = defence.proposal
    words = {**names(proposal.competition), "at": moment(defence.at)}
    return Letter(
        _("Competition № %(number)s: defend your proposal on %(at)s") % words,
        (_("You present your proposal to the commission and answer its questions."),),
        proposal_action(proposal),
        facts=(
            *own_facts(proposal),
            (pgettext("defence", "When"), moment(defence.at)),
            (pgettext("defence", "Where"), defence.place or _("not stated")),
        ),
    )


# --- the decision ----------------------------------------------------------------------------------------------------


def decided(
    decision: AwardDecision,
    proposal: Proposal,
    own: Sequence[str],
    awards: Sequence[Award],
    until: tuple[date | None, str],
) -> Letter:
    """Bring a bidder the decision: first its own result, then whose the award is, then how to appeal and until when."""
    words = names(decision.competition)
    subject = _("Competition № %(number)s: the decision is published")
    offered = [award for award in awards if award.state == AwardState.OFFERED]
    if decision.supersedes_id is not None:
        subject = _("Competition № %(number)s: a new decision takes the place of the earlier one")
    if awards:
        subject = _("Competition № %(number)s: you have won")
    first = _("Your proposal has won.") if awards else _("Your proposal has not won.")
    if offered:
        first = _("Your proposal has won. Say whether you accept: until then the award waits for you.")
    action = _page(proposal, "award", _("Accept or refuse")) if offered else _result(proposal)
    return Letter(
        subject % words,
        (first, *own, *decision_lines(decision), *_way_to_appeal(until)),
        action,
        facts=(*own_facts(proposal), *award_facts(awards)),
        links=(
            *((_result(proposal),) if offered else ()),
            _page(proposal, "appeal", _("File an appeal")),
            results_link(decision.competition),
        ),
    )


def own_results(decision: AwardDecision, proposal: Proposal, rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Say how this proposal stands in every lot, or why it was not scored; `rows` are those of the ranking."""
    told = [
        _("Lot %(lot)s: place %(place)s, %(total)s points, %(outcome)s.")
        % {
            "lot": row["lot"],
            "place": row["place"],
            "total": row["total"],
            "outcome": RankOutcome.words(row["outcome"]),
        }
        for row in rows
        if row["proposal"] == str(proposal.number)
    ]
    if told:
        return told
    admission = decision.round.admissions.filter(proposal=proposal).select_related("ground").first()
    if admission is None or admission.ground is None:
        return [_("Your proposal was not scored.")]
    return [
        _("Your proposal is not admitted to scoring."),
        _("Ground: %(ground)s") % {"ground": admission.ground.text},
        _("Reason: %(reason)s") % {"reason": admission.reason},
    ]


def _result(proposal: Proposal) -> Action:
    return _page(proposal, "result", _("See your scores and the reasons"))


def _way_to_appeal(until: tuple[date | None, str]) -> tuple[str, ...]:
    last, why = until
    if last is None:
        return (_("If you do not agree, you may appeal. Until when: %(why)s") % {"why": why},)
    return (_("If you do not agree, you may appeal until %(day)s, this day included.") % {"day": day(last)}, why)


def award_facts(awards: Sequence[Award]) -> tuple[Fact, ...]:
    return tuple(
        (
            _("Lot %(number)s") % {"number": award.lot.number},
            _("%(title)s, %(sum)s UAH")
            % {"title": award.lot.title, "sum": number_format(award.amount, 2, force_grouping=True)}
            if award.amount is not None
            else award.lot.title,
        )
        for award in awards
    )


def evaluated_anew(proposal: Proposal, reason: str) -> Letter:
    """Say that an upheld appeal has undone the evaluation, to every bidder."""
    return Letter(
        _("Competition № %(number)s is evaluated anew") % names(proposal.competition),
        (
            _("What the commission had done is undone, and it evaluates the proposals anew."),
            _("Reason: %(reason)s") % {"reason": reason},
            _("Your proposal takes part as it was submitted. You need to do nothing."),
        ),
        proposal_action(proposal),
        facts=own_facts(proposal),
        links=(page_link(proposal.competition),),
    )
