"""Stages of a round: each has its guards, and nothing goes on without them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.calls import calling
from procurement.domain.evaluation import rounds
from procurement.enums import AdmissionState, CompetitionState, RoundState, SheetState
from procurement.models import EvaluationRound, Recusal
from procurement.queries.rounds import running_round
from tests.admission.conftest import make_desk
from tests.factories.accounts import make_official
from tests.factories.evaluation import (
    declare_nothing,
    fill_sheets,
    make_commission,
    make_opened,
    sit,
)
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db


def put_recusal(round_, member, state="proposed", **fields):
    return Recusal.objects.create(
        competition=round_.competition,
        member=member,
        source="raised",
        state=state,
        proposed_at=round_.began_at,
        **fields,
    )


def test_first_round_takes_all_opened_proposals_in_as_pending():
    opened = make_opened(proposals=2)
    make_commission(opened)

    begun = rounds.begin_round(competition_id=opened.pk, user=opened.created_by, now=opened.opened_at)

    assert [one.state for one in begun.admissions.all()] == [AdmissionState.PENDING] * 2
    entry = LogEntry.objects.get(tag="procurement:evaluationround:begin")
    assert entry.subject == f"procurement.competition:{opened.number}"
    assert running_round(opened) == begun


def test_round_without_a_commission_does_not_begin():
    opened = make_opened(proposals=1)

    with pytest.raises(StepRefused):
        rounds.begin_round(competition_id=opened.pk, user=opened.created_by, now=opened.opened_at)


def test_round_is_begun_only_by_who_runs_the_competition():
    opened = make_opened(proposals=1)
    make_commission(opened)
    stranger = make_official("commissioner", make_territories().odesa_hromada)

    with pytest.raises(PermissionDenied):
        rounds.begin_round(competition_id=opened.pk, user=stranger, now=opened.opened_at)


def test_another_round_needs_an_annulled_one_and_a_reason_and_keeps_what_was_decided(desk):
    first, ground = desk.round, make_ground("rejection")
    first.admissions.filter(proposal__number=1).update(state="rejected", ground=ground, reason="Немає статуту.")
    told = {"competition_id": desk.competition.pk, "user": desk.official, "now": desk.now}
    with pytest.raises(StepRefused):
        rounds.begin_round(**told, reason="Скаргу задоволено.")
    EvaluationRound.objects.filter(pk=first.pk).update(state=RoundState.ANNULLED)
    with pytest.raises(StepRefused):
        rounds.begin_round(**told)

    second = rounds.begin_round(**told, reason="Скаргу задоволено.")

    assert (second.number, second.state, second.reason) == (2, RoundState.DECLARATIONS, "Скаргу задоволено.")
    one, two, _three = second.admissions.order_by("proposal__number")
    assert (one.state, one.ground, one.reason) == (AdmissionState.REJECTED, ground, "Немає статуту.")
    assert two.state == AdmissionState.PENDING


def test_admission_waits_until_everybody_able_has_declared_or_is_recorded_absent():
    desk = make_desk(state="declarations", proposals=1)
    members = list(desk.round.commission.members.all())
    go = {"round_id": desk.round.pk, "user": desk.official, "now": desk.now}
    for member in members[:3]:
        declare_nothing(member, desk.competition, desk.now)
    put_recusal(desk.round, members[3])
    with pytest.raises(StepRefused) as refusal:
        rounds.begin_admission(**go)
    assert members[4].name in str(refusal.value)
    assert members[3].name not in str(refusal.value)

    sit(desk.round, members[:3], desk.now)

    assert rounds.begin_admission(**go).state == RoundState.ADMISSION


def test_admission_does_not_begin_without_a_quorum():
    desk = make_desk(state="declarations", proposals=1)
    members = list(desk.round.commission.members.all())
    for member in members[:2]:
        declare_nothing(member, desk.competition, desk.now)
    sit(desk.round, members[:2], desk.now)

    with pytest.raises(StepRefused):
        rounds.begin_admission(round_id=desk.round.pk, user=desk.official, now=desk.now)


def test_scoring_needs_every_admission_decided_and_one_admitted(desk):
    go = {"round_id": desk.round.pk, "user": desk.official, "now": desk.now}
    with pytest.raises(StepRefused):
        rounds.begin_scoring(**go)
    desk.round.admissions.update(state="rejected", ground=make_ground("rejection"), reason="Немає статуту.")
    with pytest.raises(StepRefused):
        rounds.begin_scoring(**go)
    desk.round.admissions.filter(proposal__number=2).update(state="admitted")
    recused = desk.round.commission.members.last()
    recusal = put_recusal(desk.round, recused)
    with pytest.raises(StepRefused):
        rounds.begin_scoring(**go)
    recusal.state, recusal.decided_at, recusal.reason = "confirmed", desk.now, "Працює в учасника."
    recusal.save()

    held = rounds.begin_scoring(**go)

    assert (held.state, held.scoring_since) == (RoundState.SCORING, desk.now)
    assert {sheet.member for sheet in held.sheets.all()} == set(held.commission.members.exclude(pk=recused.pk))


def test_scoring_needs_a_sitting_that_still_has_a_quorum(desk):
    desk.round.admissions.update(state="admitted")
    for member in desk.round.commission.members.all()[:3]:
        put_recusal(desk.round, member, "confirmed", decided_at=desk.now, reason="Працює в учасника.")

    with pytest.raises(StepRefused):
        rounds.begin_scoring(round_id=desk.round.pk, user=desk.official, now=desk.now)


def test_discussion_needs_a_quorum_of_filed_sheets_and_lets_the_others_lapse():
    desk = make_desk(state="scoring", proposals=1)
    go = {"round_id": desk.round.pk, "user": desk.official, "now": desk.now}
    with pytest.raises(StepRefused):
        rounds.begin_discussion(**go)
    fill_sheets(desk.round)
    last = desk.round.sheets.last()
    last.state, last.filed_at, last.digest = SheetState.DRAFT, None, ""
    last.save()

    held = rounds.begin_discussion(**go)

    assert (held.state, held.discussed_at) == (RoundState.DISCUSSION, desk.now)
    last.refresh_from_db()
    assert last.state == SheetState.LAPSED


def test_cancelled_competition_ends_its_round(desk):
    calling.cancel(
        competition_id=desk.competition.pk,
        user=desk.official,
        ground_id=make_ground("cancellation").pk,
        reason="Кошти зменшено.",
        now=desk.now + timedelta(days=1),
    )

    desk.round.refresh_from_db()
    assert desk.round.state == RoundState.ENDED
    assert desk.round.competition.state == CompetitionState.CANCELLED
    assert LogEntry.objects.filter(tag="procurement:evaluationround:end").count() == 1
