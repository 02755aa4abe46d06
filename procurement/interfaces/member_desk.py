"""The desk of a member of commissions: in each competition what to declare, read, score and sign, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from procurement.enums import (
    AdmissionState,
    CompetitionState,
    MemberRole,
    MinutesState,
    RecusalState,
    RoundState,
    SheetState,
)
from procurement.interfaces.moments import in_words
from procurement.models import (
    CommissionMember,
    Competition,
    CompetitionVersion,
    EvaluationRound,
    InterestDeclaration,
    Minutes,
    ProposalLot,
    Recusal,
    ScoreSheet,
)

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(slots=True)
class MemberTask:
    """A step of the member's work in a competition; `is_due` where it waits for the member now."""

    code: str
    label: str
    hint: str
    state: str
    colour: str = ""
    url: str = ""
    is_due: bool = False


@dataclass(slots=True)
class DeskLine:
    """A competition of the member's: its stage, until when, what is to be done; recused, only that."""

    competition: Competition
    member: CommissionMember
    stage: str
    when: str
    is_late: bool
    recusal: Recusal | None = None
    tasks: list[MemberTask] = field(default_factory=list)

    @property
    def presides(self) -> bool:
        return self.member.role in MemberRole.presiding

    @property
    def due(self) -> list[MemberTask]:
        return [task for task in self.tasks if task.is_due]


@dataclass(slots=True)
class MemberDesk:
    """`waiting` has the competitions in which something waits for the member, `others` the running, `over` the rest."""

    memberships: list[CommissionMember]
    waiting: list[DeskLine] = field(default_factory=list)
    others: list[DeskLine] = field(default_factory=list)
    over: list[DeskLine] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.memberships)


@dataclass(slots=True)
class _Facts:
    """What is known of one competition from the member's place."""

    competition: Competition
    member: CommissionMember
    round: EvaluationRound | None
    has_declared: bool
    sheet: ScoreSheet | None
    cells: int
    minutes: Minutes | None

    @property
    def state(self) -> str:
        return self.round.state if self.round else ""


def desk_of(user: User, now: datetime) -> MemberDesk:
    """Return the desk, in a fixed number of queries however many competitions there are; one for who is no member."""
    rows = CommissionMember.objects.active().of(user).select_related("commission")
    desk = MemberDesk(list(rows.order_by("commission__title", "pk")))
    if not desk.memberships:
        return desk
    for line in _lines(desk.memberships, _competitions(desk.memberships), now):
        if line.due:
            desk.waiting.append(line)
        elif line.competition.state in CompetitionState.decided:
            desk.over.append(line)
        else:
            desk.others.append(line)
    return desk


def line_of(member: CommissionMember, competition: Competition, now: datetime) -> DeskLine:
    """Return one competition of the member's."""
    return _lines([member], [competition], now)[0]


def _competitions(members: Iterable[CommissionMember]) -> list[Competition]:
    rows = Competition.objects.filter(commission__in=[member.commission_id for member in members])
    rows = rows.filter(state__in=(CompetitionState.CLOSED, *CompetitionState.readable))
    return list(rows.order_by("evaluated_on", "pk"))


def _lines(members: Iterable[CommissionMember], competitions: Iterable[Competition], now: datetime) -> list[DeskLine]:
    by_commission = {member.commission_id: member for member in members}
    known = [(one, by_commission[one.commission_id]) for one in competitions if one.commission_id]
    facts = _read(known)
    barred = _barred(known)
    lines = []
    for one in facts:
        day = one.competition.evaluated_on
        is_late = day is not None and day < day_of(now) and one.state in RoundState.running
        line = DeskLine(one.competition, one.member, _stage(one), in_words(day), is_late)
        line.recusal = barred.get((one.competition.pk, one.member.pk))
        if line.recusal is None:
            line.tasks = _tasks(one)
        lines.append(line)
    return lines


# --- what is known ---------------------------------------------------------------------------------------------------


def _barred(known: list[tuple[Competition, CommissionMember]]) -> dict[tuple[int, int], Recusal]:
    rows = Recusal.objects.filter(
        competition__in=[one for one, _member in known],
        member__user__in=[member.user_id for _one, member in known],
        state__in=RecusalState.barring,
    )
    found = {(row.competition_id, row.member_id): row for row in rows.select_related("member")}
    # kept away as a member of an earlier commission, the person is kept away altogether
    by_person = {(row.competition_id, row.member.user_id): row for row in found.values()}
    told = {(one.pk, member.pk): by_person.get((one.pk, member.user_id)) for one, member in known}
    return {place: row for place, row in told.items() if row is not None}


def _read(known: list[tuple[Competition, CommissionMember]]) -> list[_Facts]:
    competitions = [one.pk for one, _member in known]
    people = [member.pk for _one, member in known]
    rounds = {row.competition_id: row for row in EvaluationRound.objects.filter(competition__in=competitions)}
    last = [row.pk for row in rounds.values()]
    declared = set(
        InterestDeclaration.objects.filter(
            competition__in=competitions, member__in=people, replaced_at__isnull=True
        ).values_list("competition", "member")
    )
    complete = Q(scores__points__isnull=False) | (Q(scores__is_given=True) & ~Q(scores__reason=""))
    sheets = ScoreSheet.objects.filter(round__in=last, member__in=people).annotate(
        given=Count("scores", filter=complete)
    )
    by_place = {(row.round_id, row.member_id): row for row in sheets}
    minutes = Minutes.objects.filter(round__in=last).exclude(state=MinutesState.WITHDRAWN).defer("content", "ranking")
    by_round = {row.round_id: row for row in minutes.prefetch_related("signatures")}
    cells = _cells(competitions, last)
    told = []
    for one, member in known:
        round_ = rounds.get(one.pk)
        key = round_.pk if round_ else 0
        place = (one.pk, member.pk) in declared
        sheet = by_place.get((key, member.pk))
        told.append(_Facts(one, member, round_, place, sheet, cells.get(key, 0), by_round.get(key)))
    return told


def _cells(competitions: list[int], rounds: list[int]) -> dict[int, int]:
    """Return how many scores a member has to give in each of the rounds."""
    frozen = CompetitionVersion.objects.filter(competition__in=competitions, number=1)
    criteria = {
        key: len((((told or {}).get("definition") or {}).get("criteria")) or ())
        for key, told in frozen.values_list("competition", "frozen__rubric")
    }
    items = ProposalLot.objects.filter(
        proposal__admissions__round__in=rounds, proposal__admissions__state=AdmissionState.ADMITTED
    )
    places = ("proposal__admissions__round", "proposal__competition")
    counted = items.filter(proposal__admissions__round__in=rounds).values_list(*places).annotate(count=Count("pk"))
    return {key: number * criteria.get(competition, 0) for key, competition, number in counted.order_by()}


# --- what is to be done ----------------------------------------------------------------------------------------------


def _stage(facts: _Facts) -> str:
    if facts.round is not None:
        return facts.round.get_state_display()
    return facts.competition.get_state_display()


def _tasks(facts: _Facts) -> list[MemberTask]:
    found = [_declaring(facts)]
    if facts.competition.state in CompetitionState.readable:
        found += [_scoring(facts), _comparing(facts), _signing(facts)]
    return found


def _declaring(facts: _Facts) -> MemberTask:
    label = _("Declare your interests")
    if facts.competition.state == CompetitionState.CLOSED:
        return MemberTask("declare", label, _("After the opening: then you are told who applied."), _("not yet"))
    url = reverse("commission:declare", args=[facts.competition.pk])
    if facts.has_declared:
        return MemberTask("declare", label, "", _("done"), "ok", url)
    hint = _("Until then you are shown only who applied.")
    is_open = facts.competition.state == CompetitionState.OPENED
    return MemberTask("declare", label, hint, _("to do"), "sun", url if is_open else "", is_due=is_open)


def _scoring(facts: _Facts) -> MemberTask:
    label, sheet = _("Score the proposals"), facts.sheet
    if sheet is None or facts.state not in (*RoundState.compared, RoundState.SCORING):
        hint = _("It begins when the proposals have been admitted.")
        return MemberTask("score", label, hint if facts.state not in RoundState.compared else "", _("not yet"))
    url = reverse("commission:sheet", args=[facts.competition.pk])
    given: int = sheet.given  # type: ignore[attr-defined]  # annotated by the query
    counted = _("%(given)d of %(count)d scores given") % {"given": given, "count": facts.cells}
    if sheet.state == SheetState.FILED:
        return MemberTask("score", label, "", sheet.get_state_display(), "ok", url)
    if sheet.state == SheetState.LAPSED:
        return MemberTask("score", label, "", sheet.get_state_display(), "bad", url)
    may = facts.has_declared and facts.state in (RoundState.SCORING, RoundState.DISCUSSION)
    if sheet.earlier:
        return MemberTask("score", label, counted, _("returned to you"), "warn", url if may else "", is_due=may)
    state = _("to do") if not given else _("begun")
    return MemberTask("score", label, counted, state, "sun" if not given else "blue", url if may else "", is_due=may)


def _comparing(facts: _Facts) -> MemberTask:
    label = _("Compare with the others and discuss")
    is_filed = facts.sheet is not None and facts.sheet.state == SheetState.FILED
    if facts.has_declared and (facts.state in RoundState.compared or (is_filed and facts.state == RoundState.SCORING)):
        url = reverse("commission:scores", args=[facts.competition.pk])
        return MemberTask("scores", label, "", _("open"), "blue", url)
    return MemberTask("scores", label, _("You see others’ scores after you have filed all your own."), _("not yet"))


def _signing(facts: _Facts) -> MemberTask:
    label, minutes = _("Read and sign the minutes"), facts.minutes
    if minutes is None or not facts.has_declared:
        return MemberTask("minutes", label, "", _("not yet"))
    url = reverse("commission:minutes", args=[facts.competition.pk])
    if any(one.member_id == facts.member.pk for one in minutes.signatures.all()):
        return MemberTask("minutes", label, "", _("signed by you"), "ok", url)
    if minutes.state == MinutesState.SIGNED:
        return MemberTask("minutes", label, "", minutes.get_state_display(), "ok", url)
    return MemberTask("minutes", label, "", _("to sign"), "sun", url, is_due=True)
