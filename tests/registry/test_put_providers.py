"""The one way into the register: created once, changed when something differs, silent when nothing does."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.kernel.models import LogEntry
from registry.domain.desk import current_record
from registry.domain.providers import Actor, put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.enums import SiteKind
from registry.models import Contact, EntryChange, RegisterEntry, RegisterRevision, Service, ServiceType, Site, Territory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ACTOR = Actor(None, "registrar")


@pytest.fixture
def place():
    oblast = Territory.objects.create(code="UA53000000000028050", category="O", name="Полтавська")
    oblast.oblast = oblast
    oblast.save()
    return Territory.objects.create(
        code="UA53080130000079450", category="H", name="Диканська", parent=oblast, oblast=oblast
    )


@pytest.fixture
def care():
    return ServiceType.objects.create(slug="home-care", name_uk="Догляд вдома")


def put(*records, replace_parts=False):
    return put_providers(records, actor=ACTOR, ground="test", now=NOW, replace_parts=replace_parts)


def record(place, care, **overrides):
    values = {
        "code": "43970360",
        "name": "КУ «Центр надання соціальних послуг»",
        "sites": [
            SiteRecord(
                kind=SiteKind.LEGAL, hromada_id=place.pk, oblast_id=place.oblast_id, street="вул. Соборна", building="3"
            )
        ],
        "contacts": [ContactRecord("phone", "+380532000000")],
        "services": [ServiceRecord(care.pk, content="Допомога вдома", at_sites=(0,))],
    }
    return ProviderRecord(**{**values, **overrides})


def snapshot():
    models = (RegisterEntry, Site, Contact, Service, EntryChange, LogEntry, RegisterRevision)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_put_providers_creates_entry_with_parts_history_and_log(place, care):
    (outcome,) = put(record(place, care))

    assert outcome.kind == "created"
    assert outcome.entry.number == "0000001"
    assert (outcome.entry.hromada, outcome.entry.oblast) == (place, place.oblast)
    assert [change.act for change in EntryChange.objects.all()] == ["included"]
    assert [line.tag for line in LogEntry.objects.all()] == ["registry:entry:include"]
    assert Service.objects.get().locations.get().site == Site.objects.get()


def test_put_providers_twice_changes_nothing(place, care):
    put(record(place, care))
    before = snapshot()

    (outcome,) = put(record(place, care))

    assert outcome.kind == "unchanged"
    assert snapshot() == before


def test_put_providers_merges_parts_and_keeps_what_the_source_does_not_mention(place, care):
    other = ServiceType.objects.create(slug="shelter", name_uk="Надання притулку")
    put(record(place, care))

    (outcome,) = put(ProviderRecord(code="43970360", services=[ServiceRecord(other.pk)]))

    assert outcome.kind == "changed"
    assert [service.service_type.slug for service in Service.objects.order_by("id")] == ["home-care", "shelter"]
    assert Contact.objects.count() == 1


def test_put_providers_with_replace_removes_what_is_gone(place, care):
    put(record(place, care))

    (outcome,) = put(record(place, care, contacts=[], services=[]), replace_parts=True)

    assert {(item.obj, item.new) for item in outcome.differences} == {("contact", None), ("service", None)}
    assert (Contact.objects.count(), Service.objects.count(), Site.objects.count()) == (0, 0, 1)


def test_put_providers_keeps_places_of_services_when_sites_come_in_another_order(place, care):
    second = SiteRecord(hromada_id=place.pk, oblast_id=place.oblast_id, street="вул. Нова", building="1")
    first = record(place, care)
    put(record(place, care, sites=[first.sites[0], second], services=[ServiceRecord(care.pk, at_sites=(1,))]))

    (outcome,) = put(
        record(place, care, sites=[second, first.sites[0]], services=[ServiceRecord(care.pk, at_sites=(0,))])
    )

    assert outcome.kind == "unchanged"
    assert Service.objects.get().locations.get().site.street == "вул. Нова"


def test_put_providers_history_names_old_and_new_value(place, care):
    put(record(place, care))

    put(record(place, care, name="КУ «Центр соціальних послуг»"))

    change = EntryChange.objects.filter(act="amended").get()
    assert (change.obj, change.field, change.old, change.new, change.masked) == (
        "organisation",
        "name",
        "КУ «Центр надання соціальних послуг»",
        "КУ «Центр соціальних послуг»",
        False,
    )


def test_address_that_becomes_confidential_disappears_from_past_history(place, care):
    entry = put(record(place, care))[0].entry
    moved = SiteRecord(kind=SiteKind.LEGAL, hromada_id=place.pk, oblast_id=place.oblast_id, street="вул. Таємна")
    put(record(place, care, sites=[moved], services=[]), replace_parts=True)
    assert "Таємна" in str(list(EntryChange.objects.values_list("old", "new")))

    hidden = SiteRecord(
        kind=SiteKind.LEGAL, hromada_id=place.pk, oblast_id=place.oblast_id, street="вул. Таємна", confidential=True
    )
    put(record(place, care, sites=[hidden], services=[]), replace_parts=True)

    assert "Таємна" not in str(list(EntryChange.objects.filter(entry=entry).values()))
    assert "Таємна" not in str(list(LogEntry.objects.values()))


def test_corrected_address_is_one_change_of_a_field_not_another_address(place, care):
    entry = put(record(place, care))[0].entry
    known = current_record(entry)
    known.sites[0] = replace(known.sites[0], street="вул. Садова")

    put(known, replace_parts=True)

    changes = EntryChange.objects.filter(act="amended").values_list("obj", "field", "old", "new")
    assert list(changes) == [("site", "street", "вул. Соборна", "вул. Садова")]
    assert Service.objects.get().locations.get().site.street == "вул. Садова"


def test_history_says_where_a_service_moved(place, care):
    second = SiteRecord(hromada_id=place.pk, oblast_id=place.oblast_id, street="вул. Нова", building="1")
    sites = [*record(place, care).sites, second]
    entry = put(record(place, care, sites=sites))[0].entry
    known = current_record(entry)
    known.services[0] = replace(known.services[0], at_sites=(1,))

    put(known, replace_parts=True)

    change = EntryChange.objects.get(field="at_sites")
    assert (change.old, change.new, change.masked) == (["вул. Соборна, 3"], ["вул. Нова, 1"], False)


def test_put_providers_query_count_does_not_grow_with_records(place, care, django_assert_num_queries):
    def many(first, count):
        return [record(place, care, code=None, external_ref=f"test:{number}") for number in range(first, first + count)]

    put(*many(0, 1))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        put(*many(10, 1))
    with CaptureQueriesContext(connection) as three:
        put(*many(20, 3))
    assert len(one) == len(three)
