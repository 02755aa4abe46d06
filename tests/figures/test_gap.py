"""Needs beside supply, against worlds added up by hand: unknown is not zero, expired is unknown, few are not shown."""

from datetime import date, timedelta

import pytest
from django.test import Client

from procurement.enums import AssessmentState
from procurement.models import NeedsAssessment, NeedsFigure
from registry.domain.standing import suspend_entry
from registry.models import FreshnessRule, Service
from tests.factories.registry import NOW, REGISTRAR, make_carer, make_catalogue, make_territories
from tests.figures.worlds import file_of, gap_row, make_service, publish_needs, today

pytestmark = pytest.mark.django_db


def told(row, *names):
    return tuple(row[name] for name in names)


STATE = ("state", "need_people", "services", "places_known", "lacking_people")


def test_need_without_anybody_is_a_gap_and_unknown_need_is_not():
    places = make_territories()
    make_catalogue()
    publish_needs(places.dykanska, 40)
    publish_needs(places.odesa_hromada, None)

    assert told(gap_row(places.dykanska), *STATE) == ("nobody", "40", "0", "0", "40")
    assert told(gap_row(places.odesa_hromada), *STATE) == ("unknown", "", "0", "0", "")
    # no assessment at all
    assert told(gap_row(places.poltava_hromada), *STATE) == ("unknown", "", "0", "0", "")


@pytest.mark.parametrize(
    ("need", "places", "state", "lacking"),
    [
        (40, (15, 10), "lacking", "15"),
        (25, (15, 10), "enough", "0"),
        (40, (15, None), "unclear", ""),
        (15, (15, None), "enough", "0"),
        (0, (None,), "no_need", "0"),
        (40, (None,), "unclear", ""),
        (40, (0,), "lacking", "40"),
    ],
)
def test_what_follows_from_need_and_places(need, places, state, lacking):
    hromada = make_territories().dykanska
    for number in places:
        make_service(number, areas=(hromada,))
    publish_needs(hromada, need)
    row = gap_row(hromada)

    assert told(row, "state", "lacking_people") == (state, lacking)
    assert row["places_known"] == str(sum(number or 0 for number in places))
    assert row["services_without_known_places"] == str(sum(number is None for number in places))


def test_places_counted_too_long_ago_are_unknown_by_the_rule_of_the_table():
    hromada = make_territories().dykanska
    FreshnessRule.objects.all().delete()
    FreshnessRule.objects.create(
        due_after=10, overdue_after=20, lowered_after=30, hidden_after=100, availability_expires=14, evidence_notice=30
    )
    make_service(15, areas=(hromada,), counted=today() - timedelta(days=100))
    make_service(30, areas=(hromada,), counted=today() - timedelta(days=101))
    publish_needs(hromada, 20)

    row = gap_row(hromada)
    assert told(row, *STATE) == ("unclear", "20", "2", "15", "")
    assert row["of_them_counted_too_long_ago"] == "1"
    page = Client().get(f"/en/map/{hromada.code}/?service=home-care").content.decode()
    assert "not known any more: 30" in page


@pytest.mark.databases
def test_service_counts_where_it_serves_or_is_given_and_shared_places_are_told_apart():
    places = make_territories()
    make_service(5, areas=(places.dykanska,))
    make_service(7, areas=(places.poltavska,), area_kind="oblast")
    make_service(11, areas=(places.poltava_hromada,), at=places.dykanska)
    make_service(13, area_kind="country")
    # no area stated: the seat, which is Poltava
    make_service(17, area_kind="unknown")

    found = {
        name: told(gap_row(getattr(places, name)), "services", "places_alone", "places_shared")
        for name in ("dykanska", "poltava_hromada", "odesa_hromada", "kyiv")
    }
    assert found == {
        "dykanska": ("4", "5", "31"),
        "poltava_hromada": ("4", "17", "31"),
        "odesa_hromada": ("1", "0", "13"),
        "kyiv": ("1", "0", "13"),
    }


def test_only_who_may_offer_it_is_counted():
    hromada = make_territories().dykanska
    suspended = make_service(10, areas=(hromada,))
    suspend_entry(entry_id=suspended.pk, actor=REGISTRAR, ground="скарга", now=NOW)
    paused = make_service(20, areas=(hromada,))
    Service.objects.filter(entry=paused).update(standing="suspended", standing_ground="доказ сплив")
    make_carer()

    assert told(gap_row(hromada), "services", "places_known") == ("0", "0")


def test_few_people_are_shown_nowhere():
    hromada = make_territories().dykanska
    make_catalogue()
    publish_needs(hromada, 2, group=4)
    row = gap_row(hromada, "&group=older-people")

    assert told(row, "state", "need_people", "need_hidden", "people", "lacking_people") == ("few", "", "few", "", "")
    for address in (f"/map/{hromada.code}/?service=home-care&group=older-people", f"/map/{hromada.code}/"):
        page = Client().get(f"/en{address}").content.decode()
        assert "fewer than 5" in page
        assert "<dd>2</dd>" not in page
        assert "<dd>4</dd>" not in page


def test_number_that_its_neighbours_tell_divides_nothing():
    hromada, words = make_territories().dykanska, make_catalogue()
    made = publish_needs(hromada, 30, group=None)
    for place, (persons, group) in enumerate(((103, words.older_people), (100, None), (3, None))):
        NeedsFigure.objects.create(assessment=made, group=group, label=f"{place}", persons=persons, order=place)

    assert told(gap_row(hromada, "&group=older-people"), "people", "need_per_10000") == ("", "")


@pytest.mark.databases
def test_latest_published_assessment_stands_and_drafts_do_not():
    hromada = make_territories().dykanska
    make_catalogue()
    publish_needs(hromada, 10, as_of=date(2025, 1, 1))
    publish_needs(hromada, 50, as_of=date(2026, 1, 1))
    draft = publish_needs(hromada, 90, as_of=date(2026, 7, 1))
    NeedsAssessment.objects.filter(pk=draft.pk).update(state=AssessmentState.DRAFT, published_at=None)

    assert told(gap_row(hromada), "need_people", "need_as_of") == ("50", "2026-01-01")


def test_figures_are_divided_by_the_group_or_by_residents_where_known():
    places = make_territories()
    make_service(15, areas=(places.dykanska,))
    publish_needs(places.dykanska, 40, group=800)
    publish_needs(places.poltava_hromada, 40)
    rates = ("people", "need_per_10000", "places_per_10000", "lacking_per_10000")

    assert told(gap_row(places.dykanska, "&group=older-people"), *rates) == ("800", "500.0", "187.5", "312.5")
    # 19,344 residents
    assert told(gap_row(places.dykanska), *rates) == ("19344", "20.7", "7.8", "12.9")
    assert told(gap_row(places.poltava_hromada), *rates) == ("", "", "", "")


def test_map_hatches_what_is_mostly_unknown_and_shades_what_is_known():
    places = make_territories()
    make_service(15, areas=(places.dykanska,))
    publish_needs(places.dykanska, 40)
    page = Client().get("/en/map/?service=home-care").content.decode()
    areas = page.split('<a href="')

    (poltava,) = [part for part in areas if f'id="o-{places.poltavska.code}"' in part]
    (odesa,) = [part for part in areas if f'id="o-{places.odeska.code}"' in part]
    # one of two hromadas is known: not more than half unknown
    assert 'class="s4"' in poltava
    assert "url(#hatch)" not in poltava
    assert 'class="blank"' in odesa
    assert "url(#hatch)" in odesa
    assert "nothing is known" in odesa


def test_oblast_shows_its_hromadas_as_points():
    places = make_territories()
    make_catalogue()
    publish_needs(places.dykanska, 40)
    page = Client().get(f"/map/?service=home-care&oblast={places.poltavska.code}").content.decode()

    assert page.count('<circle class="nobody"') == 1
    assert f'href="/map/{places.dykanska.code}/?service=home-care"' in page
    assert "Одеська громада" not in page.split('id="table"')[1]


def test_basic_services_that_nobody_gives_agree_with_the_page_of_the_hromada():
    places = make_territories()
    make_service(5, areas=(places.dykanska,))
    make_service(5, kind="shelter", area_kind="country")
    rows = {row["katottg"]: row for row in file_of("/map/table.csv")}
    page = Client().get("/en/map/").content.decode()

    assert told(rows[places.dykanska.code], "nobody_gives", "services_nobody_gives") == ("1", "counselling")
    assert rows[places.odesa_hromada.code]["nobody_gives"] == "2"
    assert "4 of 4" in page
    for unit in (places.dykanska, places.odesa_hromada):
        own = Client().get(f"/en/territories/{unit.code}/")
        assert len(own.context["supply"].missing) == int(rows[unit.code]["nobody_gives"])


def test_page_of_a_hromada_says_the_sums_of_the_table_and_names_what_they_are_made_of():
    places = make_territories()
    entry = make_service(15, areas=(places.dykanska,))
    invented = make_service(10, area_kind="country", demo=True)
    publish_needs(places.dykanska, 40, group=800)
    page = Client().get(f"/en/map/{places.dykanska.code}/?service=home-care&group=older-people").content.decode()

    assert "40 − 25 = <b>15</b>" in page
    assert "№ 7-1/IX" in page
    assert f"/en/registry/{entry.number}/" in page
    assert f"/en/registry/{invented.number}/" in page
    assert page.count(">invented<") == 1
    assert gap_row(places.dykanska)["is_demo"] == "true"
    assert "500.0; 312.5; 187.5" in page


def test_hromada_without_a_service_lists_what_is_needed_and_what_is_missing():
    places = make_territories()
    make_service(15, areas=(places.dykanska,))
    publish_needs(places.dykanska, 40)
    page = Client().get(f"/en/map/{places.dykanska.code}/").content.decode()

    assert "fewer places than people who need it" in page
    assert page.count("nobody gives it") >= 2


def test_settlement_leads_to_its_hromada_and_an_oblast_is_not_one():
    places = make_territories()
    make_catalogue()
    assert Client().get(f"/map/{places.dykanka.code}/").url == f"/map/{places.dykanska.code}/"
    assert Client().get(f"/map/{places.poltavska.code}/").status_code == 404
    assert Client().get("/map/nonsense/").status_code == 404


def test_table_has_the_lines_of_the_file_in_the_order_asked_for():
    places = make_territories()
    make_service(15, areas=(places.dykanska,))
    publish_needs(places.dykanska, 40)
    publish_needs(places.odesa_hromada, 90)
    publish_needs(places.poltava_hromada, 10)
    for sort, first in (("", "odesa_hromada"), ("name", "dykanska"), ("rate", "dykanska"), ("need", "odesa_hromada")):
        query = f"service=home-care&sort={sort}"
        response = Client().get(f"/en/map/?{query}")
        rows = file_of(f"/map/table.csv?{query}")
        assert [one.line.unit.code for one in response.context["lines"]] == [row["katottg"] for row in rows]
        assert rows[0]["katottg"] == getattr(places, first).code, sort
        assert [one.line.lacking for one in response.context["lines"]] == [
            int(row["lacking_people"]) if row["lacking_people"] else None for row in rows
        ]


def test_unknown_parameters_are_named_and_points_are_given_as_json():
    places = make_territories()
    make_catalogue()
    publish_needs(places.dykanska, 40)
    page = Client().get("/en/map/?service=home-care&group=no&oblast=no&sort=no&page=x")
    assert set(page.context["wanted"].problems) == {"group", "oblast", "sort"}

    (point,) = Client().get("/map/points.json?service=home-care").json()["points"]
    assert point[:5] == [places.dykanska.code, "Диканська громада", 49.82, 34.53, "nobody"]


@pytest.mark.parametrize("count", [1, 3])
def test_map_asks_as_many_questions_however_much_there_is(count, django_assert_num_queries):
    places = make_territories()
    for number in range(count):
        make_service(10 + number, areas=(places.dykanska,))
    for unit in (places.dykanska, places.odesa_hromada, places.poltava_hromada)[:count]:
        publish_needs(unit, 40, group=300)
    client = Client()
    addresses = {
        "/map/": 1,
        "/map/?service=home-care&group=older-people": 2,
        f"/map/{places.dykanska.code}/": 10,
        f"/map/{places.dykanska.code}/?service=home-care": 7,
        "/map/table.csv?service=home-care": 2,
    }
    for address, queries in addresses.items():
        b"".join(client.get(address))
        with django_assert_num_queries(queries):
            b"".join(client.get(address))


@pytest.mark.parametrize("count", [1, 3])
def test_first_reader_after_a_change_asks_few_questions(count, django_assert_max_num_queries):
    places = make_territories()
    for number in range(count):
        make_service(10 + number, areas=(places.dykanska,))
        publish_needs(places.dykanska, 40, as_of=date(2020 + number, 1, 1))
    client = Client()
    client.get("/map/?service=home-care")
    make_service(5, areas=(places.dykanska,))
    # five of them bring the index of the register up to date
    with django_assert_max_num_queries(16):
        client.get("/map/?service=home-care")
