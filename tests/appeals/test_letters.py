"""Letters of the evaluation: who is told what, that nobody barred is told anything, that a step is told once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from portal.kernel.outbox import deliver
from procurement.domain.evaluation import appeals, awards
from procurement.domain.evaluation.reminders import remind_of_evaluations
from procurement.domain.news.evaluation_news import _ROWS, WRITERS
from procurement.enums import MinutesState, RoundState
from procurement.evaluation_notifications import REMINDED, TOLD, note_evaluation
from procurement.models import Clarification, Defence, InterestDeclaration, Minutes, Recusal
from tests.appeals.deciding import TEXT, make_decided
from tests.factories.accounts import make_official
from tests.factories.evaluation import make_member, make_opened, make_round
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db


def send():
    """Carry out what the evaluation wrote, of the announcement nothing; return the letters by address."""
    OutboxMessage.objects.filter(kind="competition-letters").delete()
    while (done := deliver(timezone.now() + timedelta(days=4000))).sent or done.failed:
        assert done.failed == 0, list(OutboxMessage.objects.exclude(last_error="").values_list("last_error", flat=True))
    sent, mail.outbox[:] = list(mail.outbox), []
    letters = {}
    for letter in sent:
        letters.setdefault(letter.to[0], []).append(letter)
    return letters


def tell(about, step, competition, at):
    note_evaluation(competition=competition, about=about, step=step, now=at)
    return send()


def test_every_step_that_is_told_has_its_letters_and_no_other():
    told = {(thing, step) for table in (TOLD, REMINDED) for thing, steps in table.items() for step in steps}

    assert told == set(WRITERS)
    assert {thing for thing, _step in told} == set(_ROWS)


def test_step_that_nobody_is_told_of_writes_nothing():
    round_ = make_round(proposals=1)

    note_evaluation(competition=round_.competition, about=round_, step="check", now=round_.began_at)

    assert not OutboxMessage.objects.filter(kind="evaluation-letters").exists()


def test_members_are_asked_to_declare_and_no_applicant_is_named():
    round_ = make_round(make_opened(proposals=1), state=RoundState.DECLARATIONS)
    name = round_.competition.proposals.get().organisation.name

    letters = tell(round_, "begin", round_.competition, round_.began_at)

    assert set(letters) == {member.user.email for member in round_.commission.members.all()}
    text = next(iter(letters.values()))[0].body
    assert f"/cabinet/commission/competitions/{round_.competition.pk}/" in text
    assert name not in text


@pytest.mark.parametrize("step", ["score", "discuss"])
def test_barred_member_is_told_nothing_of_the_work(step):
    round_ = make_round(proposals=1)
    barred = round_.commission.members.last()
    Recusal.objects.create(competition=round_.competition, member=barred, source="match", proposed_at=round_.began_at)

    letters = tell(round_, step, round_.competition, round_.began_at)

    assert len(letters) == round_.commission.members.count() - 1
    assert barred.user.email not in letters


def test_recusal_is_told_to_the_member_and_to_who_decides():
    round_ = make_round(proposals=1)
    official = make_official("commissioner", round_.competition.hromada)
    member = make_member(round_.commission, user=make_official("commissioner", round_.competition.hromada))
    row = Recusal.objects.create(
        competition=round_.competition,
        member=member,
        source="match",
        proposed_at=round_.began_at,
        evidence=[{"kind": "founder", "words": "Засновник"}],
    )

    letters = tell(row, "propose", round_.competition, round_.began_at)

    assert "Засновник" not in str([letter.body for found in letters.values() for letter in found])
    assert len(letters[member.user.email]) == 1
    assert f"/{round_.competition.pk}/recusals/" in letters[official.email][0].body


def test_clarification_is_asked_of_the_applicant_with_its_end():
    round_ = make_round(proposals=2, state=RoundState.ADMISSION)
    admission = round_.admissions.get(proposal__number=2)
    row = Clarification.objects.create(
        admission=admission,
        fields=["about/head"],
        text="Хто підписує договір?",
        asked_at=round_.began_at,
        asked_by=round_.competition.created_by,
        due_at=round_.began_at + timedelta(days=3),
        due_words="Строк установив замовник.",
    )

    letters = tell(row, "ask", round_.competition, round_.began_at)

    assert set(letters) == {admission.proposal.created_by.email}
    letter = letters[admission.proposal.created_by.email][0]
    assert "Хто підписує договір?" in letter.body
    assert f"/cabinet/proposals/{admission.proposal_id}/clarification/" in letter.body
    Clarification.objects.filter(pk=row.pk).update(state="lapsed")
    assert len(tell(row, "lapse", round_.competition, round_.began_at)) == 2


def test_who_is_not_admitted_reads_the_ground_and_how_to_appeal():
    round_ = make_round(proposals=1, state=RoundState.ADMISSION)
    admission, ground = round_.admissions.get(), make_ground("rejection")
    admission.state, admission.ground, admission.reason = "rejected", ground, "Немає довідки."
    admission.save()

    body = tell(admission, "reject", round_.competition, round_.began_at)[admission.proposal.created_by.email][0].body

    assert ground.text in body
    assert "Немає довідки." in body
    assert "/appeal/" in body


def test_defence_is_told_to_the_applicant_and_without_a_name_to_the_members():
    round_ = make_round(proposals=1)
    proposal = round_.competition.proposals.get()
    row = Defence.objects.create(round=round_, proposal=proposal, at=round_.began_at, place="мала зала")

    letters = tell(row, "schedule", round_.competition, round_.began_at)

    assert len(letters) == 1 + round_.commission.members.count()
    member = round_.commission.members.first()
    assert "мала зала" in letters[member.user.email][0].body
    assert proposal.organisation.name not in letters[member.user.email][0].body


def test_every_bidder_reads_the_decision_with_the_own_result_first():
    world = make_decided(proposals=2)

    letters = tell(world.decision, "decide", world.competition, world.decision.at)

    won = letters[world.winner.created_by.email][0]
    lost = letters[world.loser.created_by.email][0]
    assert len(letters) == 2
    assert f"/{world.winner.pk}/award/" in won.body
    assert "18.00" in lost.body and f"/{world.loser.pk}/appeal/" in lost.body
    assert f"/{world.loser.pk}/award/" not in lost.body


def test_refused_award_asks_the_officials_to_decide_anew():
    world = make_decided()
    awards.refuse(award_id=world.award.pk, user=world.winner.created_by, reason="Немає людей.", now=world.now)

    letters = send()

    assert set(letters) == {world.winner.created_by.email, world.official.email, world.judge.email}
    assert "Немає людей." in letters[world.judge.email][0].body


def test_appeal_is_told_to_the_complainant_the_officials_and_the_stopped_winner():
    world = make_decided()
    appeal = world.appeal()

    letters = send()

    assert set(letters) == {
        world.loser.created_by.email,
        world.official.email,
        world.judge.email,
        world.winner.created_by.email,
    }
    assert TEXT not in str([one.body for found in letters.values() for one in found])
    assert f"/appeals/{appeal.number}/" in letters[world.judge.email][0].body
    assert world.loser.organisation.name not in letters[world.winner.created_by.email][0].body


def test_recused_official_is_not_told_who_appeals():
    world = make_decided()
    member = make_member(world.competition.commission, user=world.judge)
    Recusal.objects.create(competition=world.competition, member=member, source="raised", proposed_at=world.now)
    world.appeal()

    assert world.judge.email not in send()


def test_upheld_appeal_is_told_to_all_bidders_and_to_the_members():
    world = make_decided()
    appeal = world.appeal()
    appeals.accept(appeal_id=appeal.pk, user=world.judge, now=world.now)
    send()
    appeals.decide_appeal(
        appeal_id=appeal.pk, user=world.judge, upheld=True, remedy="anew", answer="Порушено порядок.", now=world.now
    )

    letters = send()

    complainant = letters[world.loser.created_by.email]
    assert "Порушено порядок." in str([one.body for one in complainant])
    assert world.winner.created_by.email in letters
    # that the round is over, and that interests are declared for the next
    assert len(letters[world.competition.commission.members.first().user.email]) == 2


def test_letters_keep_nothing_once_they_have_left():
    world = make_decided()
    world.appeal()
    send()

    assert not OutboxMessage.objects.exclude(payload={}).filter(key__startswith="procurement:appeal").exists()


# --- reminders -------------------------------------------------------------------------------------------------------


def test_members_who_have_not_declared_are_reminded_once_for_each_step():
    round_ = make_round(make_opened(proposals=1), state=RoundState.DECLARATIONS)
    first = round_.commission.members.first()
    InterestDeclaration.objects.create(
        competition=round_.competition, member=first, has_interest=False, at=round_.began_at, digest="0" * 64
    )
    on = round_.competition.evaluated_on
    near = timezone.make_aware(timezone.datetime(on.year, on.month, on.day, 9)) - timedelta(days=2)

    assert remind_of_evaluations(now=near - timedelta(days=5)) == 0
    assert (remind_of_evaluations(now=near), remind_of_evaluations(now=near + timedelta(hours=5))) == (1, 0)
    letters = send()
    assert len(letters) == round_.commission.members.count() - 1
    assert first.user.email not in letters
    assert remind_of_evaluations(now=near + timedelta(days=1)) == 1
    assert remind_of_evaluations(now=near + timedelta(days=30)) == 1


def test_minutes_wait_for_those_who_have_not_signed():
    round_ = make_round(proposals=1, state=RoundState.DISCUSSION)
    minutes = Minutes.objects.create(
        round=round_,
        state=MinutesState.DRAFT,
        content={},
        digest="1" * 64,
        made_at=round_.began_at,
        made_by=round_.competition.created_by,
    )
    member = round_.commission.members.first()
    minutes.signatures.create(member=member, at=round_.began_at, digest=minutes.digest)

    assert remind_of_evaluations(now=round_.began_at + timedelta(days=60)) == 1
    letters = send()
    assert member.user.email not in letters
    assert len(letters) == round_.commission.members.count() - 1


def test_offered_award_is_reminded_of_until_it_is_answered():
    world = make_decided()

    assert remind_of_evaluations(now=world.now + timedelta(days=40)) == 1
    awards.accept(award_id=world.award.pk, user=world.winner.created_by, now=world.now)
    assert all("/award/" in one.body for one in send()[world.winner.created_by.email])
    assert remind_of_evaluations(now=world.now + timedelta(days=80)) == 0
