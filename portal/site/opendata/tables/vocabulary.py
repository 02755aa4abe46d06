"""Territories and the controlled words that every other table names by code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from portal.site.opendata.state import State
from portal.site.opendata.tables.table import Column, Link, Row, Table, each, fields, joined, values
from registry.models import AccessFeature, DeliveryForm, ServiceType, Territory, VulnerableGroup

GROUP: Final = "vocabulary"
_TERM: Final = (
    Column("slug", "string", _("code, which never changes")),
    Column("name_uk", "string", _("name in Ukrainian")),
    Column("name_en", "string", _("name in English")),
    Column("mark", "string", _("how far the row is confirmed")),
    Column("source", "string", _("where the row was taken from")),
)
_DEGREES: Final = ("latitude", "longitude")
_UNIT: Final = (
    *("code", "category", "name", "name_latin"),
    *(f"{above}__code" for above in ("parent", "oblast", "raion", "hromada", "centre")),
    *_DEGREES,
    *("population", "population_on", "area_km2", "budget_code", "budget_name", "facts_source", "in_codifier"),
)
_TERM_FIELDS: Final = ("slug", "name_uk", "name_en", "mark", "source")


def degrees(value: float | None) -> Decimal | None:
    """Return degrees with six digits, the same on every machine; that is ten centimetres."""
    return None if value is None else Decimal(f"{value:.6f}")


def _territories(_state: State) -> Iterator[Row]:
    for row in values(Territory.objects.all(), *_UNIT, size=2_000):
        yield tuple(degrees(value) if name in _DEGREES else value for name, value in zip(_UNIT, row, strict=True))


def _service_types(_state: State) -> Iterator[Row]:
    for one in each(ServiceType.objects.prefetch_related("groups", "delivery_forms")):
        yield (
            *fields(one, (*_TERM_FIELDS, "official_code", "code_verified", "kind", "summary_uk", "state_standard")),
            joined(sorted(group.slug for group in one.groups.all())),
            joined(sorted(form.slug for form in one.delivery_forms.all())),
        )


def _terms(model: Any) -> Callable[[State], Iterator[Row]]:
    def rows(_state: State) -> Iterator[Row]:
        for one in each(model.objects.all()):
            yield fields(one, _TERM_FIELDS)

    return rows


TABLES: Final = (
    Table(
        "territories",
        GROUP,
        _("Units of the codifier of administrative and territorial units (KATOTTG)"),
        (
            Column("code", "string", _("code in the codifier")),
            Column(
                "category", "string", _("O oblast, K city with special status, P raion, H hromada, M C X T settlements")
            ),
            Column("name", "string", _("name")),
            Column("name_latin", "string", _("name in Latin letters")),
            Column("parent", "string", _("code of the unit that this one is part of")),
            Column("oblast", "string", _("code of the oblast")),
            Column("raion", "string", _("code of the raion")),
            Column("hromada", "string", _("code of the hromada")),
            Column("centre", "string", _("code of the centre of the unit")),
            Column("latitude", "number", _("latitude in degrees, WGS 84")),
            Column("longitude", "number", _("longitude in degrees, WGS 84")),
            Column("population", "integer", _("population; empty where it is not known")),
            Column("population_on", "date", _("day of the population")),
            Column("area_km2", "number", _("area, km²")),
            Column("budget_code", "string", _("code of the budget")),
            Column("budget_name", "string", _("name of the budget")),
            Column("facts_source", "string", _("where population, area and budget come from")),
            Column("in_codifier", "boolean", _("whether the unit is in the codifier now")),
        ),
        ("code",),
        _territories,
        tuple(Link((name,), "territories") for name in ("parent", "oblast", "raion", "hromada", "centre")),
    ),
    Table(
        "service_types",
        GROUP,
        _("Catalogue of social services"),
        (
            *_TERM,
            Column("official_code", "string", _("code in the Classifier, where it was confirmed")),
            Column("code_verified", "boolean", _("whether the code was checked")),
            Column("kind", "string", _("type of the service")),
            Column("summary_uk", "string", _("in plain words, Ukrainian")),
            Column("state_standard", "string", _("state standard")),
            Column("groups", "string", _("for whom it is: codes of groups, parted by a bar")),
            Column("delivery_forms", "string", _("forms of delivery: codes, parted by a bar")),
        ),
        ("slug",),
        _service_types,
    ),
    Table("groups", GROUP, _("Groups of people"), _TERM, ("slug",), _terms(VulnerableGroup)),
    Table("delivery_forms", GROUP, _("Forms of delivery"), _TERM, ("slug",), _terms(DeliveryForm)),
    Table("access_features", GROUP, _("Access features of places"), _TERM, ("slug",), _terms(AccessFeature)),
)
