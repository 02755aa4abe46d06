"""The member's pages: the task list, the sheet on a phone without a script, saving by the script, filing."""

import json

import pytest
from django.urls import reverse

from procurement.domain.evaluation.scoring import keep_scores
from procurement.enums import RoundState, SheetState
from procurement.models import EvaluationRound, InterestDeclaration, Recusal, Score, ScoreSheet
from tests.factories.evaluation import make_round
from tests.scoring.worlds import base_of, criteria_of, fill, page_of, sheet_of

pytestmark = pytest.mark.django_db
CELL = "1:1:experience"


@pytest.fixture
def scored():
    return make_round(proposals=2, members=3)


@pytest.fixture
def sheet(scored) -> ScoreSheet:
    return sheet_of(scored)


@pytest.fixture
def member(sheet, sign_in):
    return sign_in(sheet.member.user)


def url(name, round_, *more):
    return reverse(f"commission:{name}", args=[round_.competition_id, *more])


def typed(criteria, points="3", **reasons):
    told = {f"1:1:{code}/points": points for code in criteria}
    return told | {f"1:1:{code}/reason": text for code, text in reasons.items()}


# --- the desk ---------------------------------------------------------------------------------------------------------


def test_desk_says_what_waits_and_until_when(scored, member):
    page = page_of(member, reverse("commission:home"))

    assert url("sheet", scored) in page
    assert "0 of 12" in page_of(member, url("competition", scored), en=True)


def test_cabinet_home_has_the_panel_for_members_alone(scored, member, sign_in):
    stranger = sign_in(scored.competition.created_by)

    assert reverse("commission:home") in page_of(member, "/cabinet/")
    assert reverse("commission:home") not in page_of(stranger, "/cabinet/")


def test_person_without_a_commission_has_an_empty_desk(sign_in, scored):
    assert "member of no commission" in page_of(
        sign_in(scored.competition.created_by), reverse("commission:home"), en=True
    )


def test_recused_member_is_told_so_and_no_more(scored, sheet, member):
    Recusal.objects.create(
        competition=scored.competition, member=sheet.member, source="match", proposed_at=scored.began_at
    )

    page = page_of(member, reverse("commission:home"))

    assert scored.competition.number in page
    assert url("competition", scored) not in page
    assert member.get(url("competition", scored)).status_code == 404


def test_desk_asks_as_many_queries_for_three_competitions_as_for_one(scored, sheet, member, django_assert_num_queries):
    page_of(member, reverse("commission:home"))
    with django_assert_num_queries(11):
        page_of(member, reverse("commission:home"))
    for _one in range(2):
        more = make_round(proposals=1, members=1)
        more.commission.members.update(user=sheet.member.user)
        more.competition.commission.refresh_from_db()

    with django_assert_num_queries(11):
        page_of(member, reverse("commission:home"))


# --- scoring ----------------------------------------------------------------------------------------------------------


def test_page_of_a_proposal_has_the_meaning_of_each_value(scored, member):
    page = page_of(member, url("score", scored, 1, 1))

    assert page.count('name="1:1:experience/points"') == 6
    assert "Відповідає повністю й підтверджено" in page


def test_page_without_a_script_saves_and_leads_on(scored, sheet, member):
    address = url("score", scored, 1, 1)
    data = {"base": base_of(page_of(member, address)), **typed(criteria_of(scored), experience="Шість років.")}

    answer = member.post(address, data)

    assert answer.url == url("score", scored, 1, 2)
    assert sheet.scores.get(criterion="experience").reason == "Шість років."
    assert sheet.scores.count() == 6


def test_what_is_off_the_scale_is_told_beside_it_and_nothing_is_lost(scored, sheet, member):
    address = url("score", scored, 1, 1)
    data = {"base": base_of(page_of(member, address)), **typed(criteria_of(scored), staff="Добрі курси.")}
    data["1:1:staff/points"] = "9"

    answer = member.post(address, data)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-1:1:staff"' in page
    assert "Добрі курси." in page
    assert sheet.scores.count() == 5

    # what was saved meanwhile is no other window's word
    again = data | {"base": base_of(page), "1:1:staff/points": "2", "1:1:cost/points": "1"}
    assert member.post(address, again).status_code == 302
    assert {row.criterion: row.points for row in sheet.scores.filter(criterion__in=("staff", "cost"))} == {
        "staff": 2,
        "cost": 1,
    }


def test_two_windows_are_asked_which_version_stays(scored, sheet, member):
    address = url("score", scored, 1, 1)
    data = {"base": base_of(page_of(member, address)), **typed(criteria_of(scored))}
    other = {CELL: {"points": "1", "reason": "Мало."}}
    keep_scores(sheet_id=sheet.pk, user=sheet.member.user, version=1, cells=other, now=sheet.began_at)

    answer = member.post(address, data)
    assert answer.status_code == 409
    assert "Мало." in answer.content.decode()
    sheet.refresh_from_db()
    chosen = {
        "version": sheet.version,
        "path-0": CELL,
        "choice-0": "mine",
        "mine-0": json.dumps({"points": "3", "reason": ""}),
        "next": address,
    }
    assert member.post(url("conflicts", scored), chosen).url == address
    assert sheet.scores.get(criterion="experience").points == 3


def test_script_saves_cells_and_hears_of_each(scored, sheet, member):
    fields = {
        CELL: [[f"{CELL}/points", "4"], [f"{CELL}/reason", "Так."]],
        "1:2:staff": [["1:2:staff/points", "77"]],
    }

    answer = member.post(url("save", scored), {"base_version": 1, "fields": fields}, content_type="application/json")

    told = answer.json()
    assert told["values"] == {CELL: {"points": "4", "reason": "Так."}}
    assert list(told["refused"]) == ["1:2:staff"]
    assert (told["version"], told["sums"]["given-1-1"], told["contested"]) == (2, "1", [])


def test_script_hears_of_another_windows_words(scored, sheet, member):
    keep_scores(sheet_id=sheet.pk, user=sheet.member.user, version=1, cells={CELL: {"points": "1"}}, now=sheet.began_at)
    body = {"base_version": 1, "fields": {CELL: [[f"{CELL}/points", "4"]]}}

    told = member.post(url("save", scored), body, content_type="application/json").json()

    assert told["contested"] == [CELL]
    assert url("conflicts", scored) in told["panel"]


@pytest.mark.parametrize("body", ["", "[]", "{", '{"fields": 1}', "[" * 100_000])
def test_script_that_sends_nonsense_is_answered_in_words(scored, member, body):
    answer = member.generic("POST", url("save", scored), body, content_type="application/json")

    assert (answer.status_code, list(answer.json())) == (400, ["refusal"])


def test_script_of_a_stranger_and_of_nobody_saves_nothing(scored, sheet, client, sign_in):
    body = {"base_version": 1, "fields": {CELL: [[f"{CELL}/points", "4"]]}}
    post = {"data": body, "content_type": "application/json"}

    assert client.post(url("save", scored), **post).status_code == 401
    assert sign_in(scored.competition.created_by).post(url("save", scored), **post).status_code == 404
    assert not Score.objects.exists()


def test_overview_files_the_whole_sheet_and_opens_the_others(scored, sheet, member):
    fill(sheet)
    page = page_of(member, url("sheet", scored))
    assert url("file_sheet", scored) in page

    answer = member.post(url("file_sheet", scored), {"version": ScoreSheet.objects.get(pk=sheet.pk).version})

    sheet.refresh_from_db()
    assert (answer.url, sheet.state) == (url("scores", scored), SheetState.FILED)
    assert member.get(answer.url).status_code == 200
    assert f"sheet-{sheet.pk}" in page_of(member, url("sheet", scored))
    assert member.get(url("score", scored, 1, 1)).url == url("sheet", scored)


def test_sheet_with_a_gap_offers_to_go_on_and_is_not_filed(scored, sheet, member):
    assert url("file_sheet", scored) not in page_of(member, url("sheet", scored))

    answer = member.post(url("file_sheet", scored), {"version": sheet.version})

    assert answer.status_code == 422
    assert sheet_of(scored).state == SheetState.DRAFT


def test_sheet_asks_as_many_queries_for_three_proposals_as_for_one(sign_in, django_assert_num_queries):
    for proposals in (1, 3):
        round_ = make_round(proposals=proposals, members=2)
        client = sign_in(sheet_of(round_).member.user)
        page_of(client, url("sheet", round_))
        with django_assert_num_queries(14):
            page_of(client, url("sheet", round_))
        with django_assert_num_queries(14):
            page_of(client, url("score", round_, 1, 1))


@pytest.mark.parametrize("place", [(1, 9), (9, 1)])
def test_page_of_a_proposal_that_is_not_scored_is_not_there(scored, member, place):
    assert member.get(url("score", scored, *place)).status_code == 404


def test_rubric_with_many_values_is_typed_not_chosen(scored, sheet, member):
    version = scored.competition.versions.get(number=1)
    for criterion in version.frozen["rubric"]["definition"]["criteria"]:
        criterion |= {"max": "100", "step": "0.5", "values": []}
    type(version).objects.filter(pk=version.pk).update(frozen=version.frozen)
    address = url("score", scored, 1, 1)
    page = page_of(member, address)
    assert 'id="f-1:1:staff-points"' in page

    data = {"base": base_of(page), "1:1:staff/points": "62,5", "1:1:cost/none": "na", "1:1:cost/reason": "Без ціни."}
    member.post(address, data)

    told = {row.criterion: (row.points, row.is_given) for row in sheet.scores.all()}
    assert told == {"staff": (62.5, True), "cost": (None, True)}


# --- declaring --------------------------------------------------------------------------------------------------------


def test_member_who_has_not_declared_is_asked_to_and_shown_names_alone(scored, sheet, member):
    InterestDeclaration.objects.filter(member=sheet.member).delete()
    applicant = scored.competition.proposals.first()

    page = page_of(member, url("declare", scored))

    assert applicant.organisation.name in page
    assert str(applicant.pk) not in page
    assert member.get(url("sheet", scored)).status_code == 404


def test_declaration_without_a_word_is_refused_beside_the_question(scored, sheet, member):
    InterestDeclaration.objects.filter(member=sheet.member).delete()
    applicant = scored.competition.proposals.first().organisation_id

    for data in ({}, {"has_ties": "yes"}, {"has_ties": "no", f"kind-{applicant}": "founder"}):
        answer = member.post(url("declare", scored), data)
        assert (answer.status_code, 'href="#f-has_ties"' in answer.content.decode()) == (422, True)
    assert not InterestDeclaration.objects.filter(member=sheet.member).exists()


def test_declared_tie_closes_the_competition_to_the_member(scored, sheet, member):
    EvaluationRound.objects.filter(pk=scored.pk).update(state=RoundState.DECLARATIONS)
    InterestDeclaration.objects.filter(member=sheet.member).delete()
    applicant = scored.competition.proposals.first().organisation_id
    data = {"has_ties": "yes", f"kind-{applicant}": "employer", f"text-{applicant}": "Працювала торік."}

    answer = member.post(url("declare", scored), data)

    assert answer.url == reverse("commission:home")
    assert Recusal.objects.get().member == sheet.member
    assert member.get(url("competition", scored)).status_code == 404


def test_member_without_ties_goes_on_to_the_task_list(scored, sheet, member):
    EvaluationRound.objects.filter(pk=scored.pk).update(state=RoundState.DECLARATIONS)
    InterestDeclaration.objects.filter(member=sheet.member).delete()

    answer = member.post(url("declare", scored), {"has_ties": "no"})

    assert answer.url == url("competition", scored)
    assert member.get(url("proposal", scored, 1)).status_code == 200
