"""Opening proposals: nothing told before, those present named, everything readable after, only by those who run it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from procurement.enums import CompetitionState
from procurement.models import Competition, Opening
from tests.commissioning.calling import url
from tests.factories.procurement import close, make_published
from tests.sealing.worlds import close as close_small
from tests.sealing.worlds import make_bid, make_competition

pytestmark = pytest.mark.django_db


def people(*rows, **more) -> dict:
    sent = {"person-TOTAL_FORMS": len(rows), "person-INITIAL_FORMS": 0, **more}
    for number, (name, position) in enumerate(rows):
        sent |= {f"person-{number}-name": name, f"person-{number}-position": position}
    return sent


@pytest.fixture
def waiting(office) -> Competition:
    """A closed competition with two sealed proposals, whose opening is due."""
    start = timezone.now() - timedelta(days=30)
    competition = make_competition(now=start, closes_at=start + timedelta(days=20))
    for number in (1, 2):
        bid = make_bid(competition, **{"about/title": f"Пропозиція {number}"})
        if number == 2:
            bid.attach("Статут.txt", "Статут товариства".encode())
        bid.submit(start + timedelta(days=1))
    return close_small(competition)


def test_opening_page_tells_nothing_of_what_is_sealed(office, waiting):
    page = office.client.get(url(waiting, "opening/")).content.decode()

    assert all(bid.organisation.name not in page for bid in waiting.proposals.all())
    assert "Пропозиція 1" not in page


def test_proposals_are_opened_with_those_present_and_read_afterwards(office, waiting):
    answer = office.client.post(url(waiting, "opening/"), people(("Олена Коваль", "голова"), ("", ""), open="1"))

    assert answer.url == url(waiting, "opening/")
    assert Opening.objects.get().present == [{"name": "Олена Коваль", "position": "голова"}]
    page = office.client.get(url(waiting, "opening/"))
    one, two = page.context["proposals"]
    read = office.client.get(url(waiting, f"opening/{two.pk}/"))
    assert "Пропозиція 2" in read.content.decode()
    ((key, about),) = read.context["files"]
    file = office.client.get(url(waiting, f"opening/{two.pk}/{key}/"))
    assert file.content == "Статут товариства".encode()
    assert "attachment" in file["Content-Disposition"]
    assert "no-store" in file["Cache-Control"]
    assert about["name"] == "Статут.txt"
    assert office.client.get(url(waiting, f"opening/{one.pk}/{key}/")).status_code == 404


def test_opening_with_nobody_present_is_refused_and_keeps_the_rows(office, waiting):
    answer = office.client.post(url(waiting, "opening/"), people(("", "голова комісії"), open="1"))

    assert answer.status_code == 422
    assert "голова комісії" in answer.content.decode()
    assert not Opening.objects.exists()


def test_one_more_person_opens_nothing(office, waiting):
    page = office.client.post(url(waiting, "opening/"), people(("Олена Коваль", "голова"), add="1"))

    assert (page.status_code, len(page.context["people"])) == (200, 2)
    assert "Олена Коваль" in page.content.decode()
    assert not Opening.objects.exists()


def test_opening_before_its_moment_is_refused(office):
    early = close(make_published(user=office.official, now=office.now - timedelta(days=24)))

    page = office.client.get(url(early, "opening/"))
    answer = office.client.post(url(early, "opening/"), people(("Олена Коваль", ""), open="1"))

    assert page.context["is_due"] is (early.opening_at <= timezone.now())
    assert answer.status_code == 422
    assert not Opening.objects.exists()


def test_opening_closes_first_what_the_clock_has_closed(office):
    start = timezone.now() - timedelta(days=30)
    competition = make_competition(now=start, closes_at=start + timedelta(days=20))
    make_bid(competition).submit(start + timedelta(days=1))

    office.client.post(url(competition, "opening/"), people(("Олена Коваль", ""), open="1"))

    competition.refresh_from_db()
    assert competition.state == CompetitionState.OPENED


def test_opening_without_the_sealing_key_opens_nothing_and_says_why(office, waiting, settings):
    key = settings.SEALING_KEY_FILE.read_bytes()
    settings.SEALING_KEY_FILE.unlink()

    answer = office.client.post(url(waiting, "opening/"), people(("Олена Коваль", ""), open="1"))

    assert answer.status_code == 422
    assert answer.context["reason"]
    settings.SEALING_KEY_FILE.write_bytes(key)
    waiting.refresh_from_db()
    assert waiting.state == CompetitionState.CLOSED


def test_running_competition_has_no_opening_yet(office, running):
    assert office.client.get(url(running, "opening/")).url == url(running)
    assert office.client.post(url(running, "opening/"), people(("Олена Коваль", ""), open="1")).url == url(running)


@pytest.mark.parametrize("who", ["auditor", "neighbour", "provider", "registrar"])
def test_opened_proposals_are_read_only_by_those_who_run_the_competition(office, waiting, sign_in, who):
    office.client.post(url(waiting, "opening/"), people(("Олена Коваль", ""), open="1"))
    proposal = waiting.proposals.first()
    client = sign_in(office.users[who])

    record = client.get(url(waiting, "opening/"))
    assert record.status_code == (200 if who == "auditor" else 404)
    assert proposal.organisation.name not in record.content.decode()
    assert client.get(url(waiting, f"opening/{proposal.pk}/")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_record_of_the_opening_asks_the_same_number_of_queries(office, django_assert_num_queries, number):
    start = timezone.now() - timedelta(days=30)
    competition = make_competition(now=start, closes_at=start + timedelta(days=20))
    for _one in range(number):
        make_bid(competition).submit(start + timedelta(days=1))
    close_small(competition)
    office.client.post(url(competition, "opening/"), people(("Олена Коваль", ""), open="1"))

    office.client.get(url(competition, "opening/"))
    with django_assert_num_queries(16):
        page = office.client.get(url(competition, "opening/"))

    assert len(page.context["proposals"]) == number


def test_sealed_proposal_has_no_page(office, waiting):
    proposal = waiting.proposals.first()

    assert office.client.get(url(waiting, f"opening/{proposal.pk}/")).status_code == 404
