"""The pages of the bidder and of the official: what they show, what they take, who does not find them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.kernel import clock
from procurement.domain.evaluation import appeals
from procurement.models import Appeal
from tests.appeals.deciding import ASKED, TEXT, make_decided
from tests.factories.accounts import make_mandate, make_official, make_person
from tests.factories.evaluation import make_member
from tests.factories.proposals import PDF
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    found = make_decided()
    with clock.standing_at(found.now):
        yield found


def own(proposal, path):
    return f"/cabinet/proposals/{proposal.pk}/{path}/"


def desk(world, path):
    return f"/cabinet/commissioning/competitions/{world.competition.pk}/{path}/"


def sheet(**values):
    return {"scope": "scoring", "text": TEXT, "remedy_asked": ASKED, "key": str(uuid4()), **values}


def test_bidder_files_an_appeal_with_a_file_once(world, sign_in):
    client, url = sign_in(world.loser.created_by), own(world.loser, "appeal")
    data = sheet(file=SimpleUploadedFile("Скарга.pdf", PDF))

    assert client.post(url, data).status_code == 302
    assert client.post(url, {**data, "file": SimpleUploadedFile("Скарга.pdf", PDF)}).status_code == 302

    page = client.get(url).content.decode()
    assert Appeal.objects.count() == 1
    assert TEXT in page and "Скарга.pdf" in page


def test_nothing_typed_is_lost_when_something_lacks(world, sign_in):
    client = sign_in(world.loser.created_by)

    answer = client.post(own(world.loser, "appeal"), sheet(scope="", key="x"))

    assert answer.status_code == 422
    assert TEXT in answer.content.decode()


def test_file_of_a_wrong_kind_is_refused_beside_its_field(world, sign_in):
    client = sign_in(world.loser.created_by)

    answer = client.post(own(world.loser, "appeal"), sheet(file=SimpleUploadedFile("a.exe", b"MZ")))

    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()
    assert not Appeal.objects.exists()


def test_colleague_reads_appeals_and_files_none(world, sign_in):
    editor = make_person()
    make_mandate(editor, world.loser.organisation, "editor")
    world.appeal()
    client = sign_in(editor)

    assert TEXT in client.get(own(world.loser, "appeal")).content.decode()
    client.post(own(world.loser, "appeal"), sheet(scope="decision"))
    assert Appeal.objects.count() == 1


def test_appeal_is_withdrawn_by_its_own_people_alone(world, sign_in):
    world.appeal()

    other = sign_in(world.winner.created_by)
    assert other.post(own(world.loser, "appeal/1/withdraw")).status_code == 404
    assert other.post(own(world.winner, "appeal/1/withdraw")).status_code == 404
    sign_in(world.loser.created_by).post(own(world.loser, "appeal/1/withdraw"))
    assert Appeal.objects.get().state == "withdrawn"


def test_winner_accepts_on_the_page(world, sign_in):
    client, url = sign_in(world.winner.created_by), own(world.winner, "award")

    assert "306" in client.get(url).content.decode()
    assert client.post(url, {"award": world.award.pk, "accept": "1"}).status_code == 302
    world.award.refresh_from_db()
    assert world.award.state == "accepted"


def test_refusal_without_a_reason_says_so_beside_the_field(world, sign_in):
    client, url = sign_in(world.winner.created_by), own(world.winner, "award")

    answer = client.post(url, {"award": world.award.pk, "refuse": "1", "reason": ""})

    assert answer.status_code == 422
    assert f"award-{world.award.pk}-reason_error" in answer.content.decode()
    assert client.post(url, {"award": world.award.pk, "refuse": "1", "reason": "Немає людей."}).status_code == 302


def test_stopped_award_is_not_accepted_and_the_page_says_why(world, sign_in):
    world.appeal()
    client, url = sign_in(world.winner.created_by), own(world.winner, "award")

    assert 'name="accept"' not in client.get(url).content.decode()
    assert client.post(url, {"award": world.award.pk, "accept": "1"}).status_code == 422


@pytest.mark.parametrize("wrong", ["", "x", "0", "99999999999999999999"])
def test_award_that_is_not_there_is_not_found(world, sign_in, wrong):
    client = sign_in(world.winner.created_by)

    assert client.post(own(world.winner, "award"), {"award": wrong, "accept": "1"}).status_code == 404


def test_who_has_won_nothing_has_no_page_of_awards(world, sign_in):
    assert sign_in(world.loser.created_by).get(own(world.loser, "award")).status_code == 404
    assert sign_in(world.loser.created_by).get(own(world.winner, "award")).status_code == 404


def test_official_takes_the_appeal_up_and_upholds_it(world, sign_in):
    world.appeal()
    client, url = sign_in(world.judge), desk(world, "appeals/1")

    assert TEXT in client.get(url).content.decode()
    assert client.post(url, {"accept": "1"}).status_code == 302
    lacking = client.post(url, {"outcome": "uphold", "answer": "Так."})
    assert (lacking.status_code, "Так." in lacking.content.decode()) == (422, True)
    assert client.post(url, {"outcome": "uphold", "remedy": "anew", "answer": "Так."}).status_code == 302
    world.competition.refresh_from_db()
    assert world.competition.state == "opened"


def test_official_leaves_the_appeal_on_a_ground(world, sign_in):
    world.appeal()
    client, url = sign_in(world.judge), desk(world, "appeals/1")

    assert client.post(url, {"reason": "Запізно."}).status_code == 422
    assert client.post(url, {"ground": make_ground("leaving").pk, "reason": "Запізно."}).status_code == 302
    assert Appeal.objects.get().state == "left"


def test_who_decided_is_told_that_another_judges(world, sign_in):
    world.appeal()
    client, url = sign_in(world.official), desk(world, "appeals/1")

    assert 'name="accept"' not in client.get(url).content.decode()
    client.post(url, {"accept": "1"})
    assert Appeal.objects.get().state == "filed"


def test_appeals_exist_for_nobody_else(world, sign_in):
    world.appeal()
    strangers = [
        make_official("commissioner", make_territories().odesa_hromada),
        make_official("auditor"),
        world.loser.created_by,
        world.competition.commission.members.first().user,
    ]
    # a member who has not declared, though an official besides
    strangers.append(make_member(world.competition.commission, user=make_official("administrator")).user)

    for user in strangers:
        for path in ("appeals", "appeals/1"):
            assert sign_in(user).get(desk(world, path)).status_code == 404, user


def test_award_lapses_on_the_desk_after_the_day_of_the_contract(world, sign_in):
    client, url = sign_in(world.official), desk(world, "awards")

    assert client.post(url, {"award": world.award.pk, "reason": "Не підписав."}).status_code == 422
    with clock.standing_at(world.now + timedelta(days=60)):
        assert client.post(url, {"award": world.award.pk, "reason": ""}).status_code == 422
        assert client.post(url, {"award": world.award.pk, "reason": "Не підписав."}).status_code == 302
    world.award.refresh_from_db()
    assert world.award.state == "lapsed"


@pytest.mark.parametrize("count", [1, 3])
def test_appeals_cost_the_same_however_many(world, sign_in, count, django_assert_num_queries):
    for scope in ("scoring", "decision", "admission")[:count]:
        world.appeal(scope=scope)
    officer, bidder = sign_in(world.judge), sign_in(world.loser.created_by)
    officer.get(desk(world, "appeals")), bidder.get(own(world.loser, "appeal"))

    with django_assert_num_queries(14):
        officer.get(desk(world, "appeals"))
    with django_assert_num_queries(11):
        bidder.get(own(world.loser, "appeal"))
    assert appeals.stopping(world.competition) is not None
