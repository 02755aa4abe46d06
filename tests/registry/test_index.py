"""The bitmap index answers as the database would, catches up with commits, and knows nothing private."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.domain.names import sort_key
from registry.domain.providers import Actor, put_providers
from registry.domain.records import ProviderRecord, ServiceRecord, SiteRecord
from registry.domain.standing import suspend_entry
from registry.enums import AreaKind
from registry.models import ServiceType, Territory, VulnerableGroup
from registry.queries.index import register_index
from registry.queries.register import RegisterFilter, count_choices, matching_entries, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ACTOR = Actor(None, "registrar")


def unit(code, category, name, parent=None):
    row = Territory.objects.create(code=code, category=category, name=name, parent=parent)
    row.oblast = row if category == "O" else (parent.oblast if parent else None)
    row.raion = row if category == "P" else (parent.raion if parent else None)
    row.hromada = row if category == "H" else (parent.hromada if parent else None)
    row.save()
    return row


@pytest.fixture
def country():
    poltava = unit("UA53", "O", "Полтавська")
    raion = unit("UA5308", "P", "Полтавський", poltava)
    odesa = unit("UA51", "O", "Одеська")
    return {
        "poltava": poltava,
        "raion": raion,
        "dykanka": unit("UA530801", "H", "Диканська", raion),
        "opishnia": unit("UA530802", "H", "Опішнянська", raion),
        "odesa": odesa,
        "izmail": unit("UA5101", "H", "Ізмаїльська", odesa),
    }


@pytest.fixture
def care():
    return ServiceType.objects.create(slug="home-care", name_uk="Догляд вдома")


def put(number, seat, care=None, *, name=None, area=None, areas=(), **fields):
    services = None
    if care:
        kind = area or AreaKind.UNKNOWN
        services = [ServiceRecord(care.pk, area_kind=kind, area_ids=frozenset(place.pk for place in areas))]
    site = SiteRecord(hromada_id=seat.hromada_id, oblast_id=seat.oblast_id, **fields.pop("site", {}))
    record = ProviderRecord(
        external_ref=f"test:{number}", name=name or f"Надавач {number}", sites=[site], services=services, **fields
    )
    (outcome,) = put_providers([record], actor=ACTOR, ground="test", now=NOW)
    return outcome.entry.pk


def found(text="", **chosen):
    register_index.refresh()
    return set(matching_entries(RegisterFilter(text, {name: tuple(values) for name, values in chosen.items()})))


def test_hromada_has_who_sits_there_and_who_serves_it(country, care):
    here = put(1, country["dykanka"], care)
    named = put(2, country["izmail"], care, area=AreaKind.HROMADAS, areas=[country["dykanka"]])
    raion = put(3, country["izmail"], care, area=AreaKind.RAION, areas=[country["raion"]])
    oblast = put(4, country["izmail"], care, area=AreaKind.OBLAST, areas=[country["poltava"]])
    everywhere = put(5, country["izmail"], care, area=AreaKind.COUNTRY)
    put(6, country["izmail"], care)

    assert found(hromada=[country["dykanka"].pk]) == {here, named, raion, oblast, everywhere}
    assert found(hromada=[country["opishnia"].pk]) == {raion, oblast, everywhere}
    assert found(oblast=[country["poltava"].pk]) == {here, named, raion, oblast, everywhere}


def test_counts_beside_choices_leave_the_facet_itself_aside(country, care):
    put(1, country["dykanka"], care, sector="communal")
    put(2, country["dykanka"], care, sector="non_state")
    put(3, country["izmail"], sector="non_state")
    register_index.refresh()

    wanted = RegisterFilter("", {"sector": ("communal",), "service": (care.pk,)})

    assert count_choices(wanted, "sector", ["communal", "non_state"]) == {"communal": 1, "non_state": 1}


@pytest.mark.parametrize("text", ["догляд", "ДОГЛЯДУ", "диканській", "теплі руки", "Теплі", "0000001"])
def test_words_are_found_in_any_case_and_with_other_endings(country, care, text):
    one = put(1, country["dykanka"], care, name="ГО «Теплі руки»")
    put(2, country["izmail"], name="Інша")

    assert found(text) == {one}


@pytest.mark.parametrize("text", ["00000032", "0000003", "000000", "Фонд 00000032", "D0000001", "d000", "00000019"])
def test_codes_and_numbers_are_found_by_how_they_begin(country, text):
    codes = {"00000032": False, "00000199": False, "30000009": True}
    keys = {}
    for code, demo in codes.items():
        record = ProviderRecord(code=code, name=f"Фонд {code[-1]}")
        (outcome,) = put_providers([record], actor=ACTOR, ground="test", now=NOW, demo=demo)
        keys[code] = outcome.entry
    word = text.split()[-1].upper()

    expected = {row.pk for code, row in keys.items() if code.startswith(word) or row.number.startswith(word)}
    assert found(text) == expected


def test_every_word_must_occur(country, care):
    put(1, country["dykanka"], care, name="ГО «Теплі руки»")

    assert found("теплі чоботи") == set()


def test_index_catches_up_with_a_change(country, care):
    one = put(1, country["dykanka"], care, name="Стара назва")
    assert found("стара") == {one}

    put(1, country["dykanka"], care, name="Нова фундація")
    suspend_entry(entry_id=one, actor=ACTOR, ground="test", now=NOW)

    assert (found("стара"), found("фундація")) == (set(), {one})
    assert (found(standing=["included"]), found(standing=["suspended"])) == (set(), {one})


def test_natural_persons_and_confidential_places_are_not_in_the_index(country, care):
    town = unit("UA53080101", "C", "Таємнівка", country["dykanka"])
    put(1, country["dykanka"], care, name="Притулок", site={"territory_id": town.pk, "confidential": True})
    put(2, country["dykanka"], care, name="Доглядальниця Олена", person_type="natural_person")

    assert found("таємнівка") == set()
    assert found("доглядальниця") == set()
    assert len(found()) == 1


def test_groups_come_from_services(country, care):
    group = VulnerableGroup.objects.create(slug="idp", name_uk="ВПО")
    site = SiteRecord(hromada_id=country["izmail"].pk, oblast_id=country["odesa"].pk)
    record = ProviderRecord(
        external_ref="g", name="Г", sites=[site], services=[ServiceRecord(care.pk, group_ids=frozenset({group.pk}))]
    )
    (outcome,) = put_providers([record], actor=ACTOR, ground="test", now=NOW)

    assert found(group=[group.pk]) == {outcome.entry.pk}


def test_pages_follow_the_ukrainian_alphabet(country):
    names = ["Ґанок", "Їжак", "Яблуко", "Інжир", "Єдність", "Абетка", "Гай", "Если"]
    keys = {put(number, country["izmail"], name=f"ГО «{name}»"): name for number, name in enumerate(names)}
    register_index.refresh()
    wanted = RegisterFilter()

    shown = [keys[key] for key in page_of(wanted, matching_entries(wanted), 0, 20)]

    assert shown == ["Абетка", "Гай", "Ґанок", "Если", "Єдність", "Інжир", "Їжак", "Яблуко"]


@given(st.text(max_size=300))
def test_sort_key_is_short_and_total(name):
    assert len(sort_key(name)) <= 120


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_breaks_the_index(text):
    register_index.refresh()
    assert set(register_index.matching(text)) == set()


@pytest.mark.parametrize(("start", "stop"), [(0, 20), (15, 35), (1020, 1040), (2040, 2060), (2490, 2520)])
def test_deep_pages_skip_whole_blocks_of_the_order(start, stop):
    records = [ProviderRecord(external_ref=f"n{number}", name=f"Надавач {number:04d}") for number in range(2_500)]
    put_providers(records, actor=ACTOR, ground="test", now=NOW)
    register_index.refresh()
    wanted = RegisterFilter()
    entries = matching_entries(wanted)

    shown = page_of(wanted, entries, start, stop)

    assert shown == sorted(entries)[start:stop]


def test_counts_of_hromadas_agree_with_what_choosing_them_finds(country, care):
    put(1, country["dykanka"], care)
    put(2, country["izmail"], care, area=AreaKind.RAION, areas=[country["raion"]])
    put(3, country["izmail"], care, area=AreaKind.OBLAST, areas=[country["poltava"]], sector="communal")
    put(4, country["dykanka"], care, area=AreaKind.COUNTRY, sector="communal")
    register_index.refresh()
    hromadas = [country[name].pk for name in ("dykanka", "opishnia", "izmail")]

    for chosen in ({}, {"sector": ("communal",)}):
        counts = count_choices(RegisterFilter("", chosen), "hromada", hromadas)
        assert counts == {pk: len(found(hromada=[pk], **chosen)) for pk in hromadas}
