"""The official's pages of an evaluation: the hub, the minutes, the decision; the papers that everybody gets."""

import io

import pypdf
import pytest
from django.urls import reverse

from portal.kernel import clock
from portal.kernel.calendar import day_of
from portal.kernel.verification import present_of
from procurement.enums import AwardState, MinutesState, RoundState
from procurement.interfaces.minutes_paper import MinutesPaper
from procurement.models import AwardDecision
from tests.decisions.deciding import (
    REASON,
    after,
    discussed,
    make,
    minuted,
    nobody_admitted,
    official_of,
    order,
    recuse,
    sign,
    stop,
)
from tests.factories.evaluation import make_commission, make_opened, make_round
from tests.factories.ordering import make_official_who_orders
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db


def url(name: str, round_, *more) -> str:
    return reverse(f"commissioning:{name}", args=[round_.competition_id, *more])


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


def close_up(text: str) -> str:
    return "".join(text.split()).replace("-", "").replace("\xad", "")


def stages(response) -> dict[str, str]:
    return {stage.code: stage.state for stage in response.context["stages"]}


def test_hub_shows_every_stage_and_begins_the_evaluation(sign_in):
    competition = make_opened()
    make_commission(competition)
    client = sign_in(competition.created_by)
    page = reverse("commissioning:evaluation", args=[competition.pk])
    response = client.get(page)
    assert stages(response) == {"commission": "done"}

    with clock.standing_at(competition.opened_at):
        assert client.post(page, {"step": "begin"}).status_code == 302

    response = client.get(page)
    assert competition.rounds.get().state == RoundState.DECLARATIONS
    assert stages(response)["declarations"] == "now"
    with clock.standing_at(competition.opened_at):
        refused = client.post(page, {"step": "check"})
    assert (refused.status_code, bool(refused.context["reason"])) == (422, True)


@pytest.mark.parametrize("proposals", [1, 3])
def test_hub_takes_as_many_queries_for_one_proposal_as_for_three(sign_in, django_assert_num_queries, proposals):
    round_ = discussed(proposals=proposals)
    client = sign_in(official_of(round_))
    client.get(url("evaluation", round_))
    with django_assert_num_queries(HUB_QUERIES):
        client.get(url("evaluation", round_))


HUB_QUERIES = 72


def test_pages_do_not_exist_for_a_recused_official_nor_for_another_hromada(sign_in):
    round_ = minuted(proposals=1)
    member = recuse(round_, 4).member
    other = make_official_who_orders(make_territories().poltava_hromada)
    for name in ("evaluation", "minutes", "minutes_pdf", "minutes_withdraw", "award"):
        assert sign_in(other).get(url(name, round_)).status_code == 404
    member.user = official_of(round_)
    member.save()
    for name in ("evaluation", "minutes", "minutes_pdf", "minutes_withdraw", "award"):
        assert sign_in(official_of(round_)).get(url(name, round_)).status_code == 404


def test_official_who_is_a_member_is_asked_to_declare_first(sign_in):
    round_ = discussed()
    member = round_.commission.members.last()
    member.user = official_of(round_)
    member.save()
    round_.competition.declarations.filter(member=member).delete()
    response = sign_in(official_of(round_)).get(url("evaluation", round_))
    assert "stages" not in response.context
    assert sign_in(official_of(round_)).get(url("minutes", round_)).status_code == 404


def test_minutes_page_says_what_is_missing_then_draws_up_and_withdraws(sign_in):
    round_ = discussed(proposals=1)
    client = sign_in(official_of(round_))
    page = url("minutes", round_)
    assert client.get(page).context["gaps"] == []
    with clock.standing_at(after(round_)):
        assert client.post(page).status_code == 302
    response = client.get(page)
    minutes = round_.minutes.get()
    assert response.context["paper"].minutes == minutes
    for words in (minutes.digest, "Підтверджено документами.", "python rank.py scores.csv rubric.json"):
        assert words in response.content.decode()

    printed = client.get(url("minutes_pdf", round_))
    assert printed["Content-Type"] == "application/pdf"
    assert "Verify" not in text_of(printed.content)

    withdraw = url("minutes_withdraw", round_)
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    assert client.post(withdraw, {"reason": "Описка в порядку денному."}).status_code == 302
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.WITHDRAWN
    assert client.get(url("minutes_earlier", round_, 1)).status_code == 200
    assert [one.pk for one in client.get(page).context["withdrawn"]] == [minutes.pk]


def test_minutes_of_an_unfinished_scoring_do_not_exist(sign_in):
    round_ = make_round()
    client = sign_in(official_of(round_))
    assert client.get(url("minutes", round_)).context["is_now"] is False
    assert client.get(url("minutes_pdf", round_)).status_code == 404


def test_decision_is_taken_on_its_page_after_the_outcome_was_shown(sign_in):
    round_ = minuted()
    client = sign_in(official_of(round_))
    page = url("award", round_)
    response = client.get(page)
    told = response.context["told"]
    assert [(line.number, line.place) for line in told.winners] == [("1", "1")]
    assert told.sensitivity
    assert "ground" not in response.context["form"].fields
    assert url("evaluation", round_) in client.get(reverse("commissioning:home")).content.decode()

    early = day_of(round_.minuted_at).replace(day=1).isoformat()
    with clock.standing_at(after(round_, 3)):
        refused = client.post(page, {"act_number": "118", "act_on": early})
        assert (refused.status_code, bool(refused.context["form"].non_field_errors())) == (422, True)
        assert 'value="118"' in refused.content.decode()
        wrong = client.post(page, {"act_number": "", "act_on": day_of(after(round_, 3)).isoformat()})
        assert (wrong.status_code, AwardDecision.objects.count()) == (422, 0)
        sent = {"act_number": "118", "act_on": day_of(after(round_, 3)).isoformat(), "act_url": ""}
        assert client.post(page, sent).status_code == 302
    assert AwardDecision.objects.get().act_number == "118"


def test_superseding_decision_asks_for_ground_and_reason(sign_in):
    round_ = minuted()
    first = order(round_)
    first.awards.update(state=AwardState.REFUSED, reason=REASON)
    ground = make_ground("superseding")
    client = sign_in(official_of(round_))
    page = url("award", round_)
    assert client.get(page).context["failed"] is True
    with clock.standing_at(after(round_, 5)):
        sent = {"act_number": "120", "act_on": day_of(after(round_, 5)).isoformat(), "act_url": ""}
        assert client.post(page, sent).status_code == 422
        assert client.post(page, {**sent, "ground": ground.pk, "reason": REASON}).status_code == 302
    assert AwardDecision.objects.get(number=2).supersedes == first


def test_decision_without_a_winner_asks_for_its_ground(sign_in):
    round_ = nobody_admitted(proposals=1)
    sign(make(round_))
    client = sign_in(official_of(round_))
    response = client.get(url("award", round_))
    assert response.context["told"].winners == []
    assert "ground" in response.context["form"].fields
    stop(round_)
    response = client.get(url("award", round_))
    assert response.context["stop"].number == 1
    assert 'name="act_number"' not in response.content.decode()


def test_minutes_are_public_as_a_paper_once_decided_and_not_before(client):
    round_ = discussed()
    recusal = recuse(round_, 3)
    minutes = make(round_)
    sign(minutes, 0, 1, 2)
    sign(minutes, 4, opinion="Не згоден з оцінкою досвіду.")
    address = reverse("procurement:minutes_pdf", args=[round_.competition.number])
    numbered = reverse("procurement:round_minutes", args=[round_.competition.number, 1])
    assert client.get(address).status_code == 404
    assert client.get(numbered).status_code == 404
    assert present_of(minutes.code).holds

    order(round_)

    response = client.get(address)
    text = close_up(text_of(response.content))
    minutes.refresh_from_db()
    for words in (
        minutes.code.grouped,
        round_.competition.number,
        round_.commission.act_number,
        recusal.member.name,
        "Не згоден з оцінкою досвіду.",
        "Підтверджено документами.",
        round_.competition.proposals.get(number=2).organisation.name,
        minutes.digest,
        minutes.content["digests"]["ranking"],
        "python rank.py scores.csv rubric.json",
    ):
        assert close_up(words) in text, words
    for row in minutes.content["ranking"]["rows"]:
        assert close_up("".join(row)) in text
    assert "Таємна" not in text
    assert client.get(numbered).content == response.content
    assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 304
    assert present_of(minutes.code).holds


def test_papers_of_an_annulled_round_stay_readable_and_say_so(client):
    round_ = minuted(proposals=1)
    decision = order(round_)
    round_.state = RoundState.ANNULLED
    round_.save()
    minutes = round_.minutes.get()
    minutes.round = round_
    assert MinutesPaper.of(minutes).standing == "annulled"
    assert not present_of(minutes.code).holds
    assert not present_of(decision.code).holds
    text = text_of(client.get(reverse("procurement:decision_pdf", args=[round_.competition.number, 1])).content)
    for words in ("118", decision.code.grouped, decision.awards.get().proposal.organisation.name, decision.digest):
        assert close_up(words) in close_up(text)
    assert client.get(reverse("procurement:decision_pdf", args=[round_.competition.number, 2])).status_code == 404
