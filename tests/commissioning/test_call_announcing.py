"""A call before its announcement: shown as it will be read, compared, announced once."""

import pytest

from procurement.enums import CompetitionState
from procurement.models import Competition
from tests.commissioning.calling import post, url
from tests.factories.procurement import make_published
from tests.factories.rule_profiles import make_profile

pytestmark = pytest.mark.django_db
PARTS = ("decision", "about", "lots", "timetable", "conditions", "documents", "form")


def test_dry_run_groups_gaps_with_links_to_their_fields(office, bare):
    page = office.client.get(url(bare, "check/"))

    links = [line.url for _label, lines in page.context["groups"] for line in lines]
    assert url(bare, "timetable/#id_closes_at") in links
    assert url(bare, "conditions/#id_opening_place") in links
    assert all(links)


def test_links_of_gaps_lead_to_fields_that_are_there(office, bare):
    page = office.client.get(url(bare, "check/"))

    for _label, lines in page.context["groups"]:
        for line in lines:
            address, _hash, fragment = line.url.partition("#")
            content = office.client.get(address).content.decode()
            assert not fragment or f'id="{fragment}"' in content or f'id="{fragment}_0"' in content


def test_dry_run_shows_the_announcement_and_writes_nothing(office, draft):
    before = Competition.objects.values().get(pk=draft.pk)

    page = office.client.get(url(draft, "check/"))

    assert page.context["groups"] == []
    assert page.context["preview"].notice.lots[0].service == "Догляд вдома"
    assert "Статут, штатний розпис" in page.content.decode()
    assert Competition.objects.values().get(pk=draft.pk) == before


def test_dry_run_compares_with_other_rules_as_an_exercise(office, draft):
    other = make_profile("UA51100270000073549", policy={}, proposals_window=30)

    page = office.client.get(url(draft, "check/"), {"compare": other.pk})

    assert page.context["compared"] == other
    assert "closes_at" in [one.point for one in page.context["differences"]]
    assert office.client.get(url(draft, "check/"), {"compare": "x"}).context["compared"] is None


def test_announcement_happens_once_however_often_it_is_pressed(office, draft):
    key = office.client.get(url(draft, "announce/")).context["key"]

    first = post(office, draft, "announce/", {"key": key})
    second = post(office, draft, "announce/", {"key": key})

    draft.refresh_from_db()
    assert (first.url, second.url) == (url(draft), url(draft))
    assert (draft.state, draft.versions.count()) == (CompetitionState.PUBLISHED, 1)
    assert draft.number in office.client.get(url(draft)).content.decode()


def test_call_with_gaps_cannot_be_announced(office, bare):
    assert office.client.get(url(bare, "announce/")).url == url(bare, "check/")
    assert post(office, bare, "announce/", {"key": "k"}).url == url(bare, "check/")

    bare.refresh_from_db()
    assert bare.state == CompetitionState.DRAFT


def test_draft_is_thrown_away_after_a_question(office, draft):
    assert office.client.get(url(draft, "discard/")).status_code == 200

    post(office, draft, "discard/", {})

    assert not Competition.objects.filter(pk=draft.pk).exists()


def test_parts_of_what_is_announced_lead_to_its_page(office):
    published = make_published(user=office.official, now=office.now)

    for part in (*PARTS, "check", "announce", "discard"):
        assert office.client.get(url(published, f"{part}/")).url == url(published)
    assert post(office, published, "about/", {"title": "Інакше"}).url == url(published)
    published.refresh_from_db()
    assert published.title != "Інакше"
