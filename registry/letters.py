"""The letters about an application, in the language in force; they name fields and never what stands in them."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.accounts.letters import Action, Letter, absolute
from portal.kernel.norms import DAY_FORMAT, MOMENT_FORMAT
from portal.kernel.verification import verification_url
from registry.enums import ApplicationKind, Outcome
from registry.models import Application, RegisterDecision
from registry.queries.content_words import ContentWords


def receipt(application: Application) -> Letter | None:
    if application.kind == ApplicationKind.INITIATIVE:
        return None
    facts = [*_facts(application), (_("Submitted at"), _moment(application.submitted_at))]
    facts += [(_("Decision due by"), _due(application.decision_due_on))]
    if application.digest:
        facts += [(_("Digest of the content"), application.digest)]
    code = application.receipt.code if application.receipt else ""
    return Letter(
        _("Application %(number)s is received") % _names(application),
        (
            _("The register has received the application of %(name)s. Keep this letter: it is your receipt.")
            % _names(application),
            _("A registrar examines the application and another official decides. We will write at each step."),
        ),
        _cabinet_action(application),
        facts=tuple(facts),
        links=(Action(_("Check the receipt"), verification_url(code)),) if code else (),
    )


def entered(application: Application) -> Letter:
    return Letter(
        _("Your changes are entered in the register"),
        (_("The changes of %(name)s need no decision, so the register shows them already.") % _names(application),),
        _cabinet_action(application),
        facts=_facts(application),
    )


def news_for_registrars(application: Application) -> Letter | None:
    if application.kind == ApplicationKind.INITIATIVE or application.closed_at:
        return None
    return Letter(
        _("New application %(number)s") % _names(application),
        (_("An application waits to be examined in your territory."),),
        _desk_action(application),
        facts=(*_facts_for_officials(application), (_("Decision due by"), _due(application.decision_due_on))),
    )


def taken(application: Application) -> Letter:
    if application.kind == ApplicationKind.INITIATIVE:
        return Letter(
            _("The registrar has opened a case about your entry"),
            (
                _("A registrar looks into the entry of %(name)s in the register by own initiative.")
                % _names(application),
                _("Until another official decides, the entry stays as it is. We will write what was decided."),
            ),
            _cabinet_action(application),
            facts=_facts(application),
        )
    return Letter(
        _("Application %(number)s is being examined") % _names(application),
        (_("A registrar has begun to examine the application of %(name)s.") % _names(application),),
        _cabinet_action(application),
        facts=(*_facts(application), (_("Decision due by"), _due(application.decision_due_on))),
    )


def correction(application: Application) -> Letter | None:
    asked = application.corrections.order_by("-pk").first()
    if asked is None:
        return None
    words = ContentWords(asked.before, application.content)
    until = _day(asked.due_on) if asked.due_on else _("the term is not set in the reference table")
    return Letter(
        _("Application %(number)s: a correction is asked for") % _names(application),
        (
            _("The registrar asks to correct some fields of the application of %(name)s.") % _names(application),
            _("What the registrar writes: %(comment)s") % {"comment": asked.comment},
            _("Correct these fields:"),
        ),
        _cabinet_action(application, _("Correct the application")),
        (_("The other fields stay as they were submitted."),),
        facts=(*_facts(application), (_("Correct until, the day included"), until)),
        points=tuple(capfirst(words.line(path)) for path in asked.fields),
    )


def corrected(application: Application) -> Letter:
    return Letter(
        _("Application %(number)s is corrected") % _names(application),
        (_("The provider has corrected what you asked for. The examination goes on."),),
        _desk_action(application),
        facts=_facts_for_officials(application),
    )


def lapsed(application: Application) -> Letter:
    return Letter(
        _("Application %(number)s: the day for correction has passed") % _names(application),
        (_("Nothing was corrected in time, so the registrar goes on with what was submitted."),),
        _cabinet_action(application),
        facts=_facts(application),
    )


def lapsed_for_examiner(application: Application) -> Letter:
    return Letter(
        _("Application %(number)s: the day for correction has passed") % _names(application),
        (_("The provider did not correct the application in time. The examination goes on with what there is."),),
        _desk_action(application),
        facts=_facts_for_officials(application),
    )


def proposed(application: Application) -> Letter | None:
    proposal = application.proposals.order_by("-pk").first()
    if proposal is None:
        return None
    return Letter(
        _("Application %(number)s waits for your decision") % _names(application),
        (_("A specialist has examined the application and proposes what to decide."),),
        _desk_action(application),
        facts=(
            *_facts_for_officials(application),
            (_("What is proposed"), capfirst(Outcome(proposal.outcome).label)),
            (_("Decision due by"), _due(application.decision_due_on)),
        ),
    )


def sent_back(application: Application) -> Letter | None:
    proposal = application.proposals.order_by("-pk").first()
    if proposal is None:
        return None
    return Letter(
        _("Application %(number)s is sent back to you") % _names(application),
        (
            _("The approver did not accept the proposed outcome. Examine the application further."),
            _("Why: %(reason)s") % {"reason": proposal.sent_back_reason},
        ),
        _desk_action(application),
        facts=_facts_for_officials(application),
    )


def decided(application: Application) -> Letter | None:
    decision = RegisterDecision.objects.filter(application=application).select_related("code", "entry").first()
    if decision is None:
        return None
    paragraphs = [_("The register has decided on the application of %(name)s.") % _names(application)]
    if application.kind == ApplicationKind.INITIATIVE:
        paragraphs = [_("The register has decided about the entry of %(name)s.") % _names(application)]
    if decision.reason:
        paragraphs.append(_("Reasons: %(reason)s") % {"reason": decision.reason})
    if decision.grounds:
        paragraphs.append(_("Grounds:"))
    facts = [*_facts(application), (_("Decision number"), decision.number)]
    facts.append((_("What is decided"), str(capfirst(Outcome(decision.outcome).label))))
    if decision.suspend_until:
        facts.append((_("Suspended until, the day included"), _day(decision.suspend_until)))
    if decision.entry:
        facts.append((_("Number in the register"), decision.entry.number))
    return Letter(
        _decided_subject(application, decision),
        tuple(paragraphs),
        _decision_action(decision),
        _what_next(decision),
        facts=tuple(facts),
        points=tuple(ground["text_uk"] for ground in decision.grounds),
        links=_check_link(decision),
    )


def _decided_subject(application: Application, decision: RegisterDecision) -> str:
    if decision.outcome == Outcome.RETURN:
        return _("Application %(number)s is returned for revision") % _names(application)
    return _("Application %(number)s: the decision") % _names(application)


def _what_next(decision: RegisterDecision) -> tuple[str, ...]:
    if decision.outcome == Outcome.RETURN:
        return (_("Your application is kept in the cabinet: begin a new one, it is filled in with what you wrote."),)
    if decision.outcome in (Outcome.INCLUDE, Outcome.INCLUDE_SOME):
        return (_("The card of the provider is public now. An extract from the register stands on the card."),)
    return ()


def corrected_decision(decision: RegisterDecision, old: RegisterDecision) -> Letter:
    return Letter(
        _("Decision %(old)s is corrected") % {"old": old.number},
        (
            _("Decision %(new)s now stands in place of decision %(old)s. What was decided stays the same.")
            % {"new": decision.number, "old": old.number},
            _("Reasons: %(reason)s") % {"reason": decision.reason},
        ),
        _decision_action(decision),
        (_("The earlier decision stays readable and points at the new one."),),
        links=_check_link(decision),
    )


def withdrawn(application: Application) -> Letter | None:
    if not application.submitted_at:
        return None
    return Letter(
        _("Application %(number)s is withdrawn") % _names(application),
        (_("The application of %(name)s is withdrawn. Nothing is decided on it.") % _names(application),),
        facts=_facts(application),
    )


# pieces


def _names(application: Application) -> dict[str, str]:
    return {"number": application.number or "", "name": application.organisation.name}


def _facts(application: Application) -> tuple[tuple[str, str], ...]:
    kind = str(capfirst(ApplicationKind(application.kind).label))
    return ((_("What is asked"), kind), (_("Application number"), application.number or ""))


def _facts_for_officials(application: Application) -> tuple[tuple[str, str], ...]:
    return ((_("Provider"), application.organisation.name), *_facts(application))


def _cabinet_action(application: Application, label: str = "") -> Action:
    return Action(label or _("Open the application"), absolute(reverse("cabinet:application", args=[application.pk])))


def _desk_action(application: Application) -> Action:
    return Action(_("Open at the desk"), absolute(reverse("desk_applications:application", args=[application.pk])))


def _decision_action(decision: RegisterDecision) -> Action:
    return Action(_("Read the decision"), absolute(reverse("registry:decision", args=[decision.number])))


def _check_link(decision: RegisterDecision) -> tuple[Action, ...]:
    return (Action(_("Check the decision"), verification_url(decision.code.code)),) if decision.code else ()


def _due(day: date | None) -> str:
    return _day(day) if day else _("the term is not set in the reference table")


def _day(day: date) -> str:
    return date_format(day, DAY_FORMAT)


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), MOMENT_FORMAT) if moment else ""
