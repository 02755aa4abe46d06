"""From the address of a register page to a `RegisterFilter` and back, so that a link restores the state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.enums import OwnershipForm, Sector
from registry.enums import Standing
from registry.models import Territory
from registry.queries.register import SORTS, RegisterFilter, Vocabulary, hromadas_of, vocabulary
from registry.queries.territory import hromada_by_code

LONGEST_TEXT: Final = 200
PARAMETERS: Final = ("q", "oblast", "hromada", "service", "group", "ownership", "sector", "standing", "sort", "page")
_ENUMS: Final = {"ownership": OwnershipForm, "sector": Sector, "standing": Standing}
_NAMES: Final = {
    "oblast": gettext_lazy("oblast"),
    "hromada": gettext_lazy("hromada"),
    "service": gettext_lazy("service"),
    "group": gettext_lazy("group"),
    "ownership": gettext_lazy("ownership form"),
    "sector": gettext_lazy("sector"),
    "standing": gettext_lazy("standing"),
    "sort": gettext_lazy("sorting"),
    "page": gettext_lazy("page"),
}


@dataclass(slots=True)
class ReadFilter:
    """The filter as understood, what each facet's choice was in the address, and what could not be understood."""

    wanted: RegisterFilter
    page: int = 1
    chosen: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    oblast: Territory | None = None
    hromada: Territory | None = None


def read_filter(params: QueryDict) -> ReadFilter:
    """Read the parameters of `/registry/`; an unknown value is named in `problems` and left aside, never an error page.

    Without a choice of standing the register shows entries in good standing.
    """
    names = vocabulary()
    result = ReadFilter(RegisterFilter())
    keys: dict[str, tuple[int | str, ...]] = {}
    _read_places(params, names, result, keys)
    slugs = {
        "service": {kind.slug: kind.pk for kind in names.services.values()},
        "group": {group.slug: group.pk for group in names.groups.values()},
        **{facet: {value: value for value in enum.values} for facet, enum in _ENUMS.items()},
    }
    for facet, known in slugs.items():
        asked = [value for value in dict.fromkeys(params.getlist(facet)) if value]
        result.chosen[facet] = [value for value in asked if value in known]
        keys[facet] = tuple(known[value] for value in result.chosen[facet])
        for value in asked:
            if value not in known:
                result.problems[facet] = _unknown(facet, value)
    if not keys["standing"]:
        keys["standing"] = Standing.good
    sort = params.get("sort") or "name"
    if sort not in SORTS:
        result.problems["sort"] = _unknown("sort", sort)
        sort = "name"
    result.page = _read_page(params, result)
    text = " ".join(params.get("q", "").replace("\x00", " ").split())[:LONGEST_TEXT]
    result.wanted = RegisterFilter(text, keys, sort)
    return result


def _read_places(
    params: QueryDict, names: Vocabulary, result: ReadFilter, keys: dict[str, tuple[int | str, ...]]
) -> None:
    code = params.get("oblast", "")
    if code:
        result.oblast = names.oblast_called(code)
        if result.oblast is None:
            result.problems["oblast"] = _unknown("oblast", code)
    hromada = params.get("hromada", "")
    if hromada:
        unit = _find_hromada(hromada, result.oblast)
        if unit is None and result.oblast and _find_hromada(hromada, None):
            result.problems["hromada"] = _("That hromada lies in another oblast, so the whole oblast is shown.")
        elif unit is None:
            result.problems["hromada"] = _unknown("hromada", hromada)
        else:
            result.hromada = unit
            result.oblast = result.oblast or names.oblasts.get(unit.oblast_id or 0)
    result.chosen["oblast"] = [result.oblast.code] if result.oblast else []
    result.chosen["hromada"] = [result.hromada.code] if result.hromada else []
    # a hromada says more than its oblast
    keys["hromada"] = (result.hromada.pk,) if result.hromada else ()
    keys["oblast"] = (result.oblast.pk,) if result.oblast and not result.hromada else ()


def _find_hromada(code: str, oblast: Territory | None) -> Territory | None:
    if oblast:
        return next((unit for unit in hromadas_of(oblast.pk) if unit.code == code), None)
    return hromada_by_code(code)


def _read_page(params: QueryDict, result: ReadFilter) -> int:
    value = params.get("page", "1") or "1"
    if value.isascii() and value.isdigit() and 0 < len(value) < 8 and int(value) > 0:  # noqa: PLR2004 no register is that long
        return int(value)
    result.problems["page"] = _unknown("page", value)
    return 1


def _unknown(facet: str, value: str) -> str:
    return _("%(what)s: “%(value)s” is not known, so it was left aside.") % {
        "what": str(_NAMES[facet]).capitalize(),
        "value": value[:60],
    }
