"""What the cells of one row must be to each other: a tariff has its unit, places their day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.enums import LegalForm, PersonType
from registry.enums import AreaKind, PriceMode, UnitCategory
from registry.interfaces.importing.books import Books, Unit, fold
from registry.interfaces.importing.columns import SERVICE_COLUMNS, SITE_COLUMNS
from registry.interfaces.importing.places import CODE, PlaceFault, Places
from registry.interfaces.importing.places import COLUMNS as PLACE_COLUMNS
from registry.interfaces.importing.report import CellFault

if TYPE_CHECKING:
    from registry.interfaces.importing.resource import Draft

Faults = dict[str, ValidationError]
SERVICE_DETAILS: Final = tuple(column.name for column in SERVICE_COLUMNS if column.name not in {"service", "services"})
SITE_DETAILS: Final = tuple(column.name for column in SITE_COLUMNS if column.name not in {"site_kind", "confidential"})
_AREA_LEVELS: Final = {
    AreaKind.HROMADAS: ("hromada", (UnitCategory.HROMADA,)),
    AreaKind.RAION: ("raion", (UnitCategory.RAION,)),
    AreaKind.OBLAST: ("oblast", UnitCategory.regions),
}


def judge(draft: Draft, faults: Faults, *, books: Books, places: Places) -> None:
    """Add to `faults` whatever the row contradicts in itself; fill in what follows from its other cells."""
    told = draft.told
    _judge_key(told, faults)
    _judge_person(told, faults)
    try:
        draft.place = places.find(told)
    except PlaceFault as fault:
        faults.setdefault(fault.column, fault)
    _judge_site(draft, faults, lenient=places.lenient)
    _judge_service(told, faults)
    _judge_price(told, faults)
    if "areas" in told or "area_kind" in told:
        draft.area_ids = _read_areas(told, faults, books)


def _judge_key(told: dict[str, Any], faults: Faults) -> None:
    keys = ("edrpou", "rnokpp", "external_ref", "number")
    if not any(name in told or name in faults for name in keys):
        reason = (
            _("The row has neither a code nor a name: whose row is it?")
            if "name" not in told
            else _("Without EDRPOU, RNOKPP, a reference or a register number the provider cannot be found again.")
        )
        faults.setdefault("edrpou", CellFault("key.missing", reason))
    if "edrpou" in told and "rnokpp" in told:
        faults.setdefault("rnokpp", CellFault("key.both", _("A legal entity has no taxpayer number of a person.")))


def _judge_person(told: dict[str, Any], faults: Faults) -> None:
    form, kind = told.get("legal_form"), told.get("person_type")
    if form in LegalForm.carers:
        implied = PersonType.NATURAL_PERSON
    elif form == LegalForm.SOLE_PROPRIETOR or ("rnokpp" in told and form is None):
        implied = PersonType.SOLE_PROPRIETOR
    else:
        implied = None
    if kind is None and implied:
        kind = told["person_type"] = implied.value
    if kind is None:
        return
    if (kind == PersonType.LEGAL_ENTITY) == ("rnokpp" in told) and ("rnokpp" in told or "edrpou" in told):
        faults.setdefault("person_type", CellFault("person.code", _("The kind of person does not go with the code.")))
    if form in LegalForm.carers and kind != PersonType.NATURAL_PERSON:
        faults.setdefault("person_type", CellFault("person.form", _("A carer under this form is a natural person.")))


def _judge_site(draft: Draft, faults: Faults, *, lenient: bool) -> None:
    told = draft.told
    if ("latitude" in told) != ("longitude" in told) and not {"latitude", "longitude"} & faults.keys():
        lone = "latitude" if "latitude" in told else "longitude"
        faults[lone] = CellFault("coordinates.pair", _("Latitude and longitude go together."))
    details = [name for name in SITE_DETAILS if name in told]
    # under a cautious map the place may be beyond finding; then the row goes in without an address
    if details and draft.place is None and not lenient and not faults.keys() & set(PLACE_COLUMNS):
        faults.setdefault(
            details[0], CellFault("site.no_place", _("An address needs its settlement, hromada or oblast."))
        )


def _judge_service(told: dict[str, Any], faults: Faults) -> None:
    if "service" not in told and "service" not in faults:
        stray = [name for name in SERVICE_DETAILS if name in told]
        if stray:
            faults.setdefault(
                stray[0], CellFault("service.missing", _("Of which service? There is nothing in the column “service”."))
            )
    if "capacity" in told and "capacity_on" not in told and "capacity_on" not in faults:
        faults["capacity"] = CellFault("capacity.no_date", _("Places need the day on which they were counted."))
    if "capacity_on" in told and "capacity" not in told and "capacity" not in faults:
        faults["capacity_on"] = CellFault("capacity.no_count", _("There is a day, but how many places?"))


def _judge_price(told: dict[str, Any], faults: Faults) -> None:
    mode = told.get("price_mode")
    if "price" in told:
        if "price_unit" not in told and "price_unit" not in faults:
            faults["price"] = CellFault("price.no_unit", _("A tariff needs its unit: for an hour, a visit, a month…"))
        if mode is None and "price_mode" not in faults:
            told["price_mode"] = PriceMode.TARIFF.value
        elif mode in (PriceMode.FREE, PriceMode.UNKNOWN):
            faults["price"] = CellFault("price.free", _("A free service has no tariff."))
    elif "price_unit" in told and "price" not in faults:
        faults["price_unit"] = CellFault("price.no_sum", _("There is a unit, but what is the tariff?"))


def _read_areas(told: dict[str, Any], faults: Faults, books: Books) -> frozenset[int]:
    kind = told.get("area_kind")
    named: tuple[str, ...] = told.get("areas", ())
    if kind in (AreaKind.COUNTRY, AreaKind.UNKNOWN):
        if named:
            faults["areas"] = CellFault("areas.needless", _("With this area served no territories are named."))
        return frozenset()
    units: list[Unit] = []
    try:
        units = [_area(part, kind, told, books) for part in named]
        kind = kind or (_kind_of(units) if units else None)
    except CellFault as fault:
        faults["areas"] = fault
        return frozenset()
    if kind:
        told["area_kind"] = kind
    if kind and not units and "areas" not in faults:
        faults["areas"] = CellFault("areas.missing", _("Which territories exactly?"))
    if kind and any(unit.category not in _AREA_LEVELS[kind][1] for unit in units):
        faults["areas"] = CellFault("areas.mixed", _("The territories are not of the kind that the area served names."))
    return frozenset(unit.id for unit in units)


def _kind_of(units: list[Unit]) -> str:
    for kind, (_level, categories) in _AREA_LEVELS.items():
        if units[0].category in categories:
            return kind.value
    raise CellFault("areas.mixed", _("The territories are not of the kind that the area served names."))


def _area(text: str, kind: str | None, told: dict[str, Any], books: Books) -> Unit:
    if CODE.fullmatch(fold(text)):
        unit = books.by_code.get(text.strip().upper())
        if unit is None:
            raise CellFault("areas.unknown", _("There is no “%(name)s” in the codifier."), name=text[:60])
        return unit
    level = _AREA_LEVELS[AreaKind(kind)][0] if kind else "hromada"
    oblast = told.get("oblast") if level != "oblast" else None
    try:
        return Places(books).unit(level, text, oblast=oblast)
    except PlaceFault as fault:
        code = (fault.code or "").rpartition(".")[2]
        raise CellFault(f"areas.{code}", fault.messages[0]) from fault
