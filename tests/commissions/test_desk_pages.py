"""The official's pages: a commission made by hand from nothing, faults beside their fields, nothing for strangers."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from procurement.models import CommissionMember, CompetitionCommission, Recusal, Sitting
from tests.factories.accounts import make_official, make_person
from tests.factories.evaluation import declare_nothing, make_commission
from tests.factories.ordering import make_commissioner, make_official_who_orders
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_rules

pytestmark = pytest.mark.django_db
DESK = "/en/cabinet/commissioning/"
LIST = f"{DESK}commissions/"
ROLES = ("chair", "deputy", "secretary", "member", "member")


@pytest.fixture
def client(sign_in):
    make_rules()
    return sign_in(make_official_who_orders(make_territories().dykanska))


@pytest.fixture
def mine(client):
    """The address of a draft that the official began."""
    client.post(f"{LIST}new/", {"commissioner": make_commissioner().pk, "title": "Конкурсна комісія"})
    return f"{LIST}{CompetitionCommission.objects.get().pk}/"


def person(role="member", **values):
    return {"name": "Бондар Петро", "email": make_person().email, "role": role, "body": "Відділ освіти", **values}


def body(answer):
    return " ".join(answer.content.decode().split())


def test_commission_is_made_from_nothing_to_the_public_page(client, mine):
    for role in ROLES:
        answer = client.post(f"{mine}members/new/", {**person(role), "more": "1"})
        assert answer.url == f"{mine}members/new/"
    act = {"title": "Конкурсна комісія", "act_number": "17", "act_on": "2026-01-12", "act_body": "Виконавчий комітет"}
    assert client.post(f"{mine}act/", act).url == mine

    assert "Check and publish" in body(client.get(mine))
    assert "Бондар Петро" in body(client.get(f"{mine}appoint/"))
    assert client.post(f"{mine}appoint/").url == mine

    made = CompetitionCommission.objects.get()
    assert made.state == "appointed"
    public = body(client.get(f"/en/commissions/{made.pk}/"))
    assert "Бондар Петро" in public
    assert made.members.first().email not in public


def test_draft_says_what_lacks_and_leads_there(client, mine):
    shown = body(client.get(mine))

    assert f'href="{mine}act/#id_act_number"' in shown
    assert "at least 5 members, and it has 0" in shown
    assert "local rule, unverified" in shown
    assert "Check and publish" not in shown
    client.post(f"{mine}appoint/")
    assert CompetitionCommission.objects.get().state == "draft"


def test_fault_stands_beside_its_field_and_loses_nothing(client, mine):
    answer = client.post(f"{mine}members/new/", person(body_code="12345679", email="ні"))

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"body_code", "email"}
    assert "Бондар Петро" in body(answer)
    answer = client.post(f"{LIST}new/", {"commissioner": make_commissioner().pk, "title": ""})
    assert answer.context["form"].errors.keys() == {"title"}


def test_refusal_of_the_step_stands_above_the_form(client, mine):
    client.post(f"{mine}members/new/", person("chair"))

    answer = client.post(f"{mine}members/new/", person("chair", name="Шевчук Оксана"))

    assert answer.status_code == 422
    assert "Шевчук Оксана" in body(answer)
    assert CommissionMember.objects.count() == 1


def test_draft_member_is_changed_and_taken_out(client, mine):
    client.post(f"{mine}members/new/", person())
    member = CommissionMember.objects.get()
    at = f"{mine}members/{member.pk}/"

    client.post(at, {**person(), "email": member.email, "name": "Шевчук Оксана"})
    member.refresh_from_db()
    assert member.name == "Шевчук Оксана"
    assert client.get(f"{at}remove/").status_code == 200
    client.post(f"{at}remove/")
    assert not CommissionMember.objects.exists()
    assert client.post(f"{mine}discard/").url == LIST
    assert not CompetitionCommission.objects.exists()


def test_invited_member_is_invited_again_the_day_after(client, mine):
    client.post(f"{mine}members/new/", person(email="nobody@gov.example"))
    member = CommissionMember.objects.get()
    CommissionMember.objects.update(invited_at=timezone.now() - timedelta(days=2))

    assert "Invite again" in body(client.get(mine))
    client.post(f"{mine}members/{member.pk}/invite/")

    assert CommissionMember.objects.get().invitation_digest != member.invitation_digest


def test_appointed_commission_changes_by_acts(client):
    commission = make_commission()
    at = f"{LIST}{commission.pk}/"
    act = {"act_number": "19", "act_on": "2026-01-12", "since": ""}

    answer = client.post(f"{at}members/new/", person())
    assert answer.context["form"].errors.keys() == {"act_number", "act_on"}
    assert client.post(f"{at}members/new/", {**person(name="Новий Член"), **act}).url == at
    member = commission.members.all()[4]
    CommissionMember.objects.filter(pk=member.pk).update(since="2025-12-01")
    client.post(f"{at}members/{member.pk}/end/", {"until": "2026-01-15", "reason": "Розпорядження № 21"})

    shown = body(client.get(at))
    assert "Новий Член" in shown
    assert "Former members" in shown
    assert "Розпорядження № 21" in shown
    assert client.get(f"{at}act/").status_code == 404
    assert client.post(f"{at}dissolve/", {"reason": ""}).status_code == 422
    client.post(f"{at}dissolve/", {"reason": "Строк минув"})
    assert CompetitionCommission.objects.get().state == "dissolved"


def test_commission_of_another_hromada_is_not_there(mine, sign_in):
    stranger = sign_in(make_official("commissioner", make_territories().odesa_hromada))

    for page in ("", "act/", "members/new/", "appoint/", "file/", "discard/", "dissolve/"):
        assert stranger.get(f"{mine}{page}").status_code == 404, page
        assert stranger.post(f"{mine}{page}", {}).status_code in (404, 405), page


def test_auditor_looks_on_and_changes_nothing(mine, sign_in):
    auditor = sign_in(make_official("auditor"))

    shown = body(auditor.get(mine))
    assert "Add a member" not in shown
    assert auditor.post(f"{mine}discard/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_as_much_for_three_as_for_one(client, django_assert_num_queries, number):
    client.get(LIST)
    for _each in range(number):
        make_commission(members=2)

    with django_assert_num_queries(8):
        client.get(LIST)


# --- who evaluates a competition -------------------------------------------------------------------------------------


def test_commission_is_chosen(hall):
    other = make_commission()
    at = f"{DESK}competitions/{hall.competition.pk}/commission/"

    assert other.title in body(hall.client.get(at))
    assert hall.client.post(at, {"commission": other.pk}).url == f"{DESK}competitions/{hall.competition.pk}/evaluation/"
    hall.competition.refresh_from_db()
    assert hall.competition.commission == other
    assert hall.client.post(at, {"commission": "99999999"}).status_code == 422
    hall.competition.commission = hall.commission
    hall.competition.save(update_fields=["commission"])
    hall.round("scoring")
    assert hall.client.post(at, {"commission": other.pk}).status_code == 422


def test_recusal_is_raised_and_decided_by_hand(hall):
    hall.round("admission")
    at = f"{DESK}competitions/{hall.competition.pk}/recusals/"
    member, applicant = hall.members[3], hall.applicants[0]
    told = {"member": member.pk, "organisation": applicant.pk, "ground": "relative", "reason": "Сестра голови"}

    assert hall.client.post(f"{at}raise/", {**told, "reason": ""}).context["form"].errors.keys() == {"reason"}
    assert hall.client.post(f"{at}raise/", told).url == at
    recusal = Recusal.objects.get()
    shown = body(hall.client.get(at))
    assert "Сестра голови" in shown
    assert "May take part: 4 of 5 appointed; needed: 3." in shown
    one = f"{at}{recusal.pk}/"
    assert hall.client.post(one, {"answer": "confirm", "reason": ""}).status_code == 422
    assert hall.client.post(one, {"answer": "confirm", "reason": "Близька особа"}).url == at

    recusal.refresh_from_db()
    assert recusal.state == "confirmed"


def test_page_says_what_the_portal_found_before_the_member_declares(hall):
    hall.round()
    CommissionMember.objects.filter(pk=hall.members[3].pk).update(body_code=hall.applicants[0].code)

    assert hall.applicants[0].code in body(hall.client.get(f"{DESK}competitions/{hall.competition.pk}/recusals/"))


@pytest.mark.parametrize("number", [1, 3])
def test_recusals_ask_as_much_for_three_as_for_one(hall, django_assert_num_queries, number):
    hall.round("admission")
    at = f"{DESK}competitions/{hall.competition.pk}/recusals/"
    for member in hall.members[:number]:
        Recusal.objects.create(
            competition=hall.competition,
            member=member,
            organisation=hall.applicants[0],
            source="raised",
            ground="other",
            evidence=[{"kind": "raised", "tie": "other", "words": "Сусіди"}],
            proposed_at=hall.now,
        )
    hall.client.get(at)

    with django_assert_num_queries(19):
        hall.client.get(at)


def test_recused_official_and_member_before_declaring_get_nothing(hall):
    hall.round()
    at, member = f"{DESK}competitions/{hall.competition.pk}/", hall.members[3]
    pages = ("recusals/", "recusals/raise/", "sittings/", "sittings/new/")

    def answers():
        return [hall.client.get(f"{at}{page}").status_code for page in pages]

    assert answers() == [200] * 4
    CommissionMember.objects.filter(pk=member.pk).update(user=hall.official)
    assert answers()[:2] == [404, 404]
    declare_nothing(member, hall.competition, hall.now)
    assert answers() == [200] * 4
    Recusal.objects.create(
        competition=hall.competition, member=member, source="raised", ground="other", proposed_at=hall.now
    )

    assert answers() == [404] * 4
    assert hall.client.post(f"{at}recusals/raise/", {}).status_code == 404
    assert hall.client.post(f"{at}sittings/new/", {}).status_code == 404


def test_sitting_is_recorded_by_hand(hall):
    round_ = hall.round("admission")
    at = f"{DESK}competitions/{hall.competition.pk}/sittings/"
    told = {"at": timezone.localtime(hall.now).strftime("%Y-%m-%dT%H:%M"), "place": "мала зала", "agenda": "Допуск"}
    came = [one.pk for one in hall.members[:3]]

    form = body(hall.client.get(f"{at}new/"))
    assert len(re.findall('type="checkbox" name="present"', form)) == 5
    answer = hall.client.post(f"{at}new/", {**told, "at": "учора", "present": came})
    assert answer.context["form"].errors.keys() == {"at"}
    assert len(re.findall(" checked", body(answer))) == 3
    refused = hall.client.post(f"{at}new/", {**told, "present": came})
    # the world of the test lies ahead of the clock on the wall
    assert refused.status_code == 422
    assert Sitting.objects.filter(round=round_).count() == 1
    type(hall.competition).objects.filter(pk=hall.competition.pk).update(opened_at=timezone.now() - timedelta(days=1))
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    assert hall.client.post(f"{at}new/", {**told, "at": now, "present": came}).url == at
    shown = body(hall.client.get(at))
    assert "there was a quorum" in shown
    assert "that is at least 3" in shown
