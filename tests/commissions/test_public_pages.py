"""What everybody reads: who is in a commission and by what act; of ties nothing before the decision and little after."""

from datetime import timedelta

import pytest

from procurement.models import Competition, CompetitionCommission, Recusal
from tests.factories.accounts import make_official
from tests.factories.evaluation import declare_nothing, make_commission
from tests.factories.registry import make_territories

pytestmark = pytest.mark.django_db
LIST = "/en/commissions/"


def body(answer):
    return " ".join(answer.content.decode().split())


def recuse(hall, member, state="confirmed"):
    return Recusal.objects.create(
        competition=hall.competition,
        member=member,
        organisation=hall.applicants[0],
        source="declared",
        state=state,
        ground="relative",
        evidence=[{"kind": "declared", "tie": "relative", "words": "Чоловік працює водієм"}],
        proposed_at=hall.now,
        decided_at=None if state == "proposed" else hall.now,
        decided_by=None if state == "proposed" else hall.official,
        reason="" if state == "proposed" else "Близька особа голови",
    )


def test_drafts_are_seen_by_nobody(client, sign_in):
    draft = make_commission(state="draft", members=2, appointed_at=None)
    own = sign_in(make_official("commissioner", make_territories().dykanska))

    for who in (client, own):
        assert draft.title not in body(who.get(LIST))
        assert who.get(f"{LIST}{draft.pk}/").status_code == 404


def test_list_narrows_by_oblast_and_hromada(client):
    commission = make_commission(members=1)

    for query, found in (("", True), ("?oblast=UA53000000000028050", None), ("?q=дик", True), ("?q=Одес", False)):
        if found is not None:
            assert (commission.title in body(client.get(f"{LIST}{query}"))) is found
    assert client.get(f"{LIST}?page=999&oblast=%00&q=%00").status_code == 200


def test_page_names_members_and_nothing_private(client, hall):
    shown = body(client.get(f"{LIST}{hall.commission.pk}/"))

    for member in hall.members:
        assert member.name in shown
        assert member.email not in shown
    assert hall.commission.act_number in shown
    assert hall.competition.number in shown


def test_nothing_of_ties_before_the_decision(client, hall):
    recuse(hall, hall.members[3])
    declare_nothing(hall.members[4], hall.competition, hall.now)

    shown = body(client.get(f"{LIST}{hall.commission.pk}/"))

    for secret in ("a close person", "recused", "declared", hall.applicants[0].name):
        assert secret not in shown


def test_after_the_decision_kind_and_moment_and_no_more(client, hall):
    recuse(hall, hall.members[3])
    recuse(hall, hall.members[2], "proposed")
    declare_nothing(hall.members[4], hall.competition, hall.now)
    Competition.objects.filter(pk=hall.competition.pk).update(state="awarded")

    shown = body(client.get(f"{LIST}{hall.commission.pk}/"))

    assert "a close person works there or owns it" in shown
    assert shown.count("recused") == 1
    for secret in ("Чоловік", "Близька особа голови", hall.applicants[0].name):
        assert secret not in shown


def test_dissolved_commission_says_why(client):
    commission = make_commission(members=1)
    CompetitionCommission.objects.filter(pk=commission.pk).update(
        state="dissolved", dissolved_at=commission.appointed_at + timedelta(days=5), end_reason="Строк минув"
    )

    assert "Строк минув" in body(client.get(f"{LIST}{commission.pk}/"))


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_as_much_for_three_as_for_one(client, django_assert_num_queries, number):
    for _each in range(number):
        make_commission(members=2)
    client.get(LIST)

    with django_assert_num_queries(2):
        client.get(LIST)


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_as_much_for_three_members_as_for_one(client, django_assert_num_queries, number):
    commission = make_commission(members=number)
    client.get(f"{LIST}{commission.pk}/")

    with django_assert_num_queries(4):
        client.get(f"{LIST}{commission.pk}/")
