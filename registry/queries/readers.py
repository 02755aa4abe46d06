"""Who reads what the register writes: people who act for a provider, officials of a place."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from portal.accounts.enums import Role
from portal.accounts.models import Mandate, Organisation, User
from registry.models import RegisterEntry, Territory


def people_of(organisation: Organisation, on: date) -> list[User]:
    """Return those who may sign in and act for the organisation on that day."""
    held = Mandate.objects.active(on).filter(organisation=organisation)
    return list(User.objects.filter(is_active=True, mandates__in=held).distinct().order_by("pk"))


def officials_of(units: Collection[int], role: Role) -> list[User]:
    """Return the officials in this role who answer for one of these units."""
    active = User.objects.filter(is_active=True, groups__name=role.value, territory_scopes__territory__in=units)
    return list(active.distinct().order_by("pk"))


def officials_or_administrators(units: Collection[int], role: Role) -> list[User]:
    """Return the officials of these units; where there are none, the administrators, so that somebody reads it."""
    administrators = User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR.value).order_by("pk")
    return officials_of(units, role) or list(administrators)


def units_around(place: Territory | None) -> set[int]:
    """Return the unit and those it lies in."""
    return _known(place.pk, place.hromada_id, place.raion_id, place.oblast_id) if place else set()


def units_of_seat(entry: RegisterEntry) -> set[int]:
    """Return the units in which the provider is seated, from its settlement to its oblast."""
    seat = entry.territory or entry.hromada or entry.oblast
    return _known(entry.territory_id, entry.hromada_id, entry.oblast_id, seat.raion_id if seat else None)


def _known(*units: int | None) -> set[int]:
    return {unit for unit in units if unit is not None}
