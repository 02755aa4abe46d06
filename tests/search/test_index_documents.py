"""What documents say of entries, pages and competitions, and what is not made into one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from wagtail.models import Page, PageViewRestriction

from portal.site.bootstrap import make_site
from registry.domain.records import ContactRecord, ServiceRecord, SiteRecord
from registry.domain.standing import exclude_entry, suspend_entry, verify_entry
from registry.enums import SiteKind
from registry.models import RegisterEntry
from search.analysis.tokens import tokens
from search.annotation import Annotator
from search.documents import CompetitionFacts, competition_document
from search.lexicon import annotator
from search.sources import Source, entry_chunks, pages
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_carer,
    make_catalogue,
    make_provider,
    make_territories,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def told(*entries: RegisterEntry):
    source = Source(annotator(), TODAY)
    return [document for one in source.of_entries([entry.pk for entry in entries]) for document in one.documents]


def test_service_document_says_what_where_for_whom_and_at_what_price():
    places = make_territories()
    entry = make_provider()

    provider, service = told(entry)

    assert (provider.id, service.id) == (f"p-{entry.number}", f"s-{entry.number}-1")
    assert service.entry == entry.pk
    assert service.title == tokens("Догляд вдома")
    assert service.needs == ["s:home-care", "g:older-people"]
    assert {"прибирання", "заява", "g:older-people", f"p:{places.poltavska.code}", "f:price:differentiated"} <= set(
        service.body
    )
    assert {"f:form:home", "f:ownership:communal", "f:access:ramp"} <= set(service.body)
    assert "центр" in service.provider
    assert service.facets == {
        "service": ("home-care",),
        "group": ("older-people",),
        "form": ("home",),
        "price": ("differentiated",),
        "ownership": ("communal",),
        "urgent": (),
        "access": ("ramp",),
        "oblast": (places.poltavska.code,),
    }
    assert service.place == tuple(
        unit.code for unit in (places.dykanka, places.dykanska, places.poltavskyi_raion, places.poltavska)
    )
    assert service.covers == (places.dykanska.code,)
    assert (service.open[0], service.open[-1], len(service.open)) == ("mon32", "tue67", 72)
    assert (service.latitude, service.longitude) == (49.8213, 34.5321)
    assert service.cost is None


def test_data_of_a_service_are_enough_for_a_list():
    places = make_territories()
    entry = make_provider()

    data = told(entry)[1].data

    assert data.pop("about") == "s:home-care g:older-people"
    assert set(data.pop("tokens").split()) >= {"догляд", "s:home-care", "заява", "центр"}
    assert data == {
        "kind": "service",
        "id": f"s-{entry.number}-1",
        "number": entry.number,
        "url": f"/registry/{entry.number}/",
        "title_uk": "Догляд вдома",
        "title_en": "Home care",
        "title": "",
        "provider": entry.organisation.name,
        "ownership": "communal",
        "service": "home-care",
        "groups": ["older-people"],
        "forms": ["home"],
        "price_mode": "differentiated",
        "price": None,
        "price_unit": "",
        "urgent": False,
        "access": ["ramp"],
        "reach": {},
        "covers": "hromadas",
        "availability": None,
        "place": "Диканька, Полтавська область",
        "hromada": places.dykanska.code,
        "oblast": places.poltavska.code,
        "phone": "+380535190000",
        "verified_on": None,
        "included_on": "2026-11-22",
        "freshness": "fresh",
        "is_demo": False,
        "summary": "Прибирання, приготування їжі, купівля ліків.",
        "at": [49.8213, 34.5321],
    }


def test_provider_document_is_found_by_name_code_and_number():
    entry = make_provider(code="43000014")

    provider = told(entry)[0]

    assert {"43000014", entry.number.casefold(), "центр"} <= set(provider.title)
    assert provider.needs == ["s:home-care"]
    assert provider.data["services"] == ["home-care"]


def test_confidential_address_is_known_by_its_hromada_alone():
    places, words = make_territories(), make_catalogue()
    site = SiteRecord(
        kind=SiteKind.SERVICE,
        territory_id=places.dykanka.pk,
        hromada_id=places.dykanska.pk,
        oblast_id=places.poltavska.pk,
        street="вул. Прихована",
        latitude=49.1,
        longitude=34.1,
        confidential=True,
    )
    entry = make_provider(sites=[site], services=[ServiceRecord(words.shelter.pk, at_sites=(0,))])

    for document in told(entry):
        assert document.place == (places.dykanska.code, places.poltavskyi_raion.code, places.poltavska.code)
        assert (document.latitude, document.data["at"]) == (None, None)
        assert document.data["place"] == "Диканська громада, Полтавська область"


def test_service_stands_where_it_is_given_not_where_the_provider_is_registered():
    places, words = make_territories(), make_catalogue()
    legal = SiteRecord(kind=SiteKind.LEGAL, hromada_id=places.odesa_hromada.pk, oblast_id=places.odeska.pk)
    branch = SiteRecord(kind=SiteKind.SERVICE, hromada_id=places.dykanska.pk, oblast_id=places.poltavska.pk)
    services = [ServiceRecord(words.home_care.pk, at_sites=(1,)), ServiceRecord(words.counselling.pk)]
    entry = make_provider(sites=[legal, branch], services=services)

    provider, *both = told(entry)

    assert {document.facets["oblast"] for document in both} == {(places.poltavska.code,)}
    assert provider.facets["oblast"] == (places.odeska.code, places.poltavska.code)


@pytest.mark.parametrize(
    ("service", "cost", "covers"),
    [
        ({"price_mode": "free", "area_kind": "country"}, Decimal(0), ("UA",)),
        ({"price_mode": "tariff", "price": Decimal("120.5"), "price_unit": "visit"}, Decimal("120.50"), ()),
        ({"price_mode": "unknown"}, None, ()),
    ],
)
def test_price_and_area_are_known_or_left_out(service, cost, covers):
    words = make_catalogue()
    entry = make_provider(services=[ServiceRecord(words.home_care.pk, urgent=True, **service)])

    document = told(entry)[1]

    assert (document.cost, document.covers) == (cost, covers)
    assert document.facets["urgent"] == ("1",)
    assert "f:urgent:1" in document.body
    assert "f:price:unknown" not in document.body


def test_quality_is_higher_for_what_is_complete_and_checked_and_never_above_its_limit():
    words = make_catalogue()
    full = make_provider()
    bare = make_provider(contacts=[], sites=[], services=[ServiceRecord(words.home_care.pk)])
    before = told(full)[1].quality
    verify_entry(entry_id=full.pk, actor=REGISTRAR, ground="дзвінок", now=NOW)

    after, poor = told(full)[1].quality, told(bare)[1].quality

    assert 0 <= poor < before < after <= 0.3
    assert after - before == pytest.approx(0.1)


def test_long_content_is_shortened_between_words():
    words = make_catalogue()
    entry = make_provider(services=[ServiceRecord(words.home_care.pk, content="Прибирання оселі, " * 30)])

    summary = told(entry)[1].data["summary"]

    assert len(summary) <= 221
    assert summary.endswith(("Прибирання…", "оселі…"))


def test_own_title_brings_the_needs_it_names():
    words = make_catalogue()
    record = ServiceRecord(words.home_care.pk, title="Притулок і догляд вдома")

    document = told(make_provider(services=[record]))[1]

    assert document.needs[0] == "s:home-care"
    assert "s:shelter" in document.needs
    assert "притулок" in document.title


def test_only_open_entries_in_good_standing_are_told():
    shown, suspended, excluded = make_provider(), make_provider(), make_provider()
    carer = make_carer()
    suspend_entry(entry_id=suspended.pk, actor=REGISTRAR, ground="тест", now=NOW, until=TODAY + timedelta(days=30))
    exclude_entry(entry_id=excluded.pk, actor=REGISTRAR, ground="тест", now=NOW)

    documents = told(shown, suspended, excluded, carer)

    assert {document.data["number"] for document in documents} == {shown.number}
    assert list(entry_chunks()) == [[shown.pk]]


@pytest.mark.parametrize("item_count", [1, 3])
def test_source_asks_as_often_for_three_entries_as_for_one(item_count, django_assert_num_queries):
    entries = [make_provider() for _ in range(item_count)]
    words = annotator()

    with django_assert_num_queries(5):
        source = Source(words, TODAY)
    with django_assert_num_queries(13):
        assert len(list(source.of_entries([entry.pk for entry in entries]))) == item_count


def test_source_says_nothing_of_nothing():
    assert list(Source(annotator(), TODAY).of_entries([])) == []


@pytest.fixture
def front_page():
    return make_site()


def test_page_document_has_the_texts_without_markup(front_page):
    front_page.about = "<p>Кризова <b>кімната</b> &amp; притулок</p>"
    front_page.save_revision().publish()

    (page,) = list(pages(annotator(), [front_page.pk]))
    (document,) = page.documents

    assert document.id == f"w-{front_page.pk}"
    assert {"кризовий", "кімната"} <= set(document.body)
    assert document.covers == ("UA",)
    assert document.data["title_uk"] == front_page.title
    assert (document.data["url"], document.data["language"]) == ("/", "uk")
    assert document.data["summary"] == "Кризова кімната & притулок"


def test_draft_and_private_pages_are_not_told(front_page):
    draft = front_page.add_child(instance=Page(title="Чернетка", slug="draft", live=False))
    private = front_page.add_child(instance=Page(title="Для своїх", slug="private"))
    below = private.add_child(instance=Page(title="Під нею", slug="below"))
    PageViewRestriction.objects.create(page=private, restriction_type="login")

    found = {one.documents[0].id for one in pages(annotator())}

    assert f"w-{front_page.pk}" in found
    assert found.isdisjoint({f"w-{page.pk}" for page in (draft, private, below)})


def test_competition_document_says_who_orders_what_where():
    facts = CompetitionFacts(
        id="7",
        title="Конкурс на догляд вдома у Диканській громаді",
        text="Громада замовляє догляд вдома для 40 людей.",
        authority="Диканська селищна рада",
        hromadas=("UA53080130000079450", "UA53000000000028050"),
        services=("home-care",),
        closes_at=datetime(2026, 12, 1, tzinfo=UTC),
        url="/competitions/7/",
    )

    document = competition_document(facts, Annotator([], {}))

    assert (document.id, document.kind, document.needs) == ("c-7", "competition", ["s:home-care"])
    assert document.place == document.covers == facts.hromadas
    assert document.facets == {"service": ("home-care",), "group": ()}
    assert document.data["closes_at"] == "2026-12-01T00:00:00+00:00"


def test_first_public_phone_is_told_and_no_private_one():
    contacts = [
        ContactRecord("email", "a@example.org"),
        ContactRecord("phone", "+380500000001", private=True),
        ContactRecord("phone", "+380500000002"),
    ]

    assert {document.data["phone"] for document in told(make_provider(contacts=contacts))} == {"+380500000002"}


def test_verified_day_is_a_day():
    entry = make_provider()
    verify_entry(entry_id=entry.pk, actor=REGISTRAR, ground="дзвінок", now=NOW)

    document = told(entry)[1]

    assert document.verified_on == date(2026, 11, 22)
    assert document.data["verified_on"] == "2026-11-22"
