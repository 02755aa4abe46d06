"""The files of a ranking at their addresses: nothing before a decision, afterwards what anybody recomputes."""

from pathlib import Path

import pytest
from django.urls import reverse

from procurement.domain.evaluation.decisions import results_of
from procurement.interfaces.rubric_words import rule_lines
from procurement.published import rank as script
from tests.decisions.deciding import minuted, order
from tests.factories.procurement import make_call, make_published
from tests.ranking.recomputing import recomputed

pytestmark = pytest.mark.django_db

NAMES = {"scores": "scores_file", "rubric": "rubric_file", "ranking": "ranking_file"}


def address(name: str, number: str) -> str:
    return reverse(f"procurement:{NAMES[name]}", args=[number])


def test_addresses_are_the_promised_ones():
    assert address("scores", "2027-00001") == "/competitions/2027-00001/scores.csv"
    assert address("rubric", "2027-00001") == "/competitions/2027-00001/rubric.json"
    assert address("ranking", "2027-00001") == "/competitions/2027-00001/ranking.csv"
    assert reverse("procurement:rank_script") == "/rank.py"


def test_files_of_a_decided_competition_make_one_another(client):
    held = minuted()
    order(held)
    number = held.competition.number
    texts = {name: client.get(address(name, number)).content.decode() for name in NAMES}
    source = client.get("/rank.py")
    namespace = {"__name__": "rank"}
    exec(compile(source.content, "rank.py", "exec"), namespace)
    assert namespace["rank"](texts["scores"], texts["rubric"]) == texts["ranking"]
    assert texts == {name: results_of(held.competition)[name] for name in NAMES}
    assert recomputed(held.competition) == 2
    assert source["Content-Disposition"] == 'attachment; filename="rank.py"'


def test_before_a_decision_there_is_only_the_rubric(client):
    held = minuted()
    number = held.competition.number
    client.force_login(held.competition.created_by)
    assert client.get(address("scores", number)).status_code == 404
    assert client.get(address("ranking", number)).status_code == 404
    told = client.get(address("rubric", number))
    assert told.status_code == 200
    assert held.competition.lots.get().title in told.content.decode()


def test_the_rubric_is_public_from_the_announcement_on_and_no_sooner(client):
    assert client.get(address("rubric", make_published().number)).status_code == 200
    make_call()
    assert client.get("/competitions/None/rubric.json").status_code == 404


def test_files_cost_few_queries(client, django_assert_num_queries):
    held = minuted()
    order(held)
    for name in NAMES:
        with django_assert_num_queries(6):
            client.get(address(name, held.competition.number))
    with django_assert_num_queries(0):
        client.get("/rank.py")


def test_the_script_is_the_one_that_is_tested(client):
    assert client.get("/rank.py").content.decode() == Path(script.__file__).read_text(encoding="utf-8")


def test_the_announcement_says_how_points_become_a_ranking(client):
    competition = make_published()
    page = client.get(reverse("procurement:competition", args=[competition.number]))
    lines = page.context["notice"].rubric_rules
    assert len(lines) == 5
    assert all(how in page.content.decode() for _what, how in lines)


def test_words_say_every_rule():
    definition = {
        "criteria": [{"code": "cost", "name_uk": "Вартість", "name_en": "Cost", "threshold": "2"}],
        "method": "sum",
        "rounding": {"rule": "half_even", "digits": 1},
        "threshold": "5",
        "ties": [{"by": "criterion", "criterion": "cost"}, {"by": "earlier"}, {"by": "casting"}],
        "award": {"kind": "budget", "when_short": "stop"},
    }
    assert all(how for _what, how in rule_lines(definition))
    assert rule_lines({"criteria": []}) == ()
    other = {**definition, "award": {"kind": "budget", "when_short": "skip"}}
    assert rule_lines(other)[-1] != rule_lines(definition)[-1]
