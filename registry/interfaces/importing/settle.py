"""What only the register can say of a chunk: whose row it is, what is known already, what this official may enter.

The number of queries does not depend on how many rows the chunk has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from registry.domain.comparing import merged
from registry.domain.providers import Actor
from registry.domain.records import UNSET, SiteRecord
from registry.enums import Standing
from registry.interfaces.importing.records import Told
from registry.interfaces.importing.report import CellFault
from registry.interfaces.importing.resource import Draft
from registry.models import RegisterEntry, Service, Site, Territory

IDENTIFIERS: Final = {"edrpou": "code", "rnokpp": "rnokpp", "external_ref": "external_ref"}
_ADDRESS: Final = ("kind", "label", "territory_id", "hromada_id", "oblast_id", "street", "building", "room")
_BATCH: Final = 900
Faults = dict[int, dict[str, CellFault]]


@dataclass(slots=True)
class _Known:
    """An active entry of a provider that the chunk speaks of."""

    id: int
    standing: str
    within_reach: bool
    sites: list[SiteRecord] = field(default_factory=list)
    services: set[int] = field(default_factory=set)


def key_of(draft: Draft) -> tuple[str, str]:
    """Return by what the provider of a row is found again, as `ProviderRecord.key` names it."""
    for column, name in IDENTIFIERS.items():
        if value := draft.told.get(column):
            return name, value
    return "", ""


def resolve_numbers(drafts: Sequence[Draft]) -> Faults:
    """Give rows known by their register number the provider's own identifier; return the faults by position."""
    numbers = {draft.told["number"] for draft in drafts if "number" in draft.told}
    found: dict[str, tuple[Any, ...]] = {}
    for batch in _batches(numbers):
        for number, *row in RegisterEntry.objects.filter(number__in=batch).values_list(
            "number", "standing", *(f"organisation__{name}" for name in IDENTIFIERS.values())
        ):
            found[number] = tuple(row)
    faults: Faults = {}
    for position, draft in enumerate(drafts):
        if number := draft.told.get("number"):
            fault = _identify(draft, found.get(number))
            if fault:
                faults[position] = {"number": fault}
    return faults


def _identify(draft: Draft, entry: tuple[Any, ...] | None) -> CellFault | None:
    name, value = key_of(draft)
    if entry is None:
        return None if name else CellFault("number.unknown", _("There is no entry with this number in the register."))
    standing, *identifiers = entry
    own = dict(zip(IDENTIFIERS.values(), identifiers, strict=True))
    if name and own[name] != value:
        return CellFault("number.other", _("The register has this number for another provider."))
    if standing == Standing.EXCLUDED:
        return CellFault("number.excluded", _("This entry is excluded from the register."))
    if not name:
        draft.told.update({column: own[field_name] for column, field_name in IDENTIFIERS.items() if own[field_name]})
    return None


def settle(chunk: Sequence[Told], *, actor: Actor) -> Faults:
    """Fit the records to what the register already knows; return by row what it refuses."""
    scope = _Scope(actor)
    known = _load_known(chunk, scope)
    heads = {told.record.head_number for told in chunk if told.record.head_number}
    present = set(RegisterEntry.objects.filter(number__in=heads).values_list("number", flat=True)) if heads else set()
    faults: Faults = {}
    for told in chunk:
        entry = known.get(told.record.key)
        found = _refusals(told, entry, scope)
        if told.record.head_number and told.record.head_number not in present:
            found["head_number"] = CellFault("head.unknown", _("There is no entry with this number in the register."))
        if found:
            faults[told.record.row] = found
        else:
            if _needs_sites(told):
                _adopt_sites(told, entry.sites if entry else ())
            if entry:
                _leave_known_services(told, entry)
    return faults


def _load_known(chunk: Sequence[Told], scope: _Scope) -> dict[tuple[str, str], _Known]:
    known: dict[tuple[str, str], _Known] = {}
    for name in IDENTIFIERS.values():
        values = [told.record.key[1] for told in chunk if told.record.key[0] == name]
        for batch in _batches(values):
            rows = RegisterEntry.objects.filter(
                **{f"organisation__{name}__in": batch}, standing__in=Standing.active
            ).values_list("id", "standing", f"organisation__{name}")
            for key, standing, value in rows:
                known[name, value] = _Known(key, standing, within_reach=scope.is_unlimited)
    scope.mark(known.values())
    by_id = {entry.id: entry for entry in known.values()}
    told_of = [(told, known[told.record.key]) for told in chunk if told.record.key in known]
    _load_sites([entry.id for told, entry in told_of if _needs_sites(told)], by_id)
    for batch in _batches([entry.id for told, entry in told_of if told.bare]):
        for entry_id, service_type in Service.objects.filter(entry_id__in=batch).values_list(
            "entry_id", "service_type_id"
        ):
            by_id[entry_id].services.add(service_type)
    return known


def _load_sites(ids: list[int], by_id: dict[int, _Known]) -> None:
    for batch in _batches(ids):
        for entry_id, *row in Site.objects.filter(entry_id__in=batch).values_list("entry_id", *_ADDRESS):
            by_id[entry_id].sites.append(SiteRecord(**dict(zip(_ADDRESS, row, strict=True))))


def _refusals(told: Told, entry: _Known | None, scope: _Scope) -> dict[str, CellFault]:
    record, found = told.record, {}
    standing = told.drafts[0].told.get("standing")
    if entry is None:
        if record.name is UNSET:
            found["name"] = CellFault("name.missing", _("The provider is new: give its name."))
        if standing not in (None, Standing.INCLUDED):
            found["standing"] = CellFault("standing.new", _("A new provider is entered as included."))
    elif standing not in (None, entry.standing):
        found["standing"] = CellFault(
            "standing.step", _("An import does not suspend, restore or exclude: these are decisions with a ground.")
        )
    if not scope.is_unlimited and not scope.holds(record.sites or (), entry):
        found["oblast"] = CellFault("scope", _("This is outside the territory for which you answer."))
    return found


def _needs_sites(told: Told) -> bool:
    return bool(told.loose) or any(_is_vague(site) for site in told.record.sites or ())


def _is_vague(site: SiteRecord) -> bool:
    return not (site.street or site.building or site.room or site.label)


def _adopt_sites(told: Told, known: Sequence[SiteRecord]) -> None:
    """Take an address that says less than another one, or not its kind, for that other one.

    So a row that repeats only the hromada adds no address, and an exported confidential seat comes back as it was.
    """
    sites = told.record.sites or []
    pool = [*known, *(site for site in sites if not _is_vague(site))]
    keys = {site.key for site in known}
    chosen: dict[tuple[Any, ...], SiteRecord] = {}
    place_of: dict[int, int] = {}
    for position, site in enumerate(sites):
        twin = None if site.key in keys else _twin(site, pool, loose=position in told.loose)
        if twin:
            site = replace(site, **{name: getattr(twin, name) for name in _ADDRESS})  # noqa: PLW2901
        chosen[site.key] = merged(chosen[site.key], site, replace=False) if site.key in chosen else site
        place_of[position] = list(chosen).index(site.key)
    if len(chosen) < len(sites):
        told.record.services = told.record.services and [
            replace(service, at_sites=tuple(sorted({place_of[place] for place in service.at_sites})))
            for service in told.record.services
        ]
    told.record.sites = list(chosen.values()) or None


def _twin(site: SiteRecord, pool: Sequence[SiteRecord], *, loose: bool) -> SiteRecord | None:
    if loose:
        for other in pool:
            if other.key[1:] == site.key[1:] and other is not site:
                return other
    if _is_vague(site):
        return next((other for other in pool if _covers(site, other)), None)
    return None


def _covers(vague: SiteRecord, known: SiteRecord) -> bool:
    for name in ("territory_id", "hromada_id", "oblast_id"):
        if value := getattr(vague, name):
            return bool(getattr(known, name) == value)
    return False


def _leave_known_services(told: Told, entry: _Known) -> None:
    services = told.record.services
    if services and told.bare:
        told.record.services = [
            service
            for position, service in enumerate(services)
            if position not in told.bare or service.service_type_id not in entry.services
        ] or None


class _Scope:
    """Where the actor may enter providers: commands, administrators everywhere, registrars at home."""

    def __init__(self, actor: Actor) -> None:
        self._user = actor.user
        self.is_unlimited = actor.user is None or Role.ADMINISTRATOR in actor.user.roles
        self._units: set[int] = set()
        self._raion_of: dict[int, int | None] = {}
        if actor.user is not None and not self.is_unlimited:
            self._units = set(actor.user.territory_scopes.values_list("territory_id", flat=True))  # type: ignore[attr-defined]
            hromadas = Territory.objects.hromadas().filter(raion__in=self._units)
            self._raion_of = dict(hromadas.values_list("pk", "raion_id"))

    def mark(self, entries: Iterable[_Known]) -> None:
        if self.is_unlimited or self._user is None:
            return
        mine = RegisterEntry.objects.visible_to(self._user)
        by_id = {entry.id: entry for entry in entries}
        for batch in _batches(by_id):
            for key in mine.filter(pk__in=batch).values_list("pk", flat=True):
                by_id[key].within_reach = True

    def holds(self, sites: Sequence[SiteRecord], entry: _Known | None) -> bool:
        """Say whether the provider is the actor's: a known one by its seat, a new one by its first address."""
        if entry is not None:
            return entry.within_reach
        if not sites:
            return False
        site = sites[0]
        units = {site.territory_id, site.hromada_id, site.oblast_id, self._raion_of.get(site.hromada_id or 0)}
        return bool(units & self._units)


def _batches(values: Iterable[Any]) -> Iterable[list[Any]]:
    values = list(values)
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))
