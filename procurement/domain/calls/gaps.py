"""What keeps a competition from being announced, all of it at once, by the task of the list that mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from procurement import ranking
from procurement.domain.calls.freezing import RuleSet, plan_of, rules_of
from procurement.domain.seal.keys import key_faults
from procurement.enums import DecisionState, Moment, OrderOutcome
from procurement.models import Competition, Lot, OrderDecision, ServiceSpecification
from procurement.timetable import Plan, Verdict, Window, in_words, judge, windows

TASKS: Final = ("decision", "about", "lots", "timetable", "conditions", "form", "keys")
# without these a notice says neither until when nor what for
REQUIRED_POINTS: Final = (
    Moment.CLOSES_AT,
    Moment.OPENING_AT,
    Moment.AWARD_ON,
    Moment.SERVICE_FROM,
    Moment.SERVICE_TO,
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that keeps a competition from being announced: which task of the list, which field, in words."""

    task: str
    field: str
    text: str | Promise


class NotReady(Exception):  # noqa: N818 the name says what it is
    """The competition cannot be announced or changed like this; `gaps` says all that is missing or wrong at once."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__("; ".join(str(gap.text) for gap in gaps))
        self.gaps = tuple(gaps)


def gaps(competition: Competition, now: datetime) -> list[Gap]:
    """Return everything that is missing or unlawful at once: the task list and the dry run show it; no writes.

    A draft is judged as if it were announced when it says, or at `now` where it says nothing or that has passed.
    """
    return gaps_of(competition, rules_of(competition), plan_for(competition, now), now)


def plan_for(competition: Competition, now: datetime) -> dict[str, date | datetime | None]:
    """Return the points of a draft as they would be if it were announced in time."""
    plan = plan_of(competition)
    planned = competition.published_at
    published = planned if planned and planned > now else now
    plan[Moment.PUBLISHED_AT.value] = published
    if competition.opens_at is None or competition.opens_at < published:
        plan[Moment.OPENS_AT.value] = published
    if competition.decision and competition.decision.decided_on:
        plan[Moment.ORDER_DECIDED_ON.value] = competition.decision.decided_on
    return plan


def gaps_of(competition: Competition, rules: RuleSet, plan: Plan, now: datetime) -> list[Gap]:
    """Judge a competition by these rules and these points."""
    lots = list(competition.lots.select_related("specification__service_type"))
    return [
        *_decision(competition, rules, lots),
        *_about(competition),
        *_lots(competition, rules, lots),
        *timetable_gaps(plan, rules, now),
        *_conditions(competition),
        *_form(competition),
        *(Gap("keys", "", fault) for fault in key_faults()),
    ]


def _decision(competition: Competition, rules: RuleSet, lots: Sequence[Lot]) -> Iterator[Gap]:
    decision = competition.decision
    if decision is None:
        yield Gap("decision", "decision", _("Choose the decision on the social order that the competition rests on."))
        return
    if decision.state != DecisionState.TAKEN or decision.outcome != OrderOutcome.ORDER:
        yield Gap("decision", "decision", _("The decision must be published and must be to order services."))
        return
    if OrderDecision.objects.filter(supersedes=decision, state=DecisionState.TAKEN).exists():
        yield Gap("decision", "decision", _("A later decision has taken the place of this one. Choose that one."))
    channel = rules.policy["channel"]
    items = list(decision.items.all())
    fitting = [item for item in items if not channel or item.channel == channel]
    if not fitting:
        yield Gap("decision", "decision", _("The decision orders no service by the way that this procedure is for."))
        return
    ordered = {item.service_type_id for item in fitting}
    for lot in lots:
        service = lot.specification.service_type if lot.specification else None
        if service is not None and service.pk not in ordered:
            text = _("Lot %(number)d: the decision does not order “%(service)s” by this procedure.")
            yield Gap("decision", "decision", text % {"number": lot.number, "service": service})


def _about(competition: Competition) -> Iterator[Gap]:
    if not competition.title.strip():
        yield Gap("about", "title", _("Name what the competition is about."))
    if not competition.legal_ground.strip():
        yield Gap("about", "legal_ground", _("Name the acts on the ground of which the competition is called."))
    commissioner = competition.commissioner
    if not commissioner.organisation.code:
        yield Gap("about", "commissioner", _("The commissioner has no EDRPOU code."))
    if not commissioner.address.strip():
        yield Gap("about", "commissioner", _("The commissioner has no address."))


def _lots(competition: Competition, rules: RuleSet, lots: Sequence[Lot]) -> Iterator[Gap]:
    if not lots:
        yield Gap("lots", "lots", _("Add at least one lot."))
    for lot in lots:
        yield from _lot(lot, needs_specification=rules.policy["needs_specification"])
    total = sum((lot.ceiling for lot in lots if lot.ceiling), Decimal(0))
    if competition.budget_limit is not None and total > competition.budget_limit:
        text = _("The ceilings of the lots add up to %(total)s UAH, more than the limit of the budget, %(limit)s UAH.")
        yield Gap("lots", "budget_limit", text % {"total": total, "limit": competition.budget_limit})


def _lot(lot: Lot, *, needs_specification: bool) -> Iterator[Gap]:
    specification = lot.specification
    if not lot.title.strip():
        yield _of_lot(lot, "title", _("it has no title."))
    if lot.ceiling is None or lot.ceiling <= 0:
        yield _of_lot(lot, "ceiling", _("it has no price ceiling."))
    if specification is not None:
        yield from _specification(lot, specification)
    elif needs_specification:
        yield _of_lot(lot, "specification", _("choose the specification of the service."))


def _specification(lot: Lot, specification: ServiceSpecification) -> Iterator[Gap]:
    if specification.service_type is None:
        yield _of_lot(lot, "specification", _("the specification names no service."))
    if not specification.content.strip():
        yield _of_lot(lot, "specification", _("the specification does not say what the service consists of."))
    if not specification.categories.strip() and specification.group_id is None:
        yield _of_lot(lot, "specification", _("the specification does not say to whom the service is given."))
    if specification.volume is None and specification.recipients is None:
        yield _of_lot(
            lot, "specification", _("the specification says neither the volume nor the number of recipients.")
        )
    most = specification.computed_ceiling
    if most is not None and lot.ceiling is not None and lot.ceiling > most:
        text = _("the ceiling, %(ceiling)s UAH, is above volume × tariff, %(most)s UAH.")
        yield _of_lot(lot, "ceiling", text % {"ceiling": lot.ceiling, "most": most})


def _of_lot(lot: Lot, field: str, text: str) -> Gap:
    words = _("Lot %(number)d: %(text)s") % {"number": lot.number, "text": text}
    return Gap("lots", f"lots/{lot.number}/{field}", words)


def timetable_gaps(plan: Plan, rules: RuleSet, now: datetime) -> Iterator[Gap]:
    """Say which points are missing, which rules are broken, the first of the table first, and what cannot be fitted."""
    for point in REQUIRED_POINTS:
        if plan.get(point) is None:
            text = _("Enter “%(point)s”.") % {"point": point.label}
            yield Gap("timetable", point.value, text)
    closes = plan.get(Moment.CLOSES_AT)
    if isinstance(closes, datetime) and closes <= now:
        yield Gap("timetable", Moment.CLOSES_AT.value, _("The end of accepting proposals must lie in the future."))
    broken = [finding for finding in judge(plan, rules.rules, rules.calendar) if finding.verdict == Verdict.BROKEN]
    for finding in broken:
        yield Gap("timetable", finding.rule.end, finding.sentence)
    if not broken:
        yield from _impossible(plan, windows(plan, rules.rules, rules.calendar))


def _impossible(plan: Plan, found: dict[str, Window]) -> Iterator[Gap]:
    for point, window in found.items():
        if window.is_possible or plan.get(point) is not None:
            continue
        reasons = (window.because_earliest[-1:], window.because_latest[-1:])
        text = _("“%(point)s” cannot be fitted in: the earliest day is %(first)s, the latest %(last)s. %(why)s") % {
            "point": Moment(point).label,
            "first": in_words(window.earliest),
            "last": in_words(window.latest),
            "why": " ".join(finding.sentence for side in reasons for finding in side),
        }
        yield Gap("timetable", point, text)


def _conditions(competition: Competition) -> Iterator[Gap]:
    needed = {
        "requirements": _("Say what is required of participants."),
        "documents_note": _("Say what documents are to be attached."),
        "submission_note": _("Say how proposals are submitted."),
        "opening_place": _("Say where proposals are opened."),
        "contact_name": _("Name the contact person."),
    }
    for field, text in needed.items():
        if not getattr(competition, field).strip():
            yield Gap("conditions", field, text)
    if not competition.contact_phone.strip() and not competition.contact_email.strip():
        yield Gap("conditions", "contact_phone", _("Give a phone or an e-mail of the contact person."))


def _form(competition: Competition) -> Iterator[Gap]:
    if competition.form is None:
        yield Gap("form", "form", _("Choose the form of the proposal."))
    if competition.rubric is None:
        yield Gap("form", "rubric", _("Choose the rubric by which proposals are scored."))
    else:
        yield from (Gap("form", "rubric", text) for text in ranking.gaps_of(competition.rubric.definition))
