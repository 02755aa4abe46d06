"""A round's scores as the published texts: what stands in them, who counts, what the sums and names are."""

import csv
import io
import json
import re
from decimal import Decimal
from hashlib import sha256

import pytest

from procurement.domain.evaluation.rankings import (
    asked_of,
    equals_now,
    freeze_ranking,
    member_labels,
    rubric_text,
    severity_of,
    spreads_of,
)
from procurement.enums import AdmissionState, ClarificationState, RecusalState, RoundState
from procurement.models import Clarification, CommissionMember, CompetitionVersion, Recusal, Score
from procurement.published.rank import rank
from procurement.ranking import read_ranking
from tests.factories.evaluation import fill_sheets, make_opened, make_round
from tests.factories.registry import make_catalogue

pytestmark = pytest.mark.django_db


def discussed(points=None, **values):
    held = make_round(state=RoundState.SCORING, **values)
    fill_sheets(held, points)
    held.state = RoundState.DISCUSSION
    held.save(update_fields=["state"])
    return held


def rows_of(frozen) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(frozen.scores)))


def with_policy(held, **fields) -> None:
    version = CompetitionVersion.objects.get(competition=held.competition, number=1)
    version.frozen["policy"] |= fields
    version.save(update_fields=["frozen"])


def places(frozen) -> list[tuple[int, int, str]]:
    return [(one.proposal, one.place, one.outcome) for one in read_ranking(frozen.ranking)]


@pytest.mark.parametrize("proposals", [1, 3])
def test_a_round_is_written_in_queries_that_do_not_grow(proposals, django_assert_num_queries):
    held = discussed(proposals=proposals)
    with django_assert_num_queries(14):
        frozen = freeze_ranking(held)
    assert len(rows_of(frozen)) == proposals * 5 * 6
    assert rank(frozen.scores, frozen.rubric) == frozen.ranking
    assert frozen.digest == sha256((frozen.scores + frozen.rubric).encode()).hexdigest()


@pytest.mark.databases
def test_texts_say_what_the_rows_say():
    held = discussed({(2, 1, "cost"): "0"}, proposals=2)
    frozen = freeze_ranking(held)
    first = rows_of(frozen)[0]
    proposal = held.competition.proposals.get(number=1)
    assert first == {
        "lot": "1",
        "proposal": "1",
        "asked": "306000.00",
        "submitted_at": f"{proposal.submitted_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "standing": "",
        "casting": "",
        "member": held.commission.members.get(order=0).name,
        "criterion": "provider-criteria",
        "points": "4",
    }
    document = json.loads(frozen.rubric)
    assert document["competition"] == held.competition.number
    assert [one["number"] for one in document["lots"]] == [1]
    # keys in one order, whatever the database does with them
    assert json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n" == frozen.rubric
    [winner, second] = read_ranking(frozen.ranking)
    assert (winner.proposal, winner.total, winner.outcome) == (1, Decimal("24.00"), "winner")
    assert (second.total, second.values["cost"], second.outcome) == (Decimal("17.40"), Decimal("2.40"), "reserve")


def test_what_is_not_applicable_is_left_out_of_the_mean():
    held = discussed({(1, 0, "cost"): "0"}, proposals=1)
    Score.objects.filter(criterion="cost", points=0).update(points=None)
    frozen = freeze_ranking(held)
    assert [row["points"] for row in rows_of(frozen) if row["criterion"] == "cost"] == ["", "4", "4", "4", "4"]
    assert read_ranking(frozen.ranking)[0].values["cost"] == 4


def test_only_filed_sheets_of_able_members_count():
    held = discussed(proposals=2)
    members = list(held.commission.members.all())
    Recusal.objects.create(
        competition=held.competition,
        member=members[0],
        source="raised",
        state=RecusalState.PROPOSED,
        proposed_at=held.began_at,
    )
    held.sheets.filter(member=members[1]).update(state="lapsed")
    assert list(member_labels(held)) == [one.pk for one in members[2:]]
    assert {row["member"] for row in rows_of(freeze_ranking(held))} == {one.name for one in members[2:]}
    assert {member for one in spreads_of(held) for member in one.points} == {one.pk for one in members[2:]}


def test_only_admitted_proposals_are_ranked():
    held = discussed(proposals=3)
    held.admissions.filter(proposal__number=1).update(state=AdmissionState.PENDING)
    assert [one[0] for one in places(freeze_ranking(held))] == [2, 3]


def test_nothing_scored_gives_texts_without_rows():
    held = make_round(state=RoundState.ADMISSION)
    frozen = freeze_ranking(held)
    assert len(frozen.scores.splitlines()) == len(frozen.ranking.splitlines()) == 1


def test_members_are_numbered_where_the_policy_does_not_name_them():
    held = discussed(proposals=1)
    with_policy(held, names_members=False)
    # as the digests have it, not as the commission has it
    for place, sheet in enumerate(held.sheets.order_by("member__order")):
        held.sheets.filter(pk=sheet.pk).update(digest=f"{5 - place}" * 64)
    told = member_labels(held)
    order = {member.pk: member.order for member in held.commission.members.all()}
    assert [order[pk] for pk in told] == [4, 3, 2, 1, 0]
    assert all(re.fullmatch(r"\D+ [1-5]", label) for label in told.values())
    names = {one.name for one in held.commission.members.all()}
    assert not any(name in freeze_ranking(held).scores for name in names)


def test_people_of_one_name_are_told_apart():
    held = discussed(proposals=1)
    CommissionMember.objects.filter(commission=held.commission, order__lt=2).update(name="Гнатюк,  Марія")
    assert list(member_labels(held).values())[:2] == ["Гнатюк, Марія (1)", "Гнатюк, Марія (2)"]
    frozen = freeze_ranking(held)
    assert rank(frozen.scores, frozen.rubric) == frozen.ranking


def test_who_may_not_win_any_more_keeps_the_place_and_the_next_wins():
    held = discussed(proposals=3)
    before, after = freeze_ranking(held), freeze_ranking(held, standings={(1, 1): "refused"})
    assert places(before) == [(1, 1, "winner"), (2, 2, "reserve"), (3, 3, "reserve")]
    assert places(after) == [(1, 1, "refused"), (2, 2, "winner"), (3, 3, "reserve")]
    assert before.digest != after.digest


def test_each_lot_has_its_own_ranking():
    make_catalogue()
    competition = make_opened(proposals=2, lots=2)
    held = discussed({(2, 0, "cost"): "4"}, competition=competition)
    lots = [(one.lot, one.proposal) for one in read_ranking(freeze_ranking(held).ranking)]
    assert lots == [(1, 1), (1, 2), (2, 1), (2, 2)]


# --- sums ------------------------------------------------------------------------------------------------------------


def test_the_sum_asked_for_is_computed_by_the_form(django_assert_num_queries):
    competition = make_opened(proposals=2, tariffs=("170.10", "99.99"))
    with django_assert_num_queries(3):
        sums = asked_of(competition)
    assert sums == {(1, 1): Decimal("306180.00"), (1, 2): Decimal("179982.00")}


def test_an_answered_clarification_changes_the_sum():
    held = make_round(state=RoundState.ADMISSION, proposals=1)
    clarification = Clarification.objects.create(
        admission=held.admissions.get(),
        fields=["offer/lots/1/tariff"],
        text="Уточніть тариф.",
        asked_at=held.began_at,
        asked_by=held.began_by,
        due_at=held.began_at,
        answers={"offer/lots/1/tariff": {"before": "170.00", "after": "100.00"}},
    )
    assert asked_of(held.competition) == {(1, 1): Decimal("306000.00")}
    clarification.state = ClarificationState.ANSWERED
    clarification.save()
    assert asked_of(held.competition) == {(1, 1): Decimal("180000.00")}


def test_a_sum_that_is_not_told_is_not_there():
    competition = make_opened(proposals=1)
    proposal = competition.proposals.get()
    proposal.content["content"].pop("offer/lots/1/tariff")
    proposal.save(update_fields=["content"])
    assert asked_of(competition) == {}


def test_the_only_lot_has_the_whole_budget():
    held = discussed(proposals=1)
    competition = held.competition
    competition.budget_limit = Decimal("900000.00")
    assert json.loads(rubric_text(competition))["lots"][0]["budget"] == "900000.00"
    competition.budget_limit = None
    ceiling = competition.lots.get().ceiling
    assert json.loads(rubric_text(competition))["lots"][0]["budget"] == f"{ceiling:f}"


# --- spreads ---------------------------------------------------------------------------------------------------------


def test_spread_and_severity_are_told_of_every_criterion(django_assert_num_queries):
    held = discussed({(1, 0, "cost"): "0", (1, 1, "cost"): "1"}, proposals=1)
    with django_assert_num_queries(7):
        found = {one.criterion: one for one in spreads_of(held)}
    cost = found["cost"]
    assert (cost.lowest, cost.highest, cost.mean, cost.spread) == (0, 4, Decimal("2.60"), 4)
    assert cost.needs_note
    assert not found["staff"].needs_note
    member = held.commission.members.get(order=0)
    assert cost.deviations[member.pk] == Decimal("-2.60")
    severe = {one.member_id: one for one in severity_of(held)}[member.pk]
    assert (severe.average, severe.count, severe.label) == (Decimal("-0.43"), 6, member.name)


def test_a_spread_of_points_nobody_gave_is_empty():
    held = discussed(proposals=1)
    Score.objects.filter(criterion="cost").update(points=None)
    cost = next(one for one in spreads_of(held) if one.criterion == "cost")
    assert (cost.lowest, cost.mean, cost.spread, cost.needs_note) == (None, None, None, False)


def test_nobody_is_equal_where_the_path_tells_all_apart():
    assert equals_now(discussed(proposals=3)) == []
