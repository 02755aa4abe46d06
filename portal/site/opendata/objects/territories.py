"""Units of the official codifier down to hromadas and districts of cities, with the facts that are known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.site.opendata.objects.fields import Field, code, day, decimal, measure, number, text, truth
from registry.enums import UnitCategory
from registry.models import Territory

KIND: Final = "territory"
KEY: Final = "code"
# settlements stand in providers and services by code and name; thirty thousand of them would say nothing more here
LISTED: Final = (
    UnitCategory.OBLAST,
    UnitCategory.SPECIAL_CITY,
    UnitCategory.RAION,
    UnitCategory.HROMADA,
    UnitCategory.CITY_DISTRICT,
)
_ABOVE: Final = ("parent", "oblast", "raion", "hromada", "centre")
_FACTS: Final = (
    *("code", "category", "name", "name_latin", "latitude", "longitude", "population", "population_on", "area_km2"),
    *("budget_code", "budget_name", "facts_source", "in_codifier"),
)
FIELDS: Final[tuple[Field, ...]] = (
    text("code", _("code in the codifier of administrative units (КАТОТТГ)")),
    code("category", _("category of the unit"), UnitCategory),
    text("name", _("name in Ukrainian")),
    text("label", _("name as people say it, with the kind of the unit")),
    text("name_latin", _("name in Latin letters")),
    text("parent", _("code of the unit it is part of"), nullable=True),
    text("oblast", _("code of its oblast, its own for an oblast"), nullable=True),
    text("raion", _("code of its raion"), nullable=True),
    text("hromada", _("code of its hromada"), nullable=True),
    text("centre", _("code of its centre"), nullable=True),
    measure("latitude", _("latitude in degrees, WGS 84"), nullable=True),
    measure("longitude", _("longitude in degrees, WGS 84"), nullable=True),
    number("population", _("population; empty where unknown"), nullable=True),
    day("population_on", _("day of the population"), nullable=True),
    decimal("area_km2", _("area, square kilometres; empty where unknown"), nullable=True),
    text("budget_code", _("code of the local budget")),
    text("budget_name", _("name of the local budget")),
    text("facts_source", _("source of population and area")),
    truth("in_codifier", _("stands in the codifier now")),
)


def keys() -> list[str]:
    return list(Territory.objects.filter(category__in=LISTED).order_by("code").values_list("code", flat=True))


def objects(keys: Sequence[str], *, today: date) -> Iterator[dict[str, Any]]:
    """Yield the units with these codes, settlements too if they are asked for, in the order given."""
    del today
    rows = Territory.objects.filter(code__in=keys).annotate(**{f"{name}_code": F(f"{name}__code") for name in _ABOVE})
    found = {one.code: _object(one) for one in rows}
    return (found[key] for key in keys if key in found)


def _object(one: Territory) -> dict[str, Any]:
    facts = {name: getattr(one, name) for name in _FACTS}
    told = {**facts, "label": one.label, **{name: vars(one)[f"{name}_code"] for name in _ABOVE}}
    told["population_on"] = one.population_on.isoformat() if one.population_on else None
    told["area_km2"] = None if one.area_km2 is None else f"{one.area_km2:.2f}"
    return {field.name: told[field.name] for field in FIELDS}
