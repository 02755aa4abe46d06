"""The page of results: who has won, why the others have not, everything that it was made from, read from frozen texts."""

import re

import pytest
from django.test import Client

from procurement.enums import AdmissionState, RoundState
from procurement.models import Competition, Score
from tests.factories.evaluation import make_opened, make_round
from tests.factories.rule_profiles import make_ground, make_profile
from tests.results_pages.decided import (
    DAY,
    answer_appeal,
    decide,
    decide_again,
    make_appeal,
    make_decided,
    make_left,
    make_reopened,
)

pytestmark = pytest.mark.django_db


def shown(competition: Competition, tail: str = "results/") -> str:
    response = Client().get(f"/en/competitions/{competition.number}/{tail}")
    assert response.status_code == 200
    return words(response)


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").replace("\xa0", " ").split())


def applicants(competition: Competition) -> list[str]:
    return [one.organisation.name for one in competition.proposals.order_by("number").select_related("organisation")]


# --- what it says ----------------------------------------------------------------------------------------------------


def test_outcome_comes_first_in_plain_words():
    competition = make_decided()
    first, second, _third = applicants(competition)
    text = shown(competition)

    assert f"{first} has won with 24.00 points" in text
    assert text.index(f"{first} has won") < text.index(second)
    assert "Order No. 88-р" in text
    assert "3 proposals were opened" in text


def test_loser_reads_what_it_lacked():
    competition = make_decided()
    first, second, _third = applicants(competition)
    text = shown(competition)

    assert f"It has 18.00 points; the winner, {first}, has 24.00." in text
    assert "Most of all it lacks:" in text
    assert "(3.00 against 4.00)" in text
    assert second in text


def test_every_score_has_its_member_and_reason():
    competition = make_decided(proposals=2)
    round_ = competition.rounds.get()
    Score.objects.filter(sheet__round=round_)
    text = shown(competition)

    for member in round_.commission.members.all():
        assert member.name in text
    assert text.count("Підтверджено документами.") == Score.objects.filter(sheet__round=round_).count()


def test_members_stand_without_names_where_the_rules_do_not_name_them():
    make_profile(policy={"names_members": False, "quorum_share": "1/2", "quorum_strict": True})
    competition = make_decided(proposals=2)
    page = Client().get(f"/en/competitions/{competition.number}/results/").content.decode()
    scores = page[page.index('id="scores"') : page.index('id="admission"')]

    assert all(member.name not in scores for member in competition.commission.members.all())


def test_tie_is_explained_by_the_step_that_decided_it():
    round_ = make_round(state=RoundState.DISCUSSION, proposals=2, tariffs=("180.00", "170.00"))
    Score.objects.filter(sheet__round=round_).update(points=3)
    competition = decide(round_, round_.discussed_at + DAY)
    first, second = applicants(competition)
    text = shown(competition)

    assert f"{second} has won" in text
    assert f"as many as {second}" in text
    assert "What told them apart: a lower sum asked for." in text
    assert first in text


def test_nobody_who_reached_the_threshold_is_told_with_the_ground():
    competition = make_left()
    text = shown(competition)

    assert "Nobody has won." in text
    assert "Жодна не набрала бала." in text
    assert "6.00 points, at least 12.00 are needed to win" in text


def test_single_proposal_is_said_to_be_single():
    text = shown(make_decided(proposals=1))

    assert "It is the only proposal that was scored" in text


def test_refused_proposal_is_told_its_ground_and_is_not_ranked():
    round_ = make_round(state=RoundState.ADMISSION, proposals=3)
    ground = make_ground("rejection")
    reject = round_.admissions.get(proposal__number=3)
    reject.state, reject.ground, reject.reason = AdmissionState.REJECTED, ground, "Немає довідки."
    reject.decided_at = round_.began_at
    reject.save()
    round_.admissions.exclude(pk=reject.pk).update(state=AdmissionState.ADMITTED, decided_at=round_.began_at)
    _score(round_)
    competition = decide(round_, round_.began_at + 3 * DAY)
    text = shown(competition)

    assert "Not admitted" in text
    assert "Немає довідки." in text
    assert ground.text in text or "Немає обов’язкового документа" in text
    assert "proposal № 3" not in text


def _score(round_):
    from procurement.models import EvaluationRound, ScoreSheet
    from tests.factories.evaluation import fill_sheets

    at = round_.began_at
    for member in round_.commission.members.all():
        ScoreSheet.objects.create(round=round_, member=member, began_at=at, saved_at=at)
    fill_sheets(round_)
    EvaluationRound.objects.filter(pk=round_.pk).update(state=RoundState.DISCUSSION, scoring_since=at, discussed_at=at)
    round_.refresh_from_db()


def test_nobody_admitted_is_a_result_too():
    round_ = make_round(state=RoundState.ADMISSION, proposals=1)
    ground = make_ground("rejection")
    round_.admissions.update(
        state=AdmissionState.REJECTED, ground=ground, reason="Немає довідки.", decided_at=round_.began_at
    )
    no_award = make_ground("no_award")
    competition = decide(round_, round_.began_at + DAY, ground_id=no_award.pk, reason="Нікого не допущено.")
    text = shown(competition)

    assert "none was admitted to scoring" in text
    assert "Немає довідки." in text
    assert 'id="ranking"' not in Client().get(f"/en/competitions/{competition.number}/results/").content.decode()


# --- what is not public ----------------------------------------------------------------------------------------------


def test_nothing_stands_there_before_a_decision():
    competition = make_opened()
    make_round(competition, state=RoundState.DISCUSSION)
    names = applicants(competition)

    for tail in ("results/", "results/1/", "results/1/scores.csv", "log/", "dossier.zip"):
        assert Client().get(f"/competitions/{competition.number}/{tail}").status_code == 404
    text = shown(competition, "")
    assert "The commission evaluates the proposals." in text
    assert not any(name in text for name in names)


def test_appeal_before_the_results_does_not_tell_who_has_applied():
    competition = make_opened()
    make_round(competition, state=RoundState.SCORING)
    from uuid import uuid4

    from procurement.domain.evaluation.appeals import file_appeal

    proposal = competition.proposals.get(number=2)
    file_appeal(
        competition_id=competition.pk,
        organisation_id=proposal.organisation_id,
        user=proposal.created_by,
        scope="admission",
        text="Нас не питали.",
        remedy_asked="Спитати.",
        file=None,
        key=uuid4(),
        now=competition.opened_at + DAY,
    )
    text = shown(competition, "")

    assert "Appeal 1: the admission of proposals" in text
    assert proposal.organisation.name not in text
    assert "Нас не питали." not in text


def test_open_appeal_says_nothing_of_its_text_and_a_decided_one_all():
    competition = make_decided()
    appeal = make_appeal(competition, at=competition.decisions.get().at + DAY)
    assert appeal.text not in shown(competition)
    assert "Until it is decided, the award is stopped." in shown(competition)

    answer_appeal(appeal, at=appeal.filed_at + 3 * DAY, upheld=False)
    text = shown(competition)
    assert appeal.text in text
    assert "Комісія не врахувала довідку." in text
    assert appeal.organisation.name in shown(competition, "")


# --- what comes after ------------------------------------------------------------------------------------------------


def test_superseded_decision_stays_readable_at_its_own_address():
    competition = make_decided()
    first, second, _third = applicants(competition)
    decide_again(competition)
    now, before = shown(competition), shown(competition, "results/1/")

    assert f"{second} has won" in now
    assert "It won, and the winner refused" in now
    assert "In place of decision 1." in now
    assert "Немає персоналу." in now
    assert "It is not in force any more." in before
    assert f"{first} has won" in before
    assert Client().get(f"/competitions/{competition.number}/results/3/").status_code == 404


def test_annulled_decision_is_said_to_be_annulled_everywhere():
    competition = make_reopened()

    assert "this decision is annulled" in shown(competition)
    text = shown(competition, "")
    assert "this decision is annulled" in text
    assert "has won" not in text
    assert "The commission evaluates the proposals." in text


def test_page_of_the_competition_tells_the_outcome():
    competition = make_decided()
    text = shown(competition, "")

    assert f"{applicants(competition)[0]} has won" in text
    assert "waits for the winner's answer" in text.replace("’", "'").replace("&#x27;", "'")
    assert "Results: ranking, scores, reasons" in text


def test_results_do_not_move_when_rows_do():
    competition = make_decided()
    before = shown(competition)
    Score.objects.filter(sheet__round__competition=competition).update(points=0, reason="змінено")
    competition.rounds.get().admissions.update(reason="змінено")

    assert shown(competition) == before


@pytest.mark.parametrize("item_count", [1, 3])
def test_results_ask_the_same_number_of_questions(client, django_assert_num_queries, item_count):
    competition = make_decided(proposals=item_count, members=4 + item_count)
    for number in range(item_count):
        make_appeal(
            competition,
            at=competition.decisions.get().at + DAY,
            proposal=competition.proposals.get(number=number + 1),
        )
    address = f"/en/competitions/{competition.number}/results/"
    client.get(address)

    with django_assert_num_queries(10):
        client.get(address)
