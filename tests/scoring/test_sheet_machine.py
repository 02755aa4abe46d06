"""The machine of score sheets, driven by anybody: what is filed stays written down, nobody scores for another.

Each example is a story of its own: it begins with the same round in scoring and is rolled back at its end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from portal.accounts.models import User
from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation.rankings import freeze_ranking
from procurement.domain.evaluation.rounds import begin_discussion
from procurement.domain.evaluation.score_cells import missing_cells, places_of, scores_record
from procurement.domain.evaluation.scoring import file_sheet, keep_scores, put_note, return_sheet
from procurement.enums import RoundState, SheetState
from procurement.models import EvaluationRound, Score, ScoreSheet
from tests.factories.accounts import make_person
from tests.factories.evaluation import make_round
from tests.scoring.worlds import bar
from tests.stories import Story

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

REFUSALS = (StepRefused, PermissionDenied)
PEOPLE = 4
# the owner of a sheet comes up more often than those who only try
ACTORS = ("own", "own", "own", "other", "official", "stranger")
INDEX = st.integers(0, 30)
POINTS = ("0", "1", "2", "3", "4", "", "na", "5", "-1", "х")


@dataclass
class World:
    round_id: int
    official: User
    stranger: User
    now: Any
    seen: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


class Machine(Story):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now = self.world.now
        # what was filed at some time, by sheet, in its order: it is never gone
        self.filed: dict[int, list[str]] = {}
        self.lapsed: dict[int, list[Any]] = {}

    # --- attempting --------------------------------------------------------------------------------------------------

    @property
    def round(self) -> EvaluationRound:
        return EvaluationRound.objects.select_related("competition", "commission").get(pk=self.world.round_id)

    def sheet(self, index: int) -> ScoreSheet:
        rows = list(ScoreSheet.objects.select_related("member__user", "round").order_by("pk"))
        return rows[index % len(rows)]

    def person(self, actor: str, sheet: ScoreSheet) -> User:
        if actor in ("official", "stranger"):
            return getattr(self.world, actor)
        return sheet.member.user if actor == "own" else self.sheet(sheet.pk + 1).member.user

    def attempt(self, what: str, call: Callable[[], Any]) -> bool:
        """Do it; a refusal leaves no trace."""
        before = self.everything()
        try:
            with transaction.atomic():
                call()
        except REFUSALS as refusal:
            self.world.refused[f"{what}: {type(refusal).__name__}"] += 1
            assert self.everything() == before
            return False
        self.world.seen[what] += 1
        return True

    def everything(self) -> list[list[Any]]:
        logged = LogEntry.objects.order_by("-pk").values_list("pk")[:1]
        rows = (Score.objects.order_by("pk").values_list(), ScoreSheet.objects.order_by("pk").values_list(), logged)
        return [list(table) for table in rows]

    @initialize(filed=st.integers(PEOPLE - 2, PEOPLE), discussed=st.booleans(), returned=st.booleans())
    def some_is_filed(self, filed: int, discussed: bool, returned: bool) -> None:
        """Begin in the middle, half of the stories with the discussion."""
        for index in range(filed):
            self.fill(index, "3")
            self.file("own", index, 0)
        if discussed:
            self.discuss("official", 0)
        if returned:
            self.give_back("official", 1, "Так.")

    # --- what people do ----------------------------------------------------------------------------------------------

    @rule(actor=st.sampled_from(ACTORS), index=INDEX, place=INDEX, points=st.sampled_from(POINTS), late=st.booleans())
    def save(self, actor: str, index: int, place: int, points: str, late: bool) -> None:
        sheet = self.sheet(index)
        cells = list(places_of(sheet))
        told = {cells[place % len(cells)]: {"points": points, "reason": "Так." if place % 2 else ""}}
        user, version = self.person(actor, sheet), sheet.version - late
        done = self.attempt(
            "save", lambda: keep_scores(sheet_id=sheet.pk, user=user, version=version, cells=told, now=self.now)
        )
        assert not done or (actor == "own" and sheet.state == SheetState.DRAFT)

    @rule(index=INDEX, points=st.sampled_from(("2", "3")))
    def fill(self, index: int, points: str) -> None:
        """Give all at once: a whole sheet would be rare by chance."""
        sheet = self.sheet(index)
        told = {cell: {"points": points, "reason": "Так."} for cell in places_of(sheet)}
        user = sheet.member.user
        self.attempt(
            "fill", lambda: keep_scores(sheet_id=sheet.pk, user=user, version=sheet.version, cells=told, now=self.now)
        )

    @rule(actor=st.sampled_from(ACTORS), index=INDEX, late=st.sampled_from((0, 0, 0, 1)))
    def file(self, actor: str, index: int, late: int) -> None:
        sheet = self.sheet(index)
        user, missing = self.person(actor, sheet), missing_cells(sheet)
        done = self.attempt(
            "file", lambda: file_sheet(sheet_id=sheet.pk, user=user, version=sheet.version - late, now=self.now)
        )
        assert not done or (actor == "own" and not late and not missing)

    @rule(
        actor=st.sampled_from(("official", "official", "own", "stranger")),
        index=INDEX,
        why=st.sampled_from(("Так.", "Так.", "")),
    )
    def give_back(self, actor: str, index: int, why: str) -> None:
        filed = ScoreSheet.objects.filter(state=SheetState.FILED).select_related("member__user").first()
        sheet = filed if filed and index % 4 else self.sheet(index)
        user, state = self.person(actor, sheet), self.round.state
        done = self.attempt("return", lambda: return_sheet(sheet_id=sheet.pk, user=user, reason=why, now=self.now))
        assert not done or (why and state == RoundState.DISCUSSION and sheet.state == SheetState.FILED)

    @rule(actor=st.sampled_from(ACTORS), index=INDEX)
    def write_note(self, actor: str, index: int) -> None:
        place = {
            "round_id": self.world.round_id,
            "lot": 1,
            "proposal": 1,
            "criterion": "staff",
            "text": f"Так {index}.",
        }
        user = self.person(actor, self.sheet(index))
        assert not self.attempt("note", lambda: put_note(**place, user=user, now=self.now)) or actor != "stranger"

    @rule(actor=st.sampled_from(("official", "official", "own", "stranger")), index=INDEX)
    def discuss(self, actor: str, index: int) -> None:
        user = self.person(actor, self.sheet(index))
        done = self.attempt("discuss", lambda: begin_discussion(round_id=self.world.round_id, user=user, now=self.now))
        assert not done or actor == "official"

    @rule(index=INDEX)
    def recuse(self, index: int) -> None:
        """Recuse a member, one in a story at most: two would cost the quorum."""
        sheet = self.sheet(index)
        if index % 5 == 0 and not self.round.competition.recusals.exists():
            bar(sheet.member, self.round.competition)
            self.world.seen["recuse"] += 1

    @rule(minutes=st.integers(1, 600))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    # --- what always holds -------------------------------------------------------------------------------------------

    @invariant()
    def filed_is_whole_and_stays_written_down(self) -> None:
        for sheet in ScoreSheet.objects.select_related("round__competition", "member"):
            known = [one["digest"] for one in sheet.earlier]
            if sheet.state == SheetState.FILED:
                known.append(sheet.digest)
                assert sheet.digest == audit.digest_of(scores_record(sheet))
                assert json.loads(LogEntry.objects.get(seq=sheet.log_seq).payload)["digest"] == sheet.digest
                assert missing_cells(sheet) == []
            before = self.filed.get(sheet.pk, [])
            assert known[: len(before)] == before
            self.filed[sheet.pk] = known

    @invariant()
    def lapsed_never_changes(self) -> None:
        for sheet in ScoreSheet.objects.filter(state=SheetState.LAPSED):
            rows = list(sheet.scores.order_by("pk").values_list())
            assert self.lapsed.setdefault(sheet.pk, rows) == rows

    @invariant()
    def recused_sees_nothing_and_counts_nowhere(self) -> None:
        round_ = self.round
        for recusal in round_.competition.recusals.select_related("member__user"):
            assert not rules.can_see_scores(recusal.member.user, round_)
            if round_.state == RoundState.DISCUSSION:
                frozen = freeze_ranking(round_)
                assert recusal.member.name not in frozen.scores
                assert freeze_ranking(round_) == frozen

    @invariant()
    def others_are_seen_after_filing_alone(self) -> None:
        round_ = self.round
        barred = set(round_.competition.recusals.values_list("member", flat=True))
        for sheet in round_.sheets.select_related("member__user").exclude(member__in=barred):
            sees = rules.can_see_scores(sheet.member.user, round_)
            assert sees == (round_.state in RoundState.compared or sheet.state == SheetState.FILED)


def test_score_sheets_stay_lawful_whatever_is_tried():
    round_ = make_round(proposals=1, members=PEOPLE)
    world = World(round_.pk, round_.competition.created_by, make_person(), round_.began_at + timedelta(hours=1))
    story = type("Story", (Machine,), {"world": world})
    calm = settings(max_examples=6, stateful_step_count=16, deadline=None, derandomize=True, database=None)

    run_state_machine_as_test(story, settings=calm)

    # the machine has been everywhere: a refusal of everything would be lawful too
    assert {"save", "fill", "file", "return", "note", "discuss", "recuse"} <= set(world.seen)
