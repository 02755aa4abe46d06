"""From the address of a list of competitions to a `CompetitionFilter` and back, so that a link restores the state.

List, feed, calendar and API read the same parameters here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.enums import Phase
from procurement.queries.competitions import SORTS, CompetitionFilter, procedure_names
from registry.models import Territory
from registry.queries.register import vocabulary
from registry.queries.territory import hromada_by_code

LONGEST_TEXT: Final = 200
MOST_MONEY: Final = Decimal(10) ** 12
KOPIIKA: Final = Decimal("0.01")
_NAMES: Final = {
    "phase": gettext_lazy("state"),
    "procedure": gettext_lazy("procedure"),
    "service": gettext_lazy("service"),
    "group": gettext_lazy("group"),
    "oblast": gettext_lazy("oblast"),
    "hromada": gettext_lazy("hromada"),
    "sum_from": gettext_lazy("sum from"),
    "sum_to": gettext_lazy("sum to"),
    "sort": gettext_lazy("sorting"),
    "page": gettext_lazy("page"),
}


@dataclass(slots=True)
class ReadCompetitionFilter:
    """The filter as understood, what was chosen in the address, and what could not be understood, by parameter."""

    wanted: CompetitionFilter
    page: int = 1
    chosen: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    oblast: Territory | None = None
    hromada: Territory | None = None


def read_competition_filter(params: QueryDict) -> ReadCompetitionFilter:
    """Read the parameters; an unknown value is named in `problems` and left aside, never an error page."""
    read = ReadCompetitionFilter(CompetitionFilter())
    _read_places(params, read)
    names = vocabulary()
    known = {
        "phase": [value for value in Phase.values if value != Phase.DRAFT],
        "procedure": list(procedure_names()),
        "service": [kind.slug for kind in names.services.values()],
        "group": [group.slug for group in names.groups.values()],
    }
    for name, values in known.items():
        asked = [value for value in dict.fromkeys(params.getlist(name)) if value]
        read.chosen[name] = [value for value in asked if value in values]
        for value in asked:
            if value not in values:
                read.problems[name] = _unknown(name, value)
    sort = params.get("sort") or SORTS[0]
    if sort not in SORTS:
        read.problems["sort"] = _unknown("sort", sort)
        sort = SORTS[0]
    read.page = _read_page(params, read)
    read.wanted = CompetitionFilter(
        text=" ".join(params.get("q", "").replace("\x00", " ").split())[:LONGEST_TEXT],
        phases=tuple(read.chosen["phase"]),
        services=tuple(read.chosen["service"]),
        groups=tuple(read.chosen["group"]),
        procedures=tuple(read.chosen["procedure"]),
        oblast_id=read.oblast.pk if read.oblast else None,
        hromada_id=read.hromada.pk if read.hromada else None,
        sum_from=_read_sum("sum_from", params, read),
        sum_to=_read_sum("sum_to", params, read),
        sort=sort,
    )
    return read


def parameters(read: ReadCompetitionFilter, **changes: Any) -> str:
    """Return the query string of this state; `changes` replace parameters, `None` removes one."""
    wanted = read.wanted
    state: dict[str, Any] = {
        "q": wanted.text,
        **read.chosen,
        "sum_from": read.typed.get("sum_from") if wanted.sum_from is not None else None,
        "sum_to": read.typed.get("sum_to") if wanted.sum_to is not None else None,
        "sort": None if wanted.sort == SORTS[0] else wanted.sort,
        "page": read.page,
    }
    state.update(changes)
    if state["page"] in (1, "1"):
        state["page"] = None
    return urlencode({name: value for name, value in state.items() if value}, doseq=True)


def _read_places(params: QueryDict, read: ReadCompetitionFilter) -> None:
    oblasts = vocabulary().oblasts
    code, hromada = params.get("oblast", ""), params.get("hromada", "")
    if code:
        read.oblast = vocabulary().oblast_called(code)
        if read.oblast is None:
            read.problems["oblast"] = _unknown("oblast", code)
    if hromada:
        read.hromada = hromada_by_code(hromada)
        if read.hromada is None:
            read.problems["hromada"] = _unknown("hromada", hromada)
        elif read.oblast and read.hromada.oblast_id != read.oblast.pk:
            read.hromada = None
            read.problems["hromada"] = _("That hromada lies in another oblast, so the whole oblast is shown.")
        else:
            read.oblast = read.oblast or oblasts.get(read.hromada.oblast_id or 0)
    read.chosen["oblast"] = [read.oblast.code] if read.oblast else []
    read.chosen["hromada"] = [read.hromada.code] if read.hromada else []


def _read_sum(name: str, params: QueryDict, read: ReadCompetitionFilter) -> Decimal | None:
    """Read a sum as people write it: «1 200 000», «1200000,50»."""
    read.typed[name] = params.get(name, "").strip()[:30]
    text = "".join(read.typed[name].split()).replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value < MOST_MONEY:
        read.problems[name] = _("“%(value)s” is not a sum in hryvnias, so it was left aside.") % {
            "value": read.typed[name]
        }
        return None
    # a number with a million places is no number for the database
    return value.quantize(KOPIIKA)


def _read_page(params: QueryDict, read: ReadCompetitionFilter) -> int:
    value = params.get("page", "1") or "1"
    if value.isascii() and value.isdigit() and 0 < len(value) < 8 and int(value) > 0:  # noqa: PLR2004 no list is that long
        return int(value)
    read.problems["page"] = _unknown("page", value)
    return 1


def _unknown(name: str, value: str) -> str:
    return _("%(what)s: “%(value)s” is not known, so it was left aside.") % {
        "what": str(_NAMES[name]).capitalize(),
        "value": value[:60],
    }
