"""What the register gives out, it takes back: an exported file brought to the same register changes nothing."""

import io
import tracemalloc
from datetime import date

import pytest
from django.db import transaction
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.ua import rntrc

from portal.accounts.models import Organisation
from registry.domain.institutions import institution_records, put_institutions
from registry.domain.providers import put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.interfaces.importing import ImportSource, run
from registry.interfaces.importing.cells import EMPTY
from registry.models import RegisterEntry, Service, Territory
from registry.queries.index import register_index
from registry.views.export import export_register
from tests.factories.registry import NOW, REGISTRAR, make_catalogue, make_territories, next_edrpou
from tests.registry.faults.files import csv_bytes, everything

pytestmark = [pytest.mark.django_db]

LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАБВГҐІЇЄ abcXYZ0123456789.,:;!?()«»\"'’–-=+@|/№%"
# a lone dash in a file says that nothing is known
line = st.text(LETTERS, min_size=1, max_size=40).map(str.strip).filter(lambda text: text not in EMPTY)
prose = st.text(LETTERS + "\n", max_size=120).map(str.strip).filter(lambda text: not text or text not in EMPTY)
phone = st.sampled_from(["+380441234567", "+380 44 123-45-67", "102", "(05741) 4-58-42", "044 123 45 67"])
PERSONAL = iter([str(n) for n in range(3_184_000_000, 3_184_100_000) if rntrc.is_valid(str(n))])


def exported(form):
    register_index.forget()
    request = RequestFactory().get(f"/registry/export.{form}")
    return b"".join(export_register(request, form).streaming_content)


@st.composite
def sites(draw, places):
    unit = draw(st.sampled_from([places.dykanka, places.dykanska, places.odesa, places.kyiv, places.odeska]))
    settled = unit.category in "MXCK"
    is_exact = draw(st.booleans())
    return SiteRecord(
        kind=draw(st.sampled_from(["legal", "service"])),
        territory_id=unit.pk if settled else None,
        hromada_id=unit.hromada_id,
        oblast_id=unit.oblast_id,
        street=draw(line),
        building=draw(st.sampled_from(["", "3", "3-А"])),
        room=draw(st.sampled_from(["", "12"])),
        label=draw(st.one_of(st.just(""), line)),
        postal_index=draw(st.sampled_from(["", "01001", "38500"])),
        latitude=draw(st.floats(45, 52)) if is_exact else None,
        longitude=draw(st.floats(23, 40)) if is_exact else None,
        confidential=draw(st.booleans()),
        hours={"mon": [["09:00", "18:00"]]},
    )


@st.composite
def providers(draw, places, words):
    kind = draw(st.sampled_from(["code", "external_ref", "rnokpp"]))
    key = {"code": next_edrpou, "external_ref": lambda: f"ref-{next_edrpou()}", "rnokpp": lambda: next(PERSONAL)}[
        kind
    ]()
    place = sites(places)
    service = st.builds(
        ServiceRecord,
        st.sampled_from([words.home_care.pk, words.shelter.pk, words.counselling.pk]),
        title=st.one_of(st.just(""), line),
        content=prose,
        capacity=st.just(5),
        capacity_on=st.just(date(2026, 11, 1)),
        urgent=st.booleans(),
    )
    contact = st.one_of(
        st.builds(ContactRecord, st.just("phone"), phone, private=st.booleans()),
        st.builds(ContactRecord, st.just("email"), st.sampled_from(["a@example.org", "b.c+d@example.com.ua"])),
        st.builds(ContactRecord, st.just("website"), st.sampled_from(["https://example.org/a?b=1", "http://цнсп.укр"])),
        st.builds(ContactRecord, st.just("head"), st.just("Олена Коваль")),
    )
    is_person = kind == "rnokpp"
    return ProviderRecord(
        **{kind: key},
        name=draw(line),
        short_name=draw(st.one_of(st.just(""), line)),
        person_type="sole_proprietor" if is_person else "legal_entity",
        legal_form="sole_proprietor" if is_person else "public_association",
        ownership_form=draw(st.sampled_from(["private", "communal", "unknown"])),
        sector=draw(st.sampled_from(["non_state", "communal", "unknown"])),
        about=draw(prose),
        services_note=draw(prose),
        source=draw(st.one_of(st.just(""), line)),
        source_url=draw(st.sampled_from(["", "https://example.org/1617630232"])),
        source_on=draw(st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2026, 11, 1)))),
        verified_on=draw(st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2026, 11, 1)))),
        sites=draw(st.lists(place, max_size=3, unique_by=lambda site: site.key)),
        contacts=draw(st.lists(contact, max_size=4, unique_by=lambda item: item.key)),
        services=draw(st.lists(service, max_size=3, unique_by=lambda item: item.key)),
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_brought_back_changes_nothing(form):
    places, words = make_territories(), make_catalogue()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(providers(places, words), min_size=1, max_size=3))
    def brought_back(records):
        with transaction.atomic():
            put_providers(records, actor=REGISTRAR, ground="тест", now=NOW)
            before = everything()
            content = exported(form)

            report = run(ImportSource(io.BytesIO(content), f"a.{form}"), actor=REGISTRAR, now=NOW)

            assert [str(fault) for fault in report.faults] == []
            assert (report.rows, report.unchanged) == (len(records), len(records))
            assert everything() == before
            transaction.set_rollback(True)

    brought_back()


def test_institutions_are_entered_with_their_sources_and_once():
    records = institution_records()
    put_institutions(now=NOW)
    before = everything()

    put_institutions(now=NOW)

    assert everything() == before
    assert RegisterEntry.objects.count() == len(records) == 13
    assert not RegisterEntry.objects.filter(source="").exists()


@pytest.mark.shared
def test_import_of_the_real_legal_entities_twice(shared_data, all_territories):
    path = shared_data / "nhsu_legal_entities.csv"

    def bring():
        with path.open("rb") as file:
            return run(ImportSource(file, path.name), actor=REGISTRAR, now=NOW)

    first = bring()
    assert (first.column_map, first.created, first.faults) == ("nhsu", 2_706, [])
    before = everything()
    second = bring()
    assert (second.created, second.changed, second.unchanged, second.faults) == (0, 0, 2_706, [])
    assert everything() == before
    assert Service.objects.count() == 0
    assert not RegisterEntry.objects.filter(oblast=None).exists()
    assert RegisterEntry.objects.exclude(territory=None).count() > 2_500
    assert Organisation.objects.filter(legal_form="communal_nonprofit").count() > 2_000
    assert Organisation.objects.get(code="22591616").name == (
        'Комунальне некомерційне підприємство Сумської обласної ради "Обласний  медичний центр паліативної  допомоги"'
    )


@pytest.mark.shared
def test_import_of_the_real_service_centres_twice(shared_data, all_territories):
    path = shared_data / "cnap_registry.csv"

    def bring():
        with path.open("rb") as file:
            return run(ImportSource(file, path.name), actor=REGISTRAR, now=NOW)

    first = bring()
    assert (first.column_map, first.created, first.faults) == ("cnap", 3_432, [])
    before = everything()
    second = bring()
    assert (second.changed, second.unchanged) == (0, 3_432)
    assert everything() == before
    entry = RegisterEntry.objects.get(organisation__external_ref="cnap:1")
    site = entry.sites.get()
    assert (site.territory.name, site.street, site.building) == ("Вінниця", "вул. Соборна", "59")
    assert sorted(site.access.values_list("feature__slug", "available")) == [
        ("accessible-toilet", True),
        ("braille", False),
        ("ramp", True),
    ]


@pytest.fixture
def all_territories():
    """The whole codifier and the vocabularies."""
    from registry.domain.reference import load_reference

    load_reference(force=True)
    return Territory.objects.all()


def test_import_of_many_rows_takes_little_memory(monkeypatch):
    make_territories()
    make_catalogue()
    content = csv_bytes([{"external_ref": f"r:{number}", "name": "Центр " * 20} for number in range(6_000)])

    def peak(rows):
        text = b"\r\n".join(content.splitlines()[: rows + 1])
        tracemalloc.start()
        run(ImportSource(io.BytesIO(text), "a.csv"), actor=REGISTRAR, now=NOW, dry_run=True)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    # three times the rows must not need much more: one chunk is held at a time
    assert peak(6_000) < peak(2_000) * 1.5
