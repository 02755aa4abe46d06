"""The letters about monitoring: conclusions of visits, findings, notices."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.letters import Letter
from procurement.contract_course_letters import OFFICIAL, PROVIDER, about_thing, due_facts
from procurement.contract_enums import ContractState, FindingState, Side
from procurement.contract_letters import about, reason_line
from procurement.letters import Fact, day
from procurement.models import ContractNotice, Finding, FindingReply, FindingResult, Visit


def visit_concluded(visit: Visit, findings: int) -> Letter:
    """Bring the provider the conclusion of a visit, and how many findings wait for its reply."""
    count = ngettext("%(count)d finding waits for your reply.", "%(count)d findings wait for your reply.", findings)
    return about(
        visit.contract,
        PROVIDER,
        _("Contract № %(number)s: the conclusion of a visit"),
        visit.conclusion,
        count % {"count": findings} if findings else _("There are no findings."),
        facts=((_("Held on"), day(visit.held_on)),) if visit.held_on else (),
    )


def _finding(finding: Finding) -> tuple[Fact, ...]:
    return ((_("Finding"), f"№ {finding.number}, {finding.kind.text}"), *due_facts(finding.due_on))


def finding_replied(finding: Finding, reply: FindingReply) -> Letter | None:
    if finding.state != FindingState.REPLIED:
        return None
    return about_thing(
        finding,
        OFFICIAL,
        _("Contract № %(number)s: the provider has replied to a finding"),
        _("Judge whether it is eliminated."),
        reply.text,
        facts=_finding(finding),
    )


def finding_judged(finding: Finding, result: FindingResult) -> Letter:
    """Bring the provider the result of a finding, with another term where it has one."""
    again = (_("Another reply is awaited."),) if finding.state == FindingState.OPEN else ()
    return about_thing(
        finding,
        PROVIDER,
        _("Contract № %(number)s: the result of a finding"),
        f"{result.get_outcome_display()}.",
        *reason_line(result.reason),
        *again,
        facts=_finding(finding),
    )


def finding_due(finding: Finding, side: Side) -> Letter | None:
    """Remind of a finding near its day or past it, for as long as no reply came."""
    if finding.state != FindingState.OPEN:
        return None
    theirs = _("The provider has not replied.")
    said = _("Reply to the finding and show that it is eliminated.") if side == PROVIDER else theirs
    return about_thing(
        finding,
        side,
        _("Contract № %(number)s: a finding is to be eliminated"),
        said,
        finding.text,
        facts=_finding(finding),
    )


def notice_sent(notice: ContractNotice) -> Letter | None:
    if notice.withdrawn_at is not None:
        return None
    return about_thing(
        notice,
        PROVIDER,
        _("Contract № %(number)s: a notice of the commissioner"),
        f"{notice.get_kind_display()}: {notice.ground.text}",
        notice.text,
        facts=((_("To be answered by"), day(notice.answer_by)),),
    )


def notice_answered(notice: ContractNotice) -> Letter:
    subject = _("Contract № %(number)s: the provider has answered a notice")
    return about_thing(notice, OFFICIAL, subject, notice.answer)


def notice_withdrawn(notice: ContractNotice) -> Letter:
    subject = _("Contract № %(number)s: a notice is withdrawn")
    return about_thing(notice, PROVIDER, subject, *reason_line(notice.withdrawn_reason))


def notice_over(notice: ContractNotice) -> Letter | None:
    """Tell the official that the term of a notice is over, unless it was withdrawn."""
    if notice.withdrawn_at is not None or notice.contract.state not in ContractState.running:
        return None
    answered = _("The provider has answered.") if notice.answered_at else _("The provider has not answered.")
    return about_thing(
        notice,
        OFFICIAL,
        _("Contract № %(number)s: the term of a notice is over"),
        answered,
        facts=((_("To be answered by"), day(notice.answer_by)),),
    )
