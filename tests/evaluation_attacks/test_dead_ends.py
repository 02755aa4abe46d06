"""Rounds that are over: nothing in them goes on, and nothing of them holds the next one up."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.calls.ends import cancel
from procurement.domain.evaluation import appeals, clarifications, minutes
from procurement.domain.evaluation.reminders import remind_of_evaluations
from procurement.enums import AdmissionState, ClarificationState, CompetitionState, RoundState
from procurement.models import EvaluationRound
from tests.appeals.deciding import appeal_of
from tests.decisions.deciding import discussed, make
from tests.factories.accounts import make_mandate
from tests.factories.evaluation import make_opened, make_round
from tests.factories.ordering import make_official_who_orders
from tests.factories.rule_profiles import make_ground
from tests.scoring.worlds import sheet_of

pytestmark = pytest.mark.django_db
NUL_AND_MORE = ("\x00", "9" * 40, "'\"><script>\ufffe")


def anew(round_: EvaluationRound) -> EvaluationRound:
    """Undo the round by an appeal about the admission; return the next one."""
    proposal = round_.competition.proposals.get(number=2)
    at = round_.began_at + timedelta(days=2)
    appeal = appeal_of(proposal, now=at, scope="admission")
    judge = make_official_who_orders(round_.competition.hromada)
    appeals.accept(appeal_id=appeal.pk, user=judge, now=at)
    appeals.decide_appeal(appeal_id=appeal.pk, user=judge, upheld=True, remedy="anew", answer="Заново.", now=at)
    return round_.competition.rounds.latest("number")


def asked(round_: EvaluationRound, number: int = 1):
    row = round_.admissions.get(proposal__number=number)
    return clarifications.ask(
        admission_id=row.pk,
        user=round_.competition.created_by,
        fields=["service/quality"],
        text="Уточніть.",
        due_at=round_.began_at + timedelta(days=3),
        now=round_.began_at,
    )


def test_admission_that_waited_for_an_answer_does_not_hold_up_the_next_round():
    round_ = make_round(make_opened(proposals=2), state=RoundState.ADMISSION)
    asked(round_)
    held = anew(round_)

    again = held.admissions.get(proposal__number=1)
    assert again.state == AdmissionState.PENDING
    EvaluationRound.objects.filter(pk=held.pk).update(state=RoundState.ADMISSION)
    assert asked(EvaluationRound.objects.get(pk=held.pk)).state == ClarificationState.ASKED


def test_clock_lets_nothing_lapse_in_a_round_that_is_over():
    round_ = make_round(make_opened(proposals=2), state=RoundState.ADMISSION)
    row = asked(round_)
    EvaluationRound.objects.filter(pk=round_.pk).update(state=RoundState.ENDED)

    assert clarifications.lapse_overdue(now=row.due_at + timedelta(days=1)) == 0
    row.refresh_from_db()
    assert row.state == ClarificationState.ASKED
    assert remind_of_evaluations(now=row.due_at) == 0


def test_minutes_of_a_round_that_is_over_are_not_signed():
    round_ = discussed(proposals=2)
    drawn = make(round_)
    anew(round_)

    with pytest.raises(StepRefused):
        minutes.sign_minutes(
            minutes_id=drawn.pk, user=sheet_of(round_).member.user, opinion="", now=drawn.made_at + timedelta(days=1)
        )
    assert not drawn.signatures.exists()


def test_official_who_acts_for_an_applicant_does_not_cancel_what_is_opened():
    competition = make_opened(proposals=2)
    official = competition.created_by
    make_mandate(official, competition.proposals.get(number=1).organisation)

    with pytest.raises(PermissionDenied):
        cancel(
            competition_id=competition.pk,
            user=official,
            ground_id=make_ground("cancellation").pk,
            reason="Передумали.",
            now=competition.opened_at,
        )
    competition.refresh_from_db()
    assert competition.state == CompetitionState.OPENED


def test_answer_at_the_very_end_comes_too_late():
    round_ = make_round(make_opened(proposals=2), state=RoundState.ADMISSION)
    row = asked(round_)
    told = {"clarification_id": row.pk, "user": row.admission.proposal.created_by, "files": {}, "note": ""}

    with clock.standing_at(row.due_at), pytest.raises(StepRefused):
        clarifications.answer(**told, values={"service/quality": "Щодня."}, now=row.asked_at)


def test_separate_opinion_has_an_end():
    round_ = discussed(proposals=1)
    drawn = make(round_)

    with pytest.raises(StepRefused):
        minutes.sign_minutes(
            minutes_id=drawn.pk, user=sheet_of(round_).member.user, opinion="я" * 300_000, now=drawn.made_at
        )


@pytest.mark.parametrize("value", NUL_AND_MORE)
def test_pages_answer_nonsense_in_words(client, sign_in, value):
    round_ = discussed(proposals=1)
    pk, number = round_.competition_id, round_.competition.number
    public = [
        ("/projects/", {"hromada": value, "year": value, "state": value, "page": value}),
        ("/projects/projects.csv", {"hromada": value, "page": value}),
        ("/commissions/", {"q": value, "oblast": value, "page": value}),
        (f"/competitions/{number}/results/", {"x": value}),
        ("/api/v1/commissions", {"hromada": value, "page": value, "limit": value}),
    ]
    for address, params in public:
        assert client.get(address, params).status_code < 500, address
    member = sign_in(sheet_of(round_).member.user)
    for name, data in (
        ("scores", {"note": value, "text": value}),
        ("scores", {"return": value, "reason": value}),
        ("scores", {"tie": value, "kind": value, "reason": value}),
        ("file_sheet", {"version": value}),
        ("conflicts", {"version": value, "path-0": value, "choice-0": "mine", "mine-0": '{"points": "\\ud800"}'}),
        ("declare", {"has_ties": value}),
        ("recusal_raise", {"member": value, "organisation": value, "ground": value, "reason": value}),
    ):
        assert member.post(reverse(f"commission:{name}", args=[pk]), data).status_code < 500, name
    official = sign_in(round_.competition.created_by)
    for name, data in (
        ("discussion", {"tie": value, "kind": value, "reason": value, "place-1": value}),
        ("evaluation", {"step": value}),
        ("award", {"ground": value, "act_number": value, "act_on": value}),
        ("awards", {"award": value, "reason": value}),
        ("assign_commission", {"commission": value}),
        ("sitting_new", {"at": value, "place": value, "agenda": value}),
    ):
        assert official.post(reverse(f"commissioning:{name}", args=[pk]), data).status_code < 500, name


@pytest.mark.parametrize(
    "path", ["results/{n}/", "rounds/{n}/minutes.pdf", "decisions/{n}.pdf", "results/{n}/scores.csv", "results/1/..%2f"]
)
def test_numbers_beyond_every_row_are_not_found(client, path):
    competition = make_opened(proposals=1)
    assert client.get(f"/competitions/{competition.number}/{path.format(n='9' * 30)}").status_code == 404
