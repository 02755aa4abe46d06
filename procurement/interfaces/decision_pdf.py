"""A decision on winners as a file, printed once for each of its states and languages; what its code says any time."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kernel.models import VerificationCode
from portal.kernel.pdf import render_pdf
from portal.kernel.verification import Present
from procurement.enums import RoundState
from procurement.interfaces.moments import in_words, read_money
from procurement.models import AwardDecision
from registry.interfaces.press import print_once
from registry.templatetags.register import money

Line = tuple[str, str]
# an edition of the template: papers printed by another one are printed anew
EDITION: Final = 1


def decision_paper_name(decision: AwardDecision) -> str:
    """Return the name under which the paper is kept: it holds all that what is printed depends on."""
    if decision.code is None:
        raise ValueError(f"decision {decision.pk} has no code")
    return "-".join(("decision", decision.code.code, get_language() or "", _standing(decision), str(EDITION)))


def decision_pdf(decision: AwardDecision) -> bytes:
    """Return the decision as it was printed, or print it; raises `PressBusyError`."""
    return print_once(decision_paper_name(decision), lambda: _print(decision))


def _standing(decision: AwardDecision) -> str:
    later = getattr(decision, "superseded_by", None)
    if later is not None:
        return f"superseded{later.number}"
    return "annulled" if decision.round.state == RoundState.ANNULLED else "inforce"


def _print(decision: AwardDecision) -> bytes:
    competition, code = decision.competition, decision.code
    context = {
        "kind": _("Decision on the results of a competition"),
        "competition": competition,
        "decision": decision,
        "later": getattr(decision, "superseded_by", None),
        "is_annulled": decision.round.state == RoundState.ANNULLED,
        "facts": _facts(decision),
        "awards": [_award(one) for one in decision.content["awards"]],
        "empty_lots": decision.content["lots_without_winner"],
        "digests": _digests(decision),
    }
    words = {"decision": decision.number, "number": competition.number}
    title = _("Decision %(decision)d on the results of the competition № %(number)s") % words
    return render_pdf("procurement/pdf/decision.html", context, title=title, code=code.code if code else "")


def _facts(decision: AwardDecision) -> list[Line]:
    competition, minutes = decision.competition, decision.minutes
    act = {"number": decision.act_number, "on": in_words(decision.act_on)}
    rests = {"number": minutes.number, "on": in_words(minutes.signed_at)}
    ground = decision.ground
    pairs = [
        (_("Competition"), f"№ {competition.number}, {competition.title}"),
        (_("Commissioner of social services"), competition.commissioner.organisation.name),
        (_("Order"), _("No. %(number)s of %(on)s") % act),
        (_("Address of the order"), decision.act_url),
        (_("Outcome"), decision.get_outcome_display()),
        (_("Ground"), ground.text if ground else ""),
        (_("Reason"), decision.reason),
        (_("Rests on"), _("minutes № %(number)d, signed on %(on)s") % rests),
        (_("Published at"), in_words(decision.at)),
        (_("Entry of the decision log"), f"№ {decision.log_seq}" if decision.log_seq else ""),
    ]
    return [(name, value) for name, value in pairs if value]


def _award(row: dict[str, Any]) -> dict[str, Any]:
    found = read_money(row["amount"])
    return {**row, "sum": "" if found is None else money(found)}


def _digests(decision: AwardDecision) -> list[Line]:
    told = decision.content
    return [
        (_("This decision"), decision.digest),
        (_("Minutes"), told["minutes"]["digest"]),
        ("scores.csv + rubric.json", told["inputs_digest"]),
        ("ranking.csv", told["ranking_digest"]),
    ]


def present_decision(code: VerificationCode) -> Present:
    """Say whether a decision is in force today, or by which one it is superseded."""
    decision = AwardDecision.objects.select_related("competition", "round", "superseded_by").filter(code=code).first()
    if decision is None:
        return Present(holds=False)
    competition = decision.competition
    links = ((_("The competition as it is today"), reverse("procurement:competition", args=[competition.number])),)
    later = getattr(decision, "superseded_by", None)
    if later is not None:
        words = _("It is superseded: decision %(number)d is in force.") % {"number": later.number}
        return Present(holds=False, words=(words,), links=links)
    if decision.round.state == RoundState.ANNULLED:
        words = _("An appeal was upheld: this evaluation is annulled and the commission evaluates anew.")
        return Present(holds=False, words=(words,), links=links)
    return Present(holds=True, words=(_("The decision is in force."),), links=links)
