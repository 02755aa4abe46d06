"""The evaluation of a competition as a task list of the official: what is done, what blocks, where to go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.minutes import gaps_before_minutes, minutes_in_force
from procurement.domain.evaluation.quorum import require_quorate_sitting
from procurement.domain.evaluation.rounds import able_members
from procurement.domain.evaluation.steps import policy_of
from procurement.enums import (
    AdmissionState,
    AppealState,
    AwardState,
    CompetitionState,
    DefenceState,
    MinutesState,
    RecusalState,
    RoundState,
    SheetState,
)
from procurement.interfaces.moments import in_words
from procurement.models import Award, Competition, EvaluationRound

DONE, NOW, LATER, OPEN = "done", "now", "later", "open"
_STATES: Final[dict[str, tuple[str | Promise, str]]] = {
    DONE: (pgettext_lazy("task", "done"), "ok"),
    NOW: (pgettext_lazy("task", "to be done"), "sun"),
    LATER: (pgettext_lazy("task", "later"), ""),
    OPEN: (pgettext_lazy("task", "when needed"), ""),
}
_ORDER: Final = tuple(RoundState.running)
# the step that ends a stage, by the state in which it may be taken
STEPS: Final[dict[str, tuple[str, str | Promise]]] = {
    RoundState.DECLARATIONS: ("check", gettext_lazy("Go on to the admission of proposals")),
    RoundState.ADMISSION: ("score", gettext_lazy("Go on to scoring")),
    RoundState.SCORING: ("discuss", gettext_lazy("End the scoring and begin the discussion")),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the list; `blocks` say what keeps it from being done, `step` is the button that ends it."""

    code: str
    label: str
    state: str
    url: str = ""
    facts: Sequence[str] = ()
    blocks: Sequence[str] = ()
    step: tuple[str, str | Promise] | None = None
    due: str = ""
    is_late: bool = False

    @property
    def state_label(self) -> str | Promise:
        return _STATES[self.state][0]

    @property
    def colour(self) -> str:
        return _STATES[self.state][1]


class EvaluationTasks:
    """All stages of the evaluation of a competition, in a fixed number of queries."""

    def __init__(self, competition: Competition, round_: EvaluationRound | None, today: date) -> None:
        self.competition, self.round, self.today = competition, round_, today

    def __iter__(self) -> Iterator[Stage]:
        yield self._commission()
        if self.round is None:
            return
        yield self._declarations(self.round)
        yield self._sittings(self.round)
        yield self._admission(self.round)
        if self._is_scored(self.round):
            if policy_of(self.competition)["has_defence"]:
                yield self._defences(self.round)
            yield self._scoring(self.round)
            yield self._discussion(self.round)
        yield self._minutes(self.round)
        yield self._decision(self.round)
        yield self._awards()
        yield self._appeals()

    @property
    def may_begin(self) -> bool:
        """Say whether a round is to be begun now: the competition is open for it and none runs."""
        if self.competition.state != CompetitionState.OPENED or self.competition.commission_id is None:
            return False
        return self.round is None or self.round.state in RoundState.undone

    # --- the stages

    def _commission(self) -> Stage:
        commission = self.competition.commission
        if commission is None:
            block = _("No commission is given to the competition.")
            return Stage("commission", _("Commission"), NOW, self._url("assign_commission"), blocks=(block,))
        url = reverse("commissioning:commission", args=[commission.pk])
        if self.round is None:
            url = self._url("assign_commission")
        return Stage("commission", _("Commission"), DONE, url, (commission.title,))

    def _declarations(self, held: EvaluationRound) -> Stage:
        members = list(held.commission.members.active())
        rows = self.competition.declarations.filter(replaced_at__isnull=True, member__in=members)
        declared = set(rows.values_list("member", flat=True))
        states = Counter(self.competition.recusals.values_list("state", flat=True))
        facts = [_("Declared: %(ready)d of %(total)d.") % {"ready": len(declared), "total": len(members)}]
        if states[RecusalState.CONFIRMED]:
            facts.append(_("Recused: %(count)d.") % {"count": states[RecusalState.CONFIRMED]})
        blocks = [one.name for one in members if one.pk not in declared]
        told = [_("Did not declare yet: %(names)s.") % {"names": ", ".join(blocks)}] if blocks else []
        waiting = states[RecusalState.PROPOSED]
        if waiting:
            text = ngettext("%(count)d recusal waits.", "%(count)d recusals wait.", waiting)
            told.append(text % {"count": waiting})
        return self._stage(
            "declarations",
            _("Declarations of interest and recusals"),
            RoundState.DECLARATIONS,
            "recusals",
            facts,
            told,
        )

    def _sittings(self, held: EvaluationRound) -> Stage:
        count = held.sittings.count()
        facts = [
            ngettext("%(count)d sitting is recorded.", "%(count)d sittings are recorded.", count) % {"count": count}
        ]
        blocks = []
        try:
            require_quorate_sitting(held)
        except StepRefused as refusal:
            blocks.append(str(refusal.reason))
        is_open = held.state in _ORDER[:-1]
        state = NOW if blocks and is_open and held.state != RoundState.DECLARATIONS else OPEN if is_open else DONE
        return Stage(
            "sittings", _("Sittings and quorum"), state, self._url("sittings"), facts, blocks if is_open else ()
        )

    def _admission(self, held: EvaluationRound) -> Stage:
        states = Counter(held.admissions.values_list("state", flat=True))
        ready, total = states[AdmissionState.ADMITTED] + states[AdmissionState.REJECTED], states.total()
        facts = [_("Decided: %(ready)d of %(total)d.") % {"ready": ready, "total": total}]
        facts.append(_("Admitted: %(count)d.") % {"count": states[AdmissionState.ADMITTED]})
        blocks = []
        if states[AdmissionState.CLARIFYING]:
            blocks.append(_("Waits for a clarification: %(count)d.") % {"count": states[AdmissionState.CLARIFYING]})
        if states[AdmissionState.PENDING]:
            blocks.append(_("To be checked: %(count)d.") % {"count": states[AdmissionState.PENDING]})
        if total and states[AdmissionState.REJECTED] == total:
            facts.append(_("Nobody is admitted: the minutes come next."))
        return self._stage("admission", _("Admission of proposals"), RoundState.ADMISSION, "admissions", facts, blocks)

    def _defences(self, held: EvaluationRound) -> Stage:
        states = Counter(held.defences.values_list("state", flat=True))
        admitted = held.admissions.filter(state=AdmissionState.ADMITTED).count()
        ready = states[DefenceState.HELD] + states[DefenceState.ABSENT]
        facts = [_("Recorded: %(ready)d of %(total)d.") % {"ready": ready, "total": admitted}]
        is_here = held.state == RoundState.SCORING
        state = DONE if ready >= admitted > 0 else NOW if is_here else LATER
        return Stage("defences", _("Defence of proposals"), state, self._url("defences"), facts)

    def _scoring(self, held: EvaluationRound) -> Stage:
        able = [one.pk for one in able_members(held)]
        states = Counter(held.sheets.filter(member__in=able).values_list("state", flat=True))
        facts = [
            _("Sheets filed: %(ready)d of %(total)d.") % {"ready": states[SheetState.FILED], "total": states.total()}
        ]
        waiting = states[SheetState.DRAFT]
        blocks = [
            _("Not filed yet: %(count)d. Who does not file in time is named in the minutes.") % {"count": waiting}
        ]
        name = "discussion" if held.scoring_since else ""
        return self._stage(
            "scoring",
            _("Scoring"),
            RoundState.SCORING,
            name,
            facts if held.scoring_since else (),
            blocks if waiting else (),
        )

    def _discussion(self, held: EvaluationRound) -> Stage:
        label, url = _("Discussion of scores"), self._url("discussion") if held.discussed_at else ""
        blocks = gaps_before_minutes(held) if held.state == RoundState.DISCUSSION else []
        if held.state == RoundState.DISCUSSION and not blocks:
            return Stage("discussion", label, DONE, url, (_("Nothing is missing for the minutes."),))
        return Stage("discussion", label, self._state(RoundState.DISCUSSION), url, blocks=blocks)

    def _minutes(self, held: EvaluationRound) -> Stage:
        found = minutes_in_force(held)
        facts = [f"{capfirst(found.get_state_display())}."] if found else []
        if found:
            facts.append(_("Signatures: %(count)d.") % {"count": found.signatures.count()})
        is_done = found is not None and found.state == MinutesState.SIGNED
        nobody = held.state == RoundState.ADMISSION and not gaps_before_minutes(held)
        is_now = found is not None or nobody or held.state == RoundState.DISCUSSION
        state = DONE if is_done else NOW if is_now else LATER
        return self._dated(Stage("minutes", _("Minutes"), state, self._url("minutes"), facts), "evaluated_on")

    def _decision(self, held: EvaluationRound) -> Stage:
        made = self.competition.decisions.filter(superseded_by__isnull=True).order_by("-number").first()
        is_here = held.state in (RoundState.MINUTED, RoundState.DECIDED)
        facts, blocks = [], []
        if made is not None:
            told = {"number": made.number, "act": made.act_number, "outcome": made.get_outcome_display()}
            facts.append(_("Decision %(number)d, order No. %(act)s: %(outcome)s.") % told)
            failed = Award.objects.filter(decision=made, state__in=AwardState.failed).count()
            if failed and held.state == RoundState.DECIDED:
                blocks.append(_("The winner refused or did not sign in time: decide anew."))
        is_done = held.state == RoundState.DECIDED and not blocks
        state = DONE if is_done else NOW if is_here else LATER
        url = self._url("award") if is_here else ""
        return self._dated(Stage("decision", _("Decision on the winners"), state, url, facts, blocks), "award_on")

    def _awards(self) -> Stage:
        rows = Award.objects.filter(decision__competition=self.competition).exclude(state=AwardState.SUPERSEDED)
        states = Counter(rows.values_list("state", flat=True))
        facts = [
            f"{capfirst(str(AwardState(state).label))}: {states[state]}."
            for state in AwardState.values
            if states[state]
        ]
        if not self.competition.decisions.exists():
            return Stage("awards", _("Answers of the winners"), LATER)
        state = NOW if states[AwardState.OFFERED] else DONE
        return Stage("awards", _("Answers of the winners"), state, self._url("awards"), facts)

    def _appeals(self) -> Stage:
        states = Counter(self.competition.appeals.values_list("state", flat=True))
        waiting = sum(states[state] for state in AppealState.open)
        text = ngettext("%(count)d appeal waits.", "%(count)d appeals wait.", waiting) % {"count": waiting}
        facts = (_("Filed: %(count)d.") % {"count": states.total()},) if states else ()
        state = NOW if waiting else OPEN
        return Stage("appeals", _("Appeals"), state, self._url("appeals"), facts, (text,) if waiting else ())

    # --- what they share

    @staticmethod
    def _is_scored(held: EvaluationRound) -> bool:
        """Say whether there is anything to score: where nobody was admitted the minutes have come without it."""
        return held.scoring_since is not None or held.state not in (RoundState.MINUTED, RoundState.DECIDED)

    def _stage(
        self, code: str, label: str, at: RoundState, name: str, facts: Sequence[str], blocks: Sequence[str]
    ) -> Stage:
        """Return a stage that begins and ends with a state of the round; what blocks is told while it is there."""
        assert self.round is not None
        state = self._state(at)
        is_here = state == NOW
        url = self._url(name) if name and state != LATER else ""
        step = STEPS.get(at) if is_here else None
        return Stage(code, label, state, url, facts, blocks if is_here else (), step)

    def _state(self, at: RoundState) -> str:
        assert self.round is not None
        if self.round.state not in _ORDER:
            return DONE
        mine, here = _ORDER.index(at), _ORDER.index(self.round.state)
        return NOW if mine == here else DONE if mine < here else LATER

    def _dated(self, stage: Stage, point: str) -> Stage:
        """Add the day of the announcement, and that it has passed undone."""
        planned: Any = getattr(self.competition, point)
        if planned is None or stage.state == DONE:
            return stage
        told = {name: getattr(stage, name) for name in ("code", "label", "state", "url", "facts", "blocks", "step")}
        return Stage(**told, due=in_words(planned), is_late=planned < self.today)

    def _url(self, name: str) -> str:
        return reverse(f"commissioning:{name}", args=[self.competition.pk])
