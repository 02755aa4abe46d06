"""The member's own pages: the invitation, standing ties, recusals for who presides; nothing for anybody else."""

import pytest
from django.utils import timezone

from procurement.domain.evaluation.members import put_member
from procurement.domain.evaluation.recusals import raise_recusal
from procurement.models import CommissionMember, MemberInterest, Recusal
from tests.commissions.test_invitations import token
from tests.factories.accounts import make_person
from tests.factories.evaluation import make_commission, make_member

pytestmark = pytest.mark.django_db
AREA = "/en/cabinet/commission/"


def body(answer):
    return " ".join(answer.content.decode().split())


def propose(hall, member):
    return raise_recusal(
        competition_id=hall.competition.pk,
        member_id=member.pk,
        organisation_id=hall.applicants[0].pk,
        ground="contract",
        reason="Торік вела курси для учасника",
        user=hall.official,
        now=hall.now,
    )


# --- invitation ------------------------------------------------------------------------------------------------------


@pytest.fixture
def invited(hall):
    values = {"name": "Бондар Петро", "email": "bondar@gov.example", "role": "member"}
    draft = make_commission(members=0, state="draft", appointed_at=None)
    return put_member(commission_id=draft.pk, user=hall.official, values=values, now=timezone.now())


def test_invitation_is_read_and_accepted(invited, sign_in):
    person = make_person("bondar@gov.example")
    client, at = sign_in(person), f"{AREA}invitations/{token()}/"

    answer = client.get(at)
    assert "Бондар Петро" in body(answer)
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert client.post(at).url == f"{AREA}interests/"
    assert CommissionMember.objects.get(pk=invited.pk).user == person
    assert client.get(at).status_code == 404


def test_invitation_says_nothing_to_another_person(invited, sign_in):
    answer = sign_in(make_person()).get(f"{AREA}invitations/{token()}/")

    assert answer.status_code == 404
    assert "Бондар" not in body(answer)
    assert "another e-mail address" in body(answer)


def test_wrong_key_leads_nowhere(db, sign_in):
    assert sign_in(make_person()).get(f"{AREA}invitations/abcdef/").status_code == 404


# --- standing ties ---------------------------------------------------------------------------------------------------


def test_tie_is_told_once_for_all_commissions_and_taken_back(hall, sign_in):
    member = hall.members[3]
    second = make_member(make_commission(members=0), user=member.user)
    client, at = sign_in(member.user), f"{AREA}interests/"

    assert client.post(at, {"kind": "employer", "name": "ГО «Дім»", "code": "", "note": ""}).url == at

    assert {one.member for one in MemberInterest.objects.all()} == {member, second}
    shown = body(client.get(at))
    assert shown.count('<h3 lang="uk">ГО «Дім»') == 1
    client.post(f"{at}{MemberInterest.objects.first().pk}/take-back/")
    assert not MemberInterest.objects.filter(ended_at__isnull=True).exists()


def test_wrong_code_stands_beside_its_field(hall, sign_in):
    client = sign_in(hall.members[3].user)

    answer = client.post(f"{AREA}interests/", {"kind": "", "name": "ГО «Дім»", "code": "12345679"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"kind", "code"}
    assert "ГО «Дім»" in body(answer)


def test_ties_of_others_are_seen_by_nobody(hall, sign_in):
    member = hall.members[3]
    MemberInterest.objects.create(member=member, kind="other", name="Таємна спілка", told_at=hall.now)
    key = MemberInterest.objects.get().pk

    for user in (hall.official, hall.members[4].user, make_person()):
        client = sign_in(user)
        assert "Таємна спілка" not in body(client.get(f"{AREA}interests/"))
        assert client.post(f"{AREA}interests/{key}/take-back/").status_code == 404


# --- recusals --------------------------------------------------------------------------------------------------------


def test_chair_decides_on_a_page_of_their_own(hall, sign_in):
    hall.round("admission")
    recusal = propose(hall, hall.members[3])
    client, at = sign_in(hall.members[0].user), f"{AREA}competitions/{hall.competition.pk}/recusals/"

    assert "Торік вела курси" in body(client.get(at))
    assert client.get(f"{at}{recusal.pk}/").status_code == 200
    assert client.post(f"{at}{recusal.pk}/", {"answer": "confirm"}).status_code == 422
    assert client.post(f"{at}{recusal.pk}/", {"answer": "dismiss", "reason": "Давно"}).url == at
    assert Recusal.objects.get().state == "dismissed"


def test_only_who_presides_sees_recusals_and_nobody_concerned(hall, sign_in):
    hall.round("admission")
    recusal = propose(hall, hall.members[3])
    at = f"{AREA}competitions/{hall.competition.pk}/recusals/"

    for user in (hall.members[1].user, hall.members[2].user, hall.members[3].user, hall.official, make_person()):
        client = sign_in(user)
        assert client.get(at).status_code == 404
        assert client.get(f"{at}{recusal.pk}/").status_code == 404
        assert client.post(f"{at}{recusal.pk}/", {"answer": "dismiss", "reason": "Так"}).status_code == 404


def test_member_raises_a_recusal_of_another(hall, sign_in):
    hall.round("admission")
    at = f"{AREA}competitions/{hall.competition.pk}/recusals/raise/"
    client = sign_in(hall.members[4].user)
    told = {"member": hall.members[3].pk, "organisation": "", "ground": "other", "reason": "Спільний бізнес"}

    assert hall.members[4].name not in body(client.get(at))
    assert client.post(at, {**told, "member": hall.members[4].pk}).status_code == 422
    assert client.post(at, told).status_code == 302
    assert Recusal.objects.get().member == hall.members[3]
    assert sign_in(hall.members[3].user).get(at).status_code == 404
