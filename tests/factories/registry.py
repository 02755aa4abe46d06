"""Small worlds for tests: a few territories and services, and providers put in by the one way in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from stdnum.ua import edrpou

from registry.domain.providers import Actor, put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.enums import SiteKind
from registry.models import (
    AccessFeature,
    BasicServiceRow,
    DeliveryForm,
    RegisterEntry,
    ServiceType,
    Territory,
    VulnerableGroup,
)
from tests.factories.kept import once

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REGISTRAR = Actor(None, "registrar")
CODES = {
    "poltavska": "UA53000000000028050",
    "poltavskyi_raion": "UA53080000000016371",
    "dykanska": "UA53080130000079450",
    "dykanka": "UA53080130010081044",
    "poltava_hromada": "UA53080370000021115",
    "poltava": "UA53080370010073240",
    "odeska": "UA51000000000030770",
    "odesa_raion": "UA51100000000070969",
    "odesa_hromada": "UA51100270000073549",
    "odesa": "UA51100270010076757",
    "kyiv": "UA80000000000093317",
}
WORDS: dict[str, tuple[Any, str]] = {
    "home_care": (ServiceType, "home-care"),
    "shelter": (ServiceType, "shelter"),
    "counselling": (ServiceType, "counselling"),
    "early_intervention": (ServiceType, "early-intervention"),
    "at_home": (DeliveryForm, "home"),
    "residential": (DeliveryForm, "residential"),
    "older_people": (VulnerableGroup, "older-people"),
    "violence_survivors": (VulnerableGroup, "violence-survivors"),
    "ramp": (AccessFeature, "ramp"),
    "toilet": (AccessFeature, "accessible-toilet"),
}

_codes = count(1)


@dataclass
class Territories:
    """Two oblasts; the first has a raion with two hromadas and a settlement in each."""

    poltavska: Territory
    poltavskyi_raion: Territory
    dykanska: Territory
    dykanka: Territory
    poltava_hromada: Territory
    poltava: Territory
    odeska: Territory
    odesa_hromada: Territory
    odesa: Territory
    kyiv: Territory


@dataclass
class Catalogue:
    home_care: ServiceType
    shelter: ServiceType
    counselling: ServiceType
    early_intervention: ServiceType
    at_home: DeliveryForm
    residential: DeliveryForm
    older_people: VulnerableGroup
    violence_survivors: VulnerableGroup
    ramp: AccessFeature
    toilet: AccessFeature


def make_territories() -> Territories:
    """Return the territories, made once a test."""
    found = Territory.objects.in_bulk(CODES.values(), field_name="code")
    if len(found) < len(CODES):
        _put_territories()
        found = Territory.objects.in_bulk(CODES.values(), field_name="code")
    known = {unit.pk: unit for unit in found.values()}
    for unit in known.values():
        for name in ("parent", "oblast", "raion", "hromada"):
            if (above := getattr(unit, f"{name}_id")) in known:
                setattr(unit, name, known[above])
    return Territories(**{name: found[code] for name, code in CODES.items() if name != "odesa_raion"})


@once
def _put_territories() -> None:
    def unit(code: str, category: str, name: str, parent: Territory | None = None, **facts: Any) -> Territory:
        found = Territory.objects.filter(code=code).first()
        if found:
            return found
        made = Territory(code=code, category=category, name=name, parent=parent, **facts)
        made.oblast = parent.oblast if parent else None
        made.raion = parent.raion if parent else None
        made.hromada = parent.hromada if parent else None
        made.save()
        own = {"O": "oblast", "K": "oblast", "P": "raion", "H": "hromada"}.get(category)
        if own:
            setattr(made, own, made)
            made.save()
        return made

    poltavska = unit(CODES["poltavska"], "O", "Полтавська")
    raion = unit(CODES["poltavskyi_raion"], "P", "Полтавський", poltavska)
    dykanska = unit(
        CODES["dykanska"],
        "H",
        "Диканська",
        raion,
        latitude=49.82,
        longitude=34.53,
        population=19_344,
        population_on=date(2022, 1, 1),
        area_km2=Decimal("679.30"),
        facts_source="Держстат, 2022",
    )
    unit(CODES["dykanka"], "X", "Диканька", dykanska, latitude=49.82, longitude=34.53)
    poltava_hromada = unit(CODES["poltava_hromada"], "H", "Полтавська", raion)
    unit(CODES["poltava"], "M", "Полтава", poltava_hromada, latitude=49.59, longitude=34.55)
    odeska = unit(CODES["odeska"], "O", "Одеська")
    odesa_raion = unit(CODES["odesa_raion"], "P", "Одеський", odeska)
    odesa_hromada = unit(CODES["odesa_hromada"], "H", "Одеська", odesa_raion)
    unit(CODES["odesa"], "M", "Одеса", odesa_hromada)
    unit(CODES["kyiv"], "K", "Київ")


def make_catalogue() -> Catalogue:
    """Return four services, three of them basic, with the words they need; made once a test."""
    found = _words()
    if len(found) < len(WORDS):
        _put_catalogue()
        found = _words()
    return Catalogue(**found)


def _words() -> dict[str, Any]:
    """Return those words of the catalogue that are there, by the names they have here."""
    models = {model for model, _slug in WORDS.values()}
    there = {(model, word.slug): word for model in models for word in model.objects.all()}
    return {name: there[key] for name, key in WORDS.items() if key in there}


@once
def _put_catalogue() -> None:
    def term(model: type, slug: str, name_uk: str, name_en: str, **facts: Any) -> Any:
        made, _ = model.objects.get_or_create(slug=slug, defaults={"name_uk": name_uk, "name_en": name_en, **facts})
        return made

    at_home = term(DeliveryForm, "home", "Вдома", "At home")
    term(DeliveryForm, "residential", "Стаціонарно", "Residential")
    older = term(VulnerableGroup, "older-people", "Особи похилого віку", "Older people")
    term(VulnerableGroup, "violence-survivors", "Постраждалі від домашнього насильства", "Survivors of violence")
    home_care = term(
        ServiceType,
        "home-care",
        "Догляд вдома",
        "Home care",
        kind="complex",
        summary_uk="Соціальний робітник приходить додому і допомагає з тим, що стало важко робити самостійно.",
        summary_en="A social worker comes to your home and helps with what has become hard.",
    )
    home_care.delivery_forms.add(at_home)
    home_care.groups.add(older)
    shelter = term(ServiceType, "shelter", "Надання притулку", "Shelter", kind="simple", order=1)
    counselling = term(
        ServiceType,
        "counselling",
        "Консультування",
        "Counselling",
        kind="simple",
        official_code="002.0",
        code_verified=True,
        order=2,
    )
    term(ServiceType, "early-intervention", "Раннє втручання", "Early intervention", order=3)
    for service in (home_care, shelter, counselling):
        BasicServiceRow.objects.get_or_create(
            service_type=service,
            valid_from=date(2020, 1, 1),
            defaults={"act": "2671-viii", "point": "ст. 16 ч. 6", "verified": service == home_care},
        )
    term(AccessFeature, "ramp", "Пандус", "Ramp")
    term(AccessFeature, "accessible-toilet", "Доступний туалет", "Accessible toilet", order=1)


def next_edrpou() -> str:
    """Return a code that was not used before, with a right check digit."""
    while True:
        head = f"{4_000_000 + next(_codes):07d}"
        for digit in "0123456789":
            if edrpou.is_valid(head + digit):
                return head + digit


def provider_record(**overrides: Any) -> ProviderRecord:
    """Return a full record of a communal centre in Dykanka; overrides replace whole fields.

    Who is no legal entity has no EDRPOU: give an `rnokpp` or an `external_ref` instead.
    """
    places, words = make_territories(), make_catalogue()
    is_person = overrides.get("person_type", "legal_entity") != "legal_entity"
    code = None if is_person else overrides.pop("code", None) or next_edrpou()
    values: dict[str, Any] = {
        "code": code,
        "name": f"КУ «Центр надання соціальних послуг {code}»",
        "legal_form": "communal_institution",
        "ownership_form": "communal",
        "sector": "communal",
        "source": "Рішення Диканської селищної ради",
        "source_url": "https://example.org/source",
        "source_on": date(2026, 9, 1),
        "sites": [
            SiteRecord(
                kind=SiteKind.LEGAL,
                territory_id=places.dykanka.pk,
                hromada_id=places.dykanska.pk,
                oblast_id=places.poltavska.pk,
                postal_index="38500",
                street="вул. Незалежності",
                building="133",
                latitude=49.8213,
                longitude=34.5321,
                hours={"mon": [["08:00", "17:00"]], "tue": [["08:00", "17:00"]]},
                access={words.ramp.pk: True, words.toilet.pk: False},
            )
        ],
        "contacts": [
            ContactRecord("phone", "+380535190000"),
            ContactRecord("email", "cnsp@example.org"),
        ],
        "services": [
            ServiceRecord(
                words.home_care.pk,
                content="Прибирання, приготування їжі, купівля ліків.",
                conditions="Заява, паспорт, довідка про доходи.",
                price_mode="differentiated",
                capacity=40,
                capacity_on=date(2026, 11, 1),
                meets_standard=True,
                area_kind="hromadas",
                delivery_form_ids=frozenset({words.at_home.pk}),
                group_ids=frozenset({words.older_people.pk}),
                area_ids=frozenset({places.dykanska.pk}),
                at_sites=(0,),
            )
        ],
    }
    return ProviderRecord(**{**values, **overrides})


def make_provider(*, now: datetime = NOW, demo: bool = False, **overrides: Any) -> RegisterEntry:
    """Put one provider into the register and return its entry."""
    (outcome,) = put_providers([provider_record(**overrides)], actor=REGISTRAR, ground="тест", now=now, demo=demo)
    return outcome.entry


def make_wide_provider(count: int) -> RegisterEntry:
    """Put in a provider with as many addresses, contacts and services, to count the queries of a page over it."""
    places, words = make_territories(), make_catalogue()
    kinds = [words.home_care, words.shelter, words.counselling][:count]
    return make_provider(
        sites=[
            SiteRecord(hromada_id=places.dykanska.pk, oblast_id=places.poltavska.pk, building=str(number))
            for number in range(count)
        ],
        contacts=[ContactRecord("phone", f"+38053519000{number}") for number in range(count)],
        services=[ServiceRecord(kind.pk, at_sites=(0,)) for kind in kinds],
    )


def make_carer(**overrides: Any) -> RegisterEntry:
    """Put in a natural person who gives care: counted in public, never shown."""
    values = {
        "person_type": "natural_person",
        "legal_form": "carer_nonprofessional",
        "ownership_form": "private",
        "sector": "non_state",
        "name": "Приватна Особа Таємна",
        "source_url": "",
    }
    record = provider_record(**{**values, **overrides})
    record.code, record.external_ref = None, f"carer-{next(_codes)}"
    (outcome,) = put_providers([record], actor=REGISTRAR, ground="тест", now=NOW)
    return outcome.entry
